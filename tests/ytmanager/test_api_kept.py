"""Kept answers of the API: as fresh as made ones, and nobody else's."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from prometheus_client import REGISTRY
from rest_framework.test import APIClient

from catalog.models import Scope, Video, VideoStatistics
from catalog.querysets import VideoQuerySet
from tests.api_clients import client_of
from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    ClaimFactory,
    VideoFactory,
)
from ytmanager import caching
from ytmanager.caching import kept_by_code, kept_rows, tables_in

pytestmark = pytest.mark.django_db

VIDEOS, SCHEMA = "/api/videos/", "/api/schema/"
KINDS = ("video", "channel", "asset", "claim")
RIGHTS = [f"catalog.view_{kind}" for kind in KINDS]
LISTS = {f"/api/{kind}s/" for kind in KINDS}


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.RESPONSE_CACHE_SECONDS = 300
    caching._Pause.until = 0.0
    cache.clear()
    yield
    caching._Pause.until = 0.0


@pytest.fixture
def viewer(db):
    return client_of(*RIGHTS)


def looked_up(name, result="hit"):
    labels = {"cache": name, "result": result}
    return REGISTRY.get_sample_value("ytm_cache_requests_total", labels) or 0


def titles(client, address=VIDEOS):
    return [row["title"] for row in client.get(address).json()["results"]]


def another_transaction():
    """Tests are one transaction: let triggers mark as another would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(name, '', true) FROM unnest(%s::text[]) AS name",
            [[f"ytmanager.marked_{table}" for table in caching.WATCHED]],
        )


@pytest.mark.parametrize("address", sorted(LISTS))
def test_list_is_read_once_and_answered_alike(
    address, viewer, django_assert_num_queries
):
    ClaimFactory(asset=AssetFactory())
    VideoFactory()
    before, made = looked_up("api_list"), viewer.get(address)

    # Session, user, its permissions twice, version.
    with django_assert_num_queries(5):
        kept = viewer.get(address)

    assert looked_up("api_list") == before + 1
    assert kept.content == made.content
    for name in ("Content-Type", "ETag", "Cache-Control"):
        assert kept.headers[name] == made.headers[name]
    assert kept.headers["Content-Type"] == "application/json"


def test_kept_list_is_the_one_that_would_be_made(viewer, settings):
    VideoFactory.create_batch(3)
    viewer.get(VIDEOS)
    kept = viewer.get(VIDEOS)

    settings.RESPONSE_CACHE_SECONDS = 0

    assert viewer.get(VIDEOS).content == kept.content


def test_who_knows_a_kept_list_gets_a_304(viewer):
    VideoFactory()
    tag = viewer.get(VIDEOS).headers["ETag"]

    reply = viewer.get(VIDEOS, headers={"if-none-match": tag})

    assert (reply.status_code, reply.content) == (304, b"")


@pytest.mark.parametrize(
    "write",
    [
        lambda video: VideoFactory(),
        lambda video: Video.objects.filter(pk=video.pk).update(is_hidden=True),
        lambda video: video.channel.__class__.objects.update(name="New name"),
        lambda video: VideoStatistics.objects.update(view_count=77),
    ],
    ids=["new video", "hidden video", "channel", "counters"],
)
def test_write_is_visible_at_once(viewer, write):
    video = VideoFactory()
    before = viewer.get(VIDEOS).content
    another_transaction()

    write(video)

    assert viewer.get(VIDEOS).content != before


def test_parameters_tell_lists_apart(viewer):
    for title in ("A", "B", "C"):
        VideoFactory(title=title)

    lists = [
        titles(viewer, f"{VIDEOS}?sort_by=title&order=asc&per_page=1&page={page}")
        for page in (1, 2, 1, 2)
    ]

    assert lists == [["A"], ["B"], ["A"], ["B"]]


@pytest.mark.parametrize(
    "query", ["page=6&per_page=1", "cursor=", "format=api", "search=song"]
)
def test_what_is_not_hot_is_not_kept(viewer, query):
    VideoFactory.create_batch(7)
    before = looked_up("api_list", "miss")

    assert viewer.get(f"{VIDEOS}?{query}").status_code == 200

    assert looked_up("api_list", "miss") == before


@pytest.mark.parametrize("query", ["page=2", "page=1&colour=red", "duration=wide"])
def test_refusals_are_not_kept(viewer, query):
    codes = [viewer.get(f"{VIDEOS}?{query}").status_code for _ in range(2)]

    assert codes in ([404, 404], [400, 400])


