"""`/api/webhook-endpoints/` and `/api/webhook-deliveries/`."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.api_clients import client_of
from webhooks.client import get_webhook_client
from webhooks.models import WebhookDelivery, WebhookEndpoint
from webhooks.services import deliveries, endpoints, fan_out
from webhooks.signing import sign
from ytmanager.models import IdempotentRequest
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

ENDPOINTS, DELIVERIES = "/api/webhook-endpoints/", "/api/webhook-deliveries/"


@pytest.fixture
def client(actor):
    made = APIClient()
    made.force_login(actor)
    return made


@pytest.fixture
def wanted(receiver, settings):
    settings.WEBHOOK_PRIVATE_TARGETS = True
    return {"name": "ERP", "url": receiver.url, "event_types": ["video.changed"]}


def address_of(endpoint, what=""):
    return f"{ENDPOINTS}{endpoint.pk}/{what}"


def happen(video_id="dQw4w9WgXcQ"):
    record(Event("video.changed", {"video_id": video_id}), groups=[EVERYONE])
    fan_out.fan_out()


def deliver(endpoint):
    deliveries.deliver_due(endpoint=endpoint, client=get_webhook_client())


def test_secret_of_a_new_endpoint_is_answered_once(client, wanted):
    reply = client.post(ENDPOINTS, wanted)

    made, data = WebhookEndpoint.objects.get(), reply.json()["data"]
    assert (reply.status_code, reply["Cache-Control"]) == (201, "no-store")
    assert reply["Location"].endswith(address_of(made))
    assert data["secret"] == made.secret
    assert made.secret not in str(client.get(ENDPOINTS).json())
    assert made.secret not in str(client.get(address_of(made)).json())


def test_answer_with_a_secret_is_kept_nowhere(client, wanted):
    for _ in range(2):
        client.post(ENDPOINTS, wanted, headers={"Idempotency-Key": "once"})

    assert not IdempotentRequest.objects.exists()
    assert WebhookEndpoint.objects.count() == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "http://93.184.215.14/hook",
        "ftp://93.184.215.14/hook",
        "https://93.184.215.14:99999/hook",
        "https:///hook",
        "https://93.184.215.14/a b",
        "https://[93/",
    ],
)
def test_target_that_is_never_called_is_refused(client, wanted, settings, url):
    settings.WEBHOOK_PRIVATE_TARGETS = False

    reply = client.post(ENDPOINTS, {**wanted, "url": url})

    assert reply.status_code == 422
    assert reply.json()["error_type"] == "webhook_target_refused"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", 7), ("name", ""), ("event_types", []), ("event_types", ["none"])],
)
def test_endpoint_of_the_wrong_shape_names_the_field(client, wanted, name, value):
    reply = client.post(ENDPOINTS, {**wanted, name: value})

    assert reply.status_code == 400
    assert list(reply.json()["details"]) == [name]


def test_edit_keeps_the_secret(client, endpoint):
    secret = endpoint.secret

    reply = client.patch(address_of(endpoint), {"name": "Warehouse"})

    endpoint.refresh_from_db()
    assert reply.json()["name"] == endpoint.name == "Warehouse"
    assert endpoint.secret == secret


def test_stale_edit_is_refused(client, endpoint):
    seen = client.get(address_of(endpoint))["ETag"]
    client.patch(address_of(endpoint), {"name": "First"})

    reply = client.patch(
        address_of(endpoint), {"name": "Second"}, headers={"If-Match": seen}
    )

    assert reply.status_code == 412
    assert client.get(address_of(endpoint)).json()["name"] == "First"


def test_new_secret_signs_beside_the_old_one(client, endpoint, receiver):
    old = endpoint.secret

    new = client.post(address_of(endpoint, "rotate/")).json()["data"]["secret"]
    happen()
    deliver(endpoint)

    (headers, body), *_ = receiver.calls
    about = {
        "message_id": headers["webhook-id"],
        "timestamp": int(headers["webhook-timestamp"]),
        "body": body,
    }
    assert headers["webhook-signature"].split() == [
        sign(secret, **about) for secret in (new, old)
    ]


def test_endpoint_is_switched_off_and_on(client, endpoint):
    states = [
        client.post(address_of(endpoint, f"switch-{way}/")).json()["state"]
        for way in ("off", "on")
    ]

    assert states == ["disabled", "enabled"]


def test_test_event_leads_to_its_delivery(client, endpoint, receiver):
    reply = client.post(address_of(endpoint, "test/"))
    deliver(endpoint)

    shown = client.get(reply["Location"]).json()
    assert reply.status_code == 202
    assert (shown["type"], shown["state"]) == ("webhook.test", "delivered")
    assert [call["status"] for call in shown["attempts"]] == [204]
    assert shown["body"] == receiver.bodies[0]


def test_test_event_to_an_endpoint_that_is_off_is_refused(client, endpoint, actor):
    endpoints.switch_off(endpoint=endpoint, actor=actor)

    assert client.post(address_of(endpoint, "test/")).status_code == 422


def test_removed_endpoint_is_gone(client, endpoint):
    reply = client.delete(address_of(endpoint))

    assert reply.status_code == 204
    assert client.get(address_of(endpoint)).status_code == 404


def test_delivery_is_sent_again_with_its_id(client, endpoint, receiver):
    happen()
    deliver(endpoint)
    sent = WebhookDelivery.objects.get().message_id

    reply = client.post(f"{DELIVERIES}{sent}/replay/")
    deliver(endpoint)

    assert reply.json()["data"] == {"count": 1}
    assert [headers["webhook-id"] for headers, _ in receiver.calls] == [sent, sent]


def test_all_that_failed_for_an_endpoint_is_sent_again(client, endpoint):
    for video_id in ("-abc_DEF001", "-abc_DEF002", "-abc_DEF003"):
        happen(video_id)
    failed = [row.pk for row in WebhookDelivery.objects.order_by("pk")[:2]]
    WebhookDelivery.objects.filter(pk__in=failed).update(state="failed")

    reply = client.post(f"{DELIVERIES}replay/", {"failed_for": endpoint.pk})

    assert reply.json()["data"] == {"count": 2}
    assert not WebhookDelivery.objects.filter(state="failed").exists()


def test_named_deliveries_are_sent_again(client, endpoint):
    happen()
    sent = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state="delivered")

    reply = client.post(f"{DELIVERIES}replay/", {"message_ids": [sent.message_id]})

    sent.refresh_from_db()
    assert reply.json()["data"] == {"count": 1}
    assert sent.state == "waiting"


@pytest.mark.parametrize("body", [{}, {"message_ids": ["a"], "failed_for": 1}])
def test_sending_again_names_one_choice(client, body):
    assert client.post(f"{DELIVERIES}replay/", body).status_code == 400


def test_log_is_narrowed_down(client, endpoint):
    happen()
    client.post(address_of(endpoint, "test/"))

    found = {
        query: len(client.get(f"{DELIVERIES}?{query}").json()["results"])
        for query in (
            f"endpoint={endpoint.pk}",
            "type=webhook.test",
            "state=failed",
            "endpoint=1000000",
        )
    }

    assert list(found.values()) == [2, 1, 0, 0]


@pytest.mark.parametrize("address", [ENDPOINTS, DELIVERIES])
def test_lists_cost_the_same_for_many_rows(client, endpoint, actor, address):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            rows = client.get(address).json()["results"]
        return len(rows), len(asked)

    happen("-abc_DEF001")
    few = queries()
    for number in range(3):
        row = WebhookEndpoint(
            name=f"More {number}", url=endpoint.url, event_types=endpoint.event_types
        )
        endpoints.create_endpoint(endpoint=row, actor=actor)
    for number in range(5):
        happen(f"-abc_DEF01{number}")

    many = queries()

    assert many[0] > few[0]
    assert many[1] == few[1] <= 8


def test_who_may_see_webhooks_may_not_change_them(endpoint):
    reader = client_of("webhooks.view_webhookendpoint")

    replies = [
        reader.get(address_of(endpoint)),
        reader.patch(address_of(endpoint), {"name": "Mine"}),
        reader.post(address_of(endpoint, "rotate/")),
    ]

    assert [reply.status_code for reply in replies] == [200, 403, 403]
