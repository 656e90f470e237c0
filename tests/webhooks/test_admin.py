"""Pages of webhooks: secrets shown once, and only administrators."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from webhooks import tasks
from webhooks.models import WebhookDelivery, WebhookEndpoint
from webhooks.services import fan_out
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

pytestmark = pytest.mark.django_db

LIST = "admin:webhooks_webhookendpoint_changelist"
DELIVERIES = "admin:webhooks_webhookdelivery_changelist"


@pytest.fixture
def browser(actor):
    client = Client()
    client.force_login(actor)
    return client


def page_of(endpoint, name="change"):
    return reverse(f"admin:webhooks_webhookendpoint_{name}", args=[endpoint.pk])


def fill(url, **more):
    return {"name": "Royalties", "url": url, "event_types": ["video.changed"], **more}


def happen():
    record(Event("video.changed", {"video_id": "dQw4w9WgXcQ"}), groups=[EVERYONE])
    fan_out.fan_out()
    return WebhookDelivery.objects.get()


def test_secret_of_a_new_endpoint_is_shown_once(browser, receiver, settings):
    settings.WEBHOOK_PRIVATE_TARGETS = True
    address = reverse("admin:webhooks_webhookendpoint_add")

    shown = browser.post(address, fill(receiver.url))

    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in shown.content.decode()
    assert "no-store" in shown.headers["cache-control"]
    for page in (page_of(endpoint), reverse(LIST)):
        assert endpoint.secret not in browser.get(page).content.decode()


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "http://93.184.215.14/"]
)
def test_target_that_may_not_be_called_is_refused_in_the_form(browser, url):
    reply = browser.post(reverse("admin:webhooks_webhookendpoint_add"), fill(url))

    assert "url" in reply.context["adminform"].form.errors
    assert not WebhookEndpoint.objects.exists()


def test_endpoint_needs_an_event(browser, receiver, settings):
    settings.WEBHOOK_PRIVATE_TARGETS = True
    filled = fill(receiver.url, event_types=[])

    reply = browser.post(reverse("admin:webhooks_webhookendpoint_add"), filled)

    assert "event_types" in reply.context["adminform"].form.errors


def test_editing_keeps_the_secret(browser, endpoint):
    filled = fill(endpoint.url, name="Accounts", event_types=["conflict.opened"])

    browser.post(page_of(endpoint), filled)

    after = WebhookEndpoint.objects.get()
    assert (after.name, after.event_types) == ("Accounts", ["conflict.opened"])
    assert after.secret == endpoint.secret


def test_new_secret_is_shown_once(browser, endpoint):
    shown = browser.post(page_of(endpoint, "rotate"))

    after = WebhookEndpoint.objects.get()
    assert after.secret in shown.content.decode()
    assert after.secret != endpoint.secret


def test_test_event_is_sent_from_the_page(browser, endpoint):
    browser.post(page_of(endpoint, "test"))

    assert WebhookDelivery.objects.get().type == "webhook.test"


def test_endpoint_is_switched_off_and_on(browser, endpoint):
    states = []
    for _ in range(2):
        browser.post(page_of(endpoint, "switch"))
        states.append(WebhookEndpoint.objects.get().state)

    assert states == ["disabled", "enabled"]


def test_endpoint_is_removed(browser, endpoint):
    happen()

    browser.post(page_of(endpoint, "remove"))

    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("name", ["rotate", "test", "switch", "remove"])
def test_buttons_answer_to_posts_only(browser, endpoint, name):
    assert browser.get(page_of(endpoint, name)).status_code == 405


def test_delivery_shows_its_attempts_and_body(browser, endpoint, receiver):
    receiver.will_answer(500, body=b"<b>out of order</b>")
    delivery = happen()
    tasks.deliver(endpoint_pk=endpoint.pk)

    page = browser.get(
        reverse("admin:webhooks_webhookdelivery_change", args=[delivery.pk])
    ).content.decode()

    assert "Answered with status 500." in page
    assert "&lt;b&gt;out of order" in page
    assert "dQw4w9WgXcQ" in page


def test_deliveries_are_sent_again_from_the_list(browser, endpoint):
    delivery = happen()
    WebhookDelivery.objects.update(state="failed", attempt_count=9)
    ticked = {"action": "send_again", "_selected_action": [delivery.pk]}

    browser.post(reverse(DELIVERIES), ticked)

    after = WebhookDelivery.objects.get()
    assert (after.state, after.attempt_count) == ("waiting", 0)


def test_sending_again_to_an_endpoint_that_is_off_is_refused_in_words(
    browser, endpoint
):
    delivery = happen()
    WebhookEndpoint.objects.update(state="disabled")
    ticked = {"action": "send_again", "_selected_action": [delivery.pk]}

    reply = browser.post(reverse(DELIVERIES), ticked, follow=True)

    assert "switched off" in reply.content.decode()


def test_lists_cost_the_same_for_many_rows(
    browser, endpoint, django_assert_max_num_queries
):
    for number in range(30):
        WebhookDelivery.objects.create(
            endpoint=endpoint, message_id=f"msg_{number}", type="x", body={}
        )

    with django_assert_max_num_queries(12):
        browser.get(reverse(DELIVERIES))
    with django_assert_max_num_queries(12):
        browser.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        browser.get(page_of(endpoint))


@pytest.mark.parametrize("group", ["Viewer", "Editor", "Publisher"])
def test_only_administrators_see_webhooks(endpoint, group):
    person = User.objects.create_user("bob", is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(person)

    pages = [client.get(reverse(LIST)), client.get(reverse(DELIVERIES))]
    posts = [
        client.post(page_of(endpoint, name))
        for name in ("rotate", "test", "switch", "remove")
    ]

    assert {reply.status_code for reply in [*pages, *posts]} == {403}


def test_administrator_group_may_do_all(endpoint):
    person = User.objects.create_user("eve", is_staff=True)
    person.groups.add(Group.objects.get(name="Administrator"))
    client = Client()
    client.force_login(person)

    assert client.get(page_of(endpoint)).status_code == 200
    assert client.post(page_of(endpoint, "rotate")).status_code == 200
    assert client.post(page_of(endpoint, "remove")).status_code == 302


def test_secrets_follow_a_rotation_of_keys(settings, endpoint):
    fields = [
        WebhookEndpoint._meta.get_field(name) for name in ("secret", "previous_secret")
    ]

    def use(*keys):
        settings.SALT_KEY = list(keys)
        for field in fields:
            field.__dict__.pop("keys", None)
            field.__dict__.pop("f", None)

    try:
        use("old")
        endpoint.save()
        use("new", "old")
        call_command("rotate_token_keys", verbosity=0)
        use("new")
        assert WebhookEndpoint.objects.get().secret == endpoint.secret
    finally:
        for field in fields:
            field.__dict__.pop("keys", None)
            field.__dict__.pop("f", None)