@pytest.mark.security
def test_people_of_different_scope_never_share_a_list(monkeypatch):
    """Whatever `visible_to` asks for is part of the key."""
    mine, theirs = ChannelFactory(), ChannelFactory()
    VideoFactory(channel=mine, title="Mine")
    VideoFactory(channel=theirs, title="Theirs")
    scope = {"ada": mine, "bob": theirs}
    monkeypatch.setattr(
        VideoQuerySet,
        "visible_to",
        lambda rows, user: rows.filter(channel=scope[user.username]),
    )
    people = [client_of(*RIGHTS, username=name) for name in scope]

    lists = [titles(person) for person in people * 2]

    assert lists == [["Mine"], ["Theirs"], ["Mine"], ["Theirs"]]


@pytest.mark.security
def test_people_with_scopes_share_no_list_and_a_new_scope_counts_at_once():
    mine, theirs = ChannelFactory(), ChannelFactory()
    VideoFactory(channel=mine, title="Mine")
    VideoFactory(channel=theirs, title="Theirs")
    ada, bob, everybody = (
        client_of(*RIGHTS, username=n) for n in ("ada", "bob", "eve")
    )
    Scope.objects.create(user=User.objects.get(username="ada"), channel=mine)
    Scope.objects.create(user=User.objects.get(username="bob"), channel=theirs)
    before = looked_up("api_list")
    lists = [set(titles(person)) for person in (everybody, ada, bob) * 2]
    hits = looked_up("api_list") - before
    another_transaction()

    Scope.objects.create(user=User.objects.get(username="ada"), channel=theirs)

    assert lists == [{"Mine", "Theirs"}, {"Mine"}, {"Theirs"}] * 2
    assert set(titles(ada)) == {"Mine", "Theirs"}
    assert set(titles(bob)) == {"Theirs"}
    assert hits == 3


@pytest.mark.security
def test_kept_list_is_for_those_who_may_see_it(viewer):
    VideoFactory()
    viewer.get(VIDEOS)

    codes = [client.get(VIDEOS).status_code for client in (client_of(), APIClient())]

    assert codes == [403, 401]


@pytest.mark.security
def test_rows_of_an_unmarked_table_are_not_kept():
    """As those that name who may see what."""
    rows = Video.objects.extra(where=["id IN (SELECT id FROM auth_user)"])
    made = []

    for number in range(2):
        kept_rows("test", rows, make=lambda number=number: made.append(number))

    assert made == [0, 1]
    assert tables_in(str(rows.query)) is None


def test_rows_that_further_statements_read_are_not_kept():
    rows = Video.objects.prefetch_related("conflicts")

    answers = [kept_rows("test", rows, make=lambda n=n: n) for n in range(2)]

    assert answers == [0, 1]


@pytest.mark.parametrize("address", [VIDEOS, SCHEMA])
def test_everything_works_with_the_cache_down(settings, viewer, address):
    VideoFactory()
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }

    assert [viewer.get(address).status_code for _ in range(2)] == [200, 200]


# THE SCHEMA


@pytest.mark.parametrize(
    "accept", ["application/vnd.oai.openapi", "application/vnd.oai.openapi+json"]
)
def test_schema_is_made_once_for_each_form(viewer, settings, accept):
    headers = {"accept": accept}
    before, made = looked_up("schema"), viewer.get(SCHEMA, headers=headers)

    kept = viewer.get(SCHEMA, headers=headers)
    settings.RESPONSE_CACHE_SECONDS = 0
    plain = viewer.get(SCHEMA, headers=headers)

    assert looked_up("schema") == before + 1
    assert made.content == kept.content == plain.content
    for name in ("Content-Type", "Content-Disposition"):
        assert kept.headers[name] == plain.headers[name]


def test_new_version_of_the_code_finds_nothing_of_the_old(monkeypatch):
    answers = []
    for mark in ("old", "new", "old"):
        monkeypatch.setattr(caching, "code_mark", lambda mark=mark: mark)
        answers.append(kept_by_code("test", parts=(), make=lambda mark=mark: mark))

    assert answers == ["old", "new", "old"]


def test_schema_is_for_those_who_signed_in(viewer):
    viewer.get(SCHEMA)

    assert APIClient().get(SCHEMA).status_code == 401
