"""Events of the log become deliveries: all of them, each once, none too early."""

import pytest
from django.db import transaction
from django.utils import timezone

from tests.ytmanager.realtime.conftest import open_transaction  # noqa: F401
from webhooks.models import WebhookDelivery, WebhookEndpoint
from webhooks.services import endpoints
from webhooks.services.fan_out import fan_out
from ytmanager.realtime.events import EVERYONE, Event, user_group, video_group
from ytmanager.realtime.log import record


def changed(video_id="dQw4w9WgXcQ"):
    return Event("video.changed", {"video_id": video_id})


def types_sent():
    return list(WebhookDelivery.objects.order_by("pk").values_list("type", flat=True))


@pytest.mark.django_db
def test_event_becomes_a_delivery_with_what_it_says(endpoint):
    event = record(changed(), groups=[EVERYONE])

    assert fan_out() == 1

    delivery = WebhookDelivery.objects.get()
    assert delivery.endpoint == endpoint
    assert delivery.message_id.startswith("msg_")
    assert delivery.body == {
        "type": "video.changed",
        "sequence": event.sequence,
        "timestamp": event.created_at.isoformat(timespec="microseconds"),
        "data": {"video_id": "dQw4w9WgXcQ"},
    }


@pytest.mark.django_db
def test_event_that_nobody_chose_is_left_out(endpoint):
    record(Event("bulk.progress", {"change_set": 1, "state": "x"}), groups=[EVERYONE])

    assert fan_out() == 0


@pytest.mark.django_db
def test_event_for_one_person_stays_inside(endpoint, actor):
    record(changed(), groups=[user_group(actor.pk)])
    record(changed(), groups=[user_group(actor.pk), video_group("dQw4w9WgXcQ")])

    assert fan_out() == 1


@pytest.mark.django_db
def test_event_is_delivered_once_however_often_the_log_is_read(endpoint):
    record(changed(), groups=[EVERYONE])

    made = [fan_out() for _ in range(3)]

    assert made == [1, 0, 0]


@pytest.mark.django_db
def test_each_endpoint_gets_its_own_delivery(endpoint, actor):
    other = WebhookEndpoint(
        name="Label", url=endpoint.url, event_types=["video.changed", "notification"]
    )
    endpoints.create_endpoint(endpoint=other, actor=actor)
    record(changed(), groups=[EVERYONE])
    record(Event("notification", {"level": "info", "title": "x"}), groups=[EVERYONE])

    assert fan_out() == 3

    assert types_sent() == ["video.changed", "video.changed", "notification"]


@pytest.mark.django_db
def test_what_happened_while_it_was_off_is_not_sent(endpoint, actor):
    endpoints.switch_off(endpoint=endpoint, actor=actor)
    record(changed(), groups=[EVERYONE])
    fan_out()
    endpoints.switch_on(endpoint=endpoint, actor=actor)

    assert fan_out() == 0


@pytest.mark.django_db
def test_events_from_before_the_endpoint_are_not_sent(endpoint):
    record(changed(), groups=[EVERYONE])
    WebhookEndpoint.objects.update(enabled_at=timezone.now())

    assert fan_out() == 0


@pytest.mark.django_db(transaction=True)
def test_rolled_back_event_is_never_sent(endpoint):
    with transaction.atomic():
        record(changed(), groups=[EVERYONE])
        transaction.set_rollback(True)

    assert fan_out() == 0


@pytest.mark.django_db(transaction=True)
def test_late_commit_is_found_and_holds_nobody_up(
    endpoint,
    open_transaction,  # noqa: F811 - a fixture
):
    with open_transaction(lambda: record(changed("late0000000"), groups=[EVERYONE])):
        record(changed("early000000"), groups=[EVERYONE])
        while_open = fan_out()
    after = fan_out()

    sent = [d.body["data"]["video_id"] for d in WebhookDelivery.objects.order_by("pk")]
    assert (while_open, after) == (1, 1)
    assert sent == ["early000000", "late0000000"]
