"""What goes to Sentry holds no secret and no outage."""

import json

import psycopg_pool
import pytest
import sentry_sdk
from django.db import OperationalError
from sentry_sdk.transport import Transport

from ytmanager import error_reports

pytestmark = [pytest.mark.unit, pytest.mark.security]

SENT = []


class Kept(Transport):
    """Keeps what would travel."""

    def capture_envelope(self, envelope):
        SENT.append(envelope.serialize().decode())


@pytest.fixture
def sentry():
    SENT.clear()
    error_reports.send_errors(
        dsn="http://key@127.0.0.1:9/1", environment="test", transport=Kept
    )
    yield
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def test_error_arrives_without_local_values(sentry):
    password = "known to this function only"
    try:
        raise RuntimeError(f"broken by {len(password)}")
    except RuntimeError:
        sentry_sdk.capture_exception()

    assert "RuntimeError" in SENT[0]
    assert '"vars"' not in SENT[0]


def test_secrets_in_addresses_and_headers_are_left_out():
    event = {
        "message": "GET https://store.test/a?X-Amz-Signature=s3cret&page=2",
        "breadcrumbs": {"values": [{"data": {"url": "/callback?code=s3cret"}}]},
        "request": {
            "query_string": "state=s3cret&tab=2",
            "cookies": {"sessionid": "s3cret"},
            "data": {"password": "s3cret"},
            "headers": {"Authorization": "Token s3cret", "Host": "office.test"},
        },
    }

    text = json.dumps(error_reports.clean(event, {}))

    assert "s3cret" not in text
    assert "page=2" in text
    assert "tab=2" in text
    assert "office.test" in text


def test_outage_is_not_an_error_of_the_program():
    try:
        try:
            raise psycopg_pool.PoolTimeout
        except psycopg_pool.PoolTimeout as cause:
            raise OperationalError from cause
    except OperationalError as error:
        found = error_reports.clean({}, {"exc_info": (None, error, None)})

    assert found is None


def test_nothing_starts_without_an_address():
    error_reports.send_errors(dsn="", environment="test")

    assert not sentry_sdk.get_client().is_active()
