"""Connecting, reconnecting and disconnecting accounts, as a browser does it."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import ContentOwner
from tests.factories.catalog import ContentOwnerFactory
from tests.factories.youtube_sync import PushPlanFactory, YouTubeAccountFactory
from youtube_sync import oauth
from youtube_sync.models import YouTubeAccount

pytestmark = pytest.mark.django_db

LIST = "/admin/youtube_sync/youtubeaccount/"
ADD = LIST + "add/"
CALLBACK = LIST + "callback/"
PARTNER = "https://www.googleapis.com/auth/youtubepartner"


def ask(browser, owner, **fields):
    """Submit the form; returns the address of Google's consent page."""
    reply = browser.post(ADD, {"content_owner": owner.pk, "name": "Main", **fields})
    assert reply.status_code == 302
    return reply["Location"]


def answer(address, decision="allow", scopes=(PARTNER,)):
    """Answer the consent page; returns what the browser is sent back with."""
    form = {
        name: values[0] for name, values in parse_qs(urlsplit(address).query).items()
    }
    page = address.split("?")[0]
    data = form | {"decision": decision, "granted": list(scopes)}
    reply = requests.post(page, data=data, allow_redirects=False, timeout=10)
    assert reply.status_code == 302
    return reply.headers["Location"]


def come_back(browser, location):
    """Follow the redirect of the consent page and show the page it ends on."""
    parts = urlsplit(location)
    assert parts.path == CALLBACK
    return browser.get(f"{parts.path}?{parts.query}", follow=True).content.decode()


def connect(browser, owner, **options):
    return come_back(browser, answer(ask(browser, owner), **options))


def test_connection_ends_with_a_connected_account(connecting, owner):
    page = connect(connecting, owner)

    account = YouTubeAccount.objects.get()
    assert "Main is connected." in page
    assert account.state == YouTubeAccount.State.CONNECTED
    assert account.has_content_id
    assert account.granted_scopes == [PARTNER]
    assert account.connected_by is not None


def test_connection_refreshes_channels_once(connecting, owner):
    connect(connecting, owner)

    job = ProcrastinateJob.objects.get(task_name="youtube_sync.tasks.refresh_channels")
    assert job.args == {"account_pk": YouTubeAccount.objects.get().pk}


def test_consent_asks_offline_with_state_and_pkce(connecting, owner):
    address = ask(connecting, owner)

    asked = {
        name: values[0] for name, values in parse_qs(urlsplit(address).query).items()
    }
    assert asked["code_challenge_method"] == "S256"
    assert asked["access_type"] == "offline"
    assert asked["redirect_uri"] == "http://testserver" + CALLBACK
    assert asked["state"]
    assert "code_verifier" not in address


def test_browsers_may_follow_the_form_to_google(connecting, owner):
    policy = connecting.get(ADD)["Content-Security-Policy"]

    assert re.search(r"form-action 'self' https://accounts\.google\.com[ ;]", policy)


def test_unknown_owner_id_is_taken_from_youtube(connecting, owner):
    ContentOwner.objects.update(content_owner_id="")

    connect(connecting, owner)

    owner.refresh_from_db()
    assert owner.content_owner_id == "SandboxOwner"


def test_owner_is_found_by_the_name_that_reports_give_it(sandbox, connecting, owner):
    catalogue = sandbox.sandbox.catalogue
    catalogue.seed(
        {"content_owners": [{"id": "CO1", "name": "Aurora Music"}, {"id": "CO2"}]}
    )
    aurora = ContentOwnerFactory(name="Aurora_Music", content_owner_id="")

    connect(connecting, aurora)

    aurora.refresh_from_db()
    assert aurora.content_owner_id == "CO1"


def test_owner_that_cannot_be_told_apart_is_asked_for(sandbox, connecting, owner):
    sandbox.add_content_owner("Another")
    unknown = ContentOwnerFactory(name="Unknown", content_owner_id="")

    page = connect(connecting, unknown)

    assert "does not tell which one is Unknown" in page
    assert not YouTubeAccount.objects.exists()


def test_account_of_another_owner_is_refused(connecting, owner):
    other = ContentOwnerFactory(name="Others", content_owner_id="SomebodyElse")

    page = connect(connecting, other)

    assert "not Others" in page
    assert not YouTubeAccount.objects.exists()


