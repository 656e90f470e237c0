"""Attempts, retries, giving up and sending again, against a real server."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from webhooks import tasks
from webhooks.backoff import MAX_ATTEMPTS, WAITS
from webhooks.client import get_webhook_client
from webhooks.exceptions import EndpointStateError
from webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from webhooks.services import deliveries, endpoints
from webhooks.services.deliveries import KEPT_FOR, deliver_due, purge, replay
from webhooks.services.fan_out import fan_out
from ytmanager.models import LiveEvent
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

pytestmark = pytest.mark.django_db

State = WebhookDelivery.State


def happen(count=1):
    for number in range(count):
        payload = {"video_id": f"video{number:06}"}
        record(Event("video.changed", payload), groups=[EVERYONE])
    fan_out()


def deliver(endpoint):
    client = get_webhook_client()
    try:
        return deliver_due(endpoint=endpoint, client=client)
    finally:
        client.close()


def is_signed_by(secret, call):
    headers, body = call
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{digest}" in headers["webhook-signature"].split(" ")


def test_delivery_arrives_signed(endpoint, receiver):
    happen()

    assert deliver(endpoint) == 1

    delivery = WebhookDelivery.objects.get()
    headers, _ = receiver.calls[0]
    assert delivery.state == State.DELIVERED
    assert receiver.bodies == [delivery.body]
    assert headers["webhook-id"] == delivery.message_id
    assert headers["content-type"] == "application/json"
    assert is_signed_by(endpoint.secret, receiver.calls[0])


def test_deliveries_arrive_in_the_order_of_events(endpoint, receiver):
    happen(5)

    deliver(endpoint)

    sent = [body["data"]["video_id"] for body in receiver.bodies]
    assert sent == sorted(sent)
    assert len(sent) == 5


def test_failed_attempt_is_logged_and_tried_again_later(endpoint, receiver):
    receiver.will_answer(503, body=b"come back")
    happen()
    before = timezone.now()

    deliver(endpoint)

    delivery = WebhookDelivery.objects.get()
    attempt = delivery.attempts.get()
    wait = (delivery.next_attempt_at - before).total_seconds()
    assert delivery.state == State.WAITING
    assert (attempt.status, attempt.excerpt) == (503, "come back")
    assert attempt.error == delivery.last_error == "Answered with status 503."
    assert 0.89 * WAITS[0].total_seconds() < wait < 1.2 * WAITS[0].total_seconds()


def test_retry_carries_the_same_id_and_body_signed_anew(endpoint, receiver):
    receiver.will_answer(500)
    happen()
    deliver(endpoint)

    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        deliver(endpoint)

    (first, first_body), (second, second_body) = receiver.calls
    assert first["webhook-id"] == second["webhook-id"]
    assert first_body == second_body
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert is_signed_by(endpoint.secret, receiver.calls[1])


def test_endpoint_that_asks_for_time_gets_it(endpoint, receiver):
    receiver.will_answer(429, {"retry-after": "7200"})
    happen()

    deliver(endpoint)

    wait = WebhookDelivery.objects.get().next_attempt_at - timezone.now()
    assert wait > timedelta(minutes=119)


def test_nothing_is_sent_before_its_time(endpoint, receiver):
    receiver.will_answer(500)
    happen()

    deliver(endpoint)
    deliver(endpoint)

    assert len(receiver.calls) == 1


def test_failure_ends_the_slice_so_that_a_dead_endpoint_costs_little(
    endpoint, receiver
):
    receiver.will_answer(500)
    happen(3)

    deliver(endpoint)

    assert len(receiver.calls) == 1


def test_delivery_fails_for_good_after_the_last_attempt(endpoint, receiver):
    happen()

    moment = timezone.now()
    for _ in range(MAX_ATTEMPTS):
        receiver.will_answer(500)
        moment += timedelta(days=1, hours=3)
        WebhookEndpoint.objects.update(failing_since=None)
        with time_machine.travel(moment):
            deliver(endpoint)

    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempt_count) == (State.FAILED, MAX_ATTEMPTS)
    assert delivery.attempts.count() == MAX_ATTEMPTS


def test_endpoint_that_fails_for_days_is_switched_off_and_people_hear_of_it(
    endpoint, receiver
):
    happen(2)
    for days in (0, 6):
        receiver.will_answer(500)
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            deliver(endpoint)

    endpoint.refresh_from_db()
    notice = LiveEvent.objects.get(type="notification").payload
    assert endpoint.state == WebhookEndpoint.State.GIVEN_UP
    assert notice["title"] == "The webhook Royalties was switched off"


def test_success_forgets_earlier_failures(endpoint, receiver):
    happen(2)
    receiver.will_answer(500)
    deliver(endpoint)

    deliver(endpoint)

    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_endpoint_that_is_gone_is_switched_off_at_once(endpoint, receiver):
    receiver.will_answer(410)
    happen()

    deliver(endpoint)

    endpoint.refresh_from_db()
    assert endpoint.state == WebhookEndpoint.State.GIVEN_UP


def test_endpoint_that_is_off_is_not_called(endpoint, receiver, actor):
    happen()
    endpoints.switch_off(endpoint=endpoint, actor=actor)

    deliver(endpoint)

    assert receiver.calls == []


def test_setting_that_became_stricter_stops_calls_inside(endpoint, receiver, settings):
    happen()
    settings.WEBHOOK_PRIVATE_TARGETS = False

    deliver(endpoint)

    assert receiver.calls == []
    assert "https://" in WebhookDelivery.objects.get().last_error


def test_both_secrets_sign_for_a_day_after_a_rotation(endpoint, receiver, actor):
    old = endpoint.secret
    new = endpoints.rotate_secret(endpoint=endpoint, actor=actor)
    happen(1)
    deliver(endpoint)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        happen(1)
        deliver(endpoint)

    during, after = receiver.calls
    assert is_signed_by(old, during)
    assert is_signed_by(new, during)
    assert is_signed_by(new, after)
    assert not is_signed_by(old, after)


def test_secret_is_encrypted_at_rest_and_never_shown_by_the_row(endpoint, actor):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT webhooks_webhookendpoint::text FROM webhooks_webhookendpoint"
        )
        (stored,) = cursor.fetchone()

    assert endpoint.secret not in stored
    assert endpoint.secret not in f"{endpoint} {endpoint!r}"


def test_replay_sends_again_under_the_same_id(endpoint, receiver, actor):
    happen()
    deliver(endpoint)

    count = replay(deliveries=WebhookDelivery.objects.all(), actor=actor)
    deliver(endpoint)

    ids = {headers["webhook-id"] for headers, _ in receiver.calls}
    assert (count, len(receiver.calls), len(ids)) == (1, 2, 1)


def test_replay_to_an_endpoint_that_is_off_is_refused(endpoint, actor):
    happen()
    endpoints.switch_off(endpoint=endpoint, actor=actor)

    with pytest.raises(EndpointStateError):
        replay(deliveries=WebhookDelivery.objects.all(), actor=actor)


def test_test_event_arrives(endpoint, receiver, actor):
    endpoints.send_test(endpoint=endpoint, actor=actor)

    deliver(endpoint)

    assert receiver.bodies[0]["type"] == "webhook.test"


def test_test_event_to_an_endpoint_that_is_off_is_refused(endpoint, actor):
    endpoints.switch_off(endpoint=endpoint, actor=actor)

    with pytest.raises(EndpointStateError):
        endpoints.send_test(endpoint=endpoint, actor=actor)


def test_removed_endpoint_leaves_nothing(endpoint, receiver, actor):
    happen(2)
    deliver(endpoint)

    endpoints.remove_endpoint(endpoint=endpoint, actor=actor)

    for model in (WebhookEndpoint, WebhookDelivery, WebhookAttempt):
        assert not model.objects.exists()


def test_old_deliveries_are_purged_and_waiting_ones_kept(
    endpoint, receiver, monkeypatch
):
    monkeypatch.setattr(deliveries, "REMOVED_AT_ONCE", 2)
    happen(3)
    deliver(endpoint)
    happen(1)
    old = timezone.now() - KEPT_FOR - timedelta(hours=1)
    WebhookDelivery.objects.update(created_at=old)

    assert purge() == 3

    assert WebhookDelivery.objects.get().state == State.WAITING


def test_job_turns_events_into_one_job_for_each_endpoint(endpoint):
    from procrastinate.contrib.django.models import ProcrastinateJob

    happen(3)

    tasks.send_webhooks(timestamp=0)
    tasks.send_webhooks(timestamp=0)

    jobs = ProcrastinateJob.objects.filter(task_name=tasks.deliver.name)
    assert [(j.args, j.queue_name) for j in jobs] == [
        ({"endpoint_pk": endpoint.pk}, "deliveries")
    ]


def test_job_delivers(endpoint, receiver):
    happen(2)

    tasks.deliver(endpoint_pk=endpoint.pk)
    tasks.deliver(endpoint_pk=0)

    assert len(receiver.calls) == 2
