"""What strangers write into titles, files, addresses and forms does no harm."""

import csv
import io
import re
import socket

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from catalog.models import Video
from tests.factories.catalog import UserFactory, VideoFactory
from tests.factories.reports import ReportSourceFactory
from tests.security.test_api_roles import operations
from tests.security.test_scope_of_pages import (
    LEFT,
    body_of,
    lists_of_the_admin,
    pages_of,
)
from tests.security.worlds import make_world
from ytmanager.models import ApiToken

pytestmark = [pytest.mark.security, pytest.mark.django_db]

MARKUP = "'\"><img src=x onerror=alert(1)>"
RAW, HARMLESS = "<img src=x", "&lt;img src=x"
FORMULA = "=HYPERLINK(1)"
INJECTION = "1' OR '1'='1' -- "
STRANGER = "https://evil.example/"


@pytest.fixture
def chief():
    return UserFactory(is_superuser=True)


@pytest.fixture
def browser(chief):
    browser = Client()
    browser.force_login(chief)
    return browser


def addresses(world):
    """Every page of the admin that can be read, of this world's rows."""
    every = [*lists_of_the_admin(), *pages_of(world)]
    return [address for address in every if not LEFT.search(address)]


def test_markup_in_titles_and_report_cells_stays_text(browser):
    world = make_world(MARKUP)

    replies = {address: browser.get(address) for address in addresses(world)}
    bodies = {
        address: body_of(reply)
        for address, reply in replies.items()
        if reply.headers.get("Content-Type", "").startswith("text/html")
    }

    assert [address for address, body in bodies.items() if RAW in body] == []
    assert sum(HARMLESS in body for body in bodies.values()) > 30


def test_formulas_in_downloads_are_text(browser):
    world, sheets = make_world(FORMULA), {}
    for address in addresses(world):
        reply = browser.get(address)
        if reply.headers.get("Content-Type", "").startswith("text/csv"):
            sheets[address] = list(csv.reader(io.StringIO(body_of(reply))))

    cells = [cell for rows in sheets.values() for row in rows for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    assert f"'{FORMULA} value" in cells
    assert sheets


def test_no_page_of_the_admin_takes_a_form_without_its_token(chief):
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(chief)

    taken = {
        address: status
        for address in addresses(make_world("Ours"))
        if (status := forger.post(address).status_code) != 403
    }

    assert taken == {}


def test_no_operation_of_the_api_takes_a_cookie_without_the_token(chief):
    forger = APIClient(enforce_csrf_checks=True)
    forger.force_login(chief)

    taken = {}
    for name, method, path in operations():
        if method != "get":
            address = re.sub(r"{[^}]+}", "1", path)
            reply = getattr(forger, method)(address, {}, format="json")
            if reply.status_code != 403:
                taken[name] = reply.status_code

    assert taken == {}


LISTS = ("videos", "channels", "assets", "claims", "conflicts", "change-sets")
PARAMETERS = {
    "videos": ("search", "label", "artist", "channel", "privacy_status", "ordering"),
    "channels": ("search", "ordering", "content_owner"),
    "assets": ("search", "ordering", "asset_type"),
    "claims": ("search", "ordering", "video_id"),
    "conflicts": ("search", "ordering", "field"),
    "change-sets": ("search", "ordering", "kind"),
}


@pytest.mark.parametrize("resource", LISTS)
def test_sql_in_a_filter_or_an_order_finds_nothing(chief, resource):
    make_world("Ours")
    client = APIClient()
    client.force_authenticate(chief)

    for name in PARAMETERS[resource]:
        reply = client.get(f"/api/{resource}/", {name: INJECTION})

        assert reply.status_code in {200, 400, 404}, (name, reply.content)
        if reply.status_code == 200:
            assert reply.json()["results"] == [], name


@pytest.mark.parametrize("name", ["q", "o", "p", "label", "channel", "unpushed"])
def test_sql_in_the_address_of_a_list_finds_nothing(browser, name):
    make_world("Ours")

    reply = browser.get("/admin/catalog/video/", {name: INJECTION})

    assert reply.status_code in {200, 302, 404}
    assert b"syntax error" not in reply.content
    if name == "q":
        assert b"Ours Video" not in reply.content


PROTECTED = {
    "video_id": "aaaaaaaaaaa",
    "row_version": 99,
    "pending_fields": [],
    "search_text": "x",
    "created_at": "2020-01-01T00:00:00Z",
}


@pytest.mark.parametrize("name", list(PROTECTED))
def test_api_edits_only_what_people_may_edit(chief, name):
    video, client = VideoFactory(), APIClient()
    client.force_authenticate(chief)
    before = Video.objects.values().get(pk=video.pk)

    body = {name: PROTECTED[name]}
    client.patch(f"/api/videos/{video.video_id}/", body, format="json")

    assert Video.objects.values().get(pk=video.pk) == before


def test_form_edits_only_what_it_shows(browser):
    video, other = VideoFactory(title="Ours"), VideoFactory()
    before = Video.objects.values("video_id", "channel_id", "search_text")
    known = before.get(pk=video.pk)
    address = reverse("admin:catalog_video_change", args=[video.pk])

    browser.post(
        address,
        {
            "title": "Ours",
            "video_id": "aaaaaaaaaaa",
            "channel": other.channel_id,
            "search_text": "x",
        },
    )

    assert before.get(pk=video.pk) == known


def test_token_is_made_for_nobody_else(chief):
    other, client = UserFactory(), APIClient()
    client.force_authenticate(chief)

    client.post("/api/tokens/", {"name": "x", "user": other.pk}, format="json")

    assert not ApiToken.objects.filter(user=other).exists()


@pytest.mark.parametrize(
    "query",
    [
        f"state=x&code=y&next={STRANGER}",
        f"error=access_denied&state=x&redirect_uri={STRANGER}",
        f"state={STRANGER}&code=y",
    ],
)
def test_return_from_google_leads_nowhere_else(browser, query):
    address = reverse("admin:youtube_sync_youtubeaccount_callback")

    reply = browser.get(f"{address}?{query}")

    assert reply.status_code == 302
    assert reply["Location"].startswith("/admin/youtube_sync/youtubeaccount/")


def test_signing_in_leads_nowhere_else(client, chief):
    chief.set_password("correct horse battery")
    chief.save()
    form = {"username": chief.username, "password": "correct horse battery"}

    reply = client.post(f"/admin/login/?next={STRANGER}", form | {"next": STRANGER})

    assert reply.status_code == 302
    assert reply["Location"].startswith("/")
    assert "evil" not in reply["Location"]


@pytest.mark.parametrize(
    "name", ["http://169.254.169.254/latest", "169.254.169.254/x", "../../etc", "a@b"]
)
def test_bucket_of_a_source_leads_to_no_other_server(chief, monkeypatch, bucket, name):
    source, client, asked = ReportSourceFactory(bucket=name), APIClient(), []
    client.force_authenticate(chief)
    look_up = socket.getaddrinfo

    def noting(host, *rest, **options):
        asked.append(host)
        return look_up("127.0.0.1", *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", noting)

    reply = client.post(f"/api/report-sources/{source.pk}/check/")

    assert reply.status_code in {200, 422, 502}
    assert set(asked) <= {"127.0.0.1"}