def test_refused_consent_connects_nothing(connecting, owner):
    page = connect(connecting, owner, decision="deny")

    assert "Access was not granted" in page
    assert not YouTubeAccount.objects.exists()


def test_missing_scope_connects_nothing_and_gives_back_the_grant(
    sandbox, connecting, owner, monkeypatch
):
    readonly = "https://www.googleapis.com/auth/youtube.readonly"
    config = replace(oauth.get_oauth_config(), scopes=(PARTNER, readonly))
    monkeypatch.setattr(oauth, "get_oauth_config", lambda: config)

    page = connect(connecting, owner, scopes=(readonly,))

    assert not YouTubeAccount.objects.exists()
    assert "leave every box ticked" in page
    assert not sandbox.sandbox.store.all("grant")


def test_answer_with_a_foreign_state_is_refused(connecting, owner):
    location = answer(ask(connecting, owner))

    page = come_back(connecting, re.sub(r"state=[^&]+", "state=foreign", location))

    assert "does not belong to your request" in page
    assert not YouTubeAccount.objects.exists()


def test_answer_serves_only_once(connecting, owner):
    location = answer(ask(connecting, owner))
    come_back(connecting, location)

    page = come_back(connecting, location)

    assert "has not asked for a connection" in page


def test_answer_in_another_browser_is_refused(browser, connecting, owner):
    location = answer(ask(connecting, owner))

    page = come_back(browser("youtube_sync.add_youtubeaccount"), location)

    assert "has not asked for a connection" in page
    assert not YouTubeAccount.objects.exists()


def test_without_content_id_the_account_is_connected_all_the_same(
    sandbox, connecting, owner
):
    sandbox.change_settings(content_id_enabled=False)

    connect(connecting, owner)

    assert YouTubeAccount.objects.get().has_content_id is False


def test_connecting_again_revives_the_account_and_its_plans(
    connecting, owner, publisher, django_capture_on_commit_callbacks
):
    account = YouTubeAccountFactory(
        content_owner=owner, name="Main", state="needs_reconnect"
    )
    plan = PushPlanFactory(account=account, state="confirmed", confirmed_by=publisher)

    connect(connecting, owner)

    account.refresh_from_db()
    assert account.state == YouTubeAccount.State.CONNECTED
    assert jobs_of(plan) == 1


def jobs_of(plan):
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(args__plan_pk=plan.pk).count()


def test_disconnecting_revokes_and_forgets_the_tokens(sandbox, connecting, account):
    token = account.refresh_token

    connecting.post(f"{LIST}{account.pk}/disconnect/")

    account.refresh_from_db()
    assert account.state == YouTubeAccount.State.DISCONNECTED
    assert account.refresh_token is None
    assert account.access_token is None
    form = {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
    form |= {"grant_type": "refresh_token", "refresh_token": token}
    reply = requests.post(f"{sandbox.url}/token", data=form, timeout=10)
    assert reply.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("address", [LIST, LIST + "{pk}/change/"])
def test_pages_show_the_account_without_its_tokens(viewer, address):
    account = YouTubeAccountFactory()

    page = viewer.get(address.format(pk=account.pk)).content.decode()

    assert account.name in page
    assert "planted" not in page


def test_list_of_accounts_reads_no_token(viewer, django_assert_max_num_queries):
    YouTubeAccountFactory.create_batch(3)

    with django_assert_max_num_queries(15) as queries:
        viewer.get(LIST)

    assert not any('"refresh_token"' in query["sql"] for query in queries)


@pytest.mark.parametrize("who", ["viewer", "publishing"])
def test_only_those_who_may_connect_see_the_form(request, who):
    browser = request.getfixturevalue(who)

    assert browser.get(ADD).status_code == 403
    assert browser.get(CALLBACK).status_code == 403


def test_only_those_who_may_change_disconnect(viewer, account):
    reply = viewer.post(f"{LIST}{account.pk}/disconnect/")

    assert reply.status_code == 403
    account.refresh_from_db()
    assert account.is_connected


def test_disconnecting_takes_a_post(connecting, account):
    assert connecting.get(f"{LIST}{account.pk}/disconnect/").status_code == 405
