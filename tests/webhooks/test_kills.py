"""A worker that is killed while it delivers: at least once, each call logged once."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from tests.conftest import is_deep
from tests.webhooks.test_deliveries import deliver, happen
from webhooks.models import WebhookDelivery
from webhooks.services.deliveries import NOT_NOTED
from ytmanager.local.paths import PROJECT

pytestmark = pytest.mark.django_db(transaction=True)

# The statement after the answer at which the worker dies: two write the outcome.
UNNOTED, NOTED = (1, 2), (3, 4)
POINTS = (*UNNOTED, *NOTED) if is_deep() else (UNNOTED[0], NOTED[0])


def deliver_and_die(endpoint, statement):
    facts = connection.settings_dict
    place = f"{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    address = f"postgres://{facts['USER']}:{facts['PASSWORD']}@{place}"
    process = subprocess.run(
        [sys.executable, "-m", "tests.webhooks.killed_delivery"]
        + [str(endpoint.pk), str(statement)],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": address, "WEBHOOK_PRIVATE_TARGETS": "true"},
        capture_output=True,
        timeout=60,
    )
    return process.returncode


@pytest.mark.parametrize("statement", POINTS)
def test_killed_delivery_arrives_and_each_call_is_logged_once(
    statement, endpoint, receiver
):
    happen()

    died_of = deliver_and_die(endpoint, statement)
    calls_before, after = len(receiver.calls), deliver(endpoint)

    delivery = WebhookDelivery.objects.get()
    calls = 2 if statement in UNNOTED else 1
    assert (died_of, calls_before) == (-signal.SIGKILL, 1)
    assert (len(receiver.calls), after) == (calls, calls - 1)
    assert {headers["webhook-id"] for headers, _ in receiver.calls} == {
        delivery.message_id
    }
    assert (delivery.state, delivery.attempt_count) == ("delivered", calls)
    logged = list(delivery.attempts.order_by("pk").values_list("status", "error"))
    assert logged == [(None, NOT_NOTED)] * (calls - 1) + [(204, "")]
