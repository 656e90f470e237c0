"""Kept answers: new after any write, never another reader's, and not needed."""

import threading

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, transaction
from prometheus_client import REGISTRY

from catalog.models import Video
from tests.factories.catalog import ChannelFactory, VideoFactory
from ytmanager import caching
from ytmanager.caching import WATCHED, kept, tables_in, version_of
from ytmanager.models import DataVersion
from ytmanager.paginator import EstimatingPaginator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.RESPONSE_CACHE_SECONDS = 300
    caching._Pause.until = 0.0
    yield
    caching._Pause.until = 0.0


def looked_up(result, name="count"):
    labels = {"cache": name, "result": result}
    return REGISTRY.get_sample_value("ytm_cache_requests_total", labels) or 0


def count(rows=None):
    rows = Video.objects.all() if rows is None else rows
    return EstimatingPaginator(rows.order_by("pk"), 10).count


def remember(make, *parts):
    return kept("test", tables=["catalog_video"], parts=parts, make=make)


def test_second_count_comes_from_the_cache(django_assert_num_queries):
    VideoFactory()
    count()
    before = looked_up("hit")

    with django_assert_num_queries(1) as queries:
        assert count() == 1

    assert "ytmanager_dataversion" in queries[0]["sql"]
    assert looked_up("hit") == before + 1


@pytest.mark.parametrize(
    "write",
    [
        lambda: VideoFactory(),
        lambda: Video.objects.update(notes="seen"),
        lambda: connection.cursor().execute("UPDATE catalog_video SET notes = 'raw'"),
        lambda: connection.cursor().execute("DELETE FROM catalog_video WHERE false"),
    ],
    ids=["insert", "update", "raw SQL", "delete"],
)
def test_any_write_makes_another_version(write):
    VideoFactory()
    before = version_of(["catalog_video"])
    with connection.cursor() as cursor:  # as another transaction would begin
        cursor.execute("SELECT set_config('ytmanager.marked_catalog_video', '', true)")

    write()

    assert version_of(["catalog_video"]) != before


@pytest.mark.django_db(transaction=True)
def test_write_is_visible_at_once_and_a_rollback_changes_nothing():
    VideoFactory()
    assert count() == 1

    VideoFactory()
    after_write = count()
    before = version_of(["catalog_video"])
    with transaction.atomic():
        VideoFactory()
        inside = count()
        transaction.set_rollback(True)

    assert (after_write, inside, count()) == (2, 3, 2)
    assert version_of(["catalog_video"]) == before


@pytest.mark.django_db(transaction=True)
def test_answer_made_while_somebody_writes_is_not_kept_for_later():
    """The reader sees the old rows; the next one, after the commit, the new."""
    VideoFactory()
    wrote, read, done = threading.Event(), threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                VideoFactory()
                wrote.set()
                read.wait(10)
        finally:
            done.set()
            connection.close()

    threading.Thread(target=write).start()
    wrote.wait(10)
    during = count()
    read.set()
    done.wait(10)

    assert (during, count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_answer_made_between_two_writes_of_a_transaction_is_found_by_nobody():
    with transaction.atomic():
        VideoFactory()
        between = count()
        VideoFactory()
        after = count()

    assert (between, after, count()) == (1, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_answer_made_before_a_write_that_a_savepoint_took_back_stays_inside():
    with transaction.atomic():
        VideoFactory()
        savepoint = transaction.savepoint()
        count()
        transaction.savepoint_rollback(savepoint)
        VideoFactory()

    assert count() == 2


@pytest.mark.django_db(transaction=True)
def test_answer_of_a_transaction_that_read_alone_is_kept_for_all():
    VideoFactory()
    with transaction.atomic():
        remember(lambda: "read")

    assert remember(lambda: "made anew") == "read"


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_do_not_wait_for_each_other():
    VideoFactory()
    wrote, end = threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                VideoFactory()
                wrote.set()
                end.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    wrote.wait(10)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
        VideoFactory()
    end.set()
    thread.join()

    assert count() == 3


@pytest.mark.security
def test_readers_of_different_scope_never_share_a_count():
    mine, theirs = ChannelFactory(), ChannelFactory()
    VideoFactory(channel=mine)
    VideoFactory.create_batch(2, channel=theirs)

    counts = [
        count(Video.objects.filter(channel=channel))
        for channel in (mine, theirs, mine, theirs)
    ]

    assert counts == [1, 2, 1, 2]


@pytest.mark.security
def test_answers_differ_by_each_part():
    VideoFactory()

    answers = [remember(lambda who=who: who, who) for who in ("ada", "bob", "ada")]

    assert answers == ["ada", "bob", "ada"]


def test_everything_works_with_the_cache_down(settings):
    VideoFactory()
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    before = looked_up("error")

    assert [count() for _ in range(3)] == [1, 1, 1]

    # It was asked once, then left alone for a while.
    assert looked_up("error") == before + 1


def test_cache_that_lost_everything_is_filled_again():
    VideoFactory()
    count()

    cache.clear()

    assert count() == 1


def test_switched_off_cache_is_not_asked(settings, django_assert_num_queries):
    settings.RESPONSE_CACHE_SECONDS = 0
    VideoFactory()

    with django_assert_num_queries(1) as queries:
        count()

    assert "COUNT" in queries[0]["sql"]


def test_statement_over_an_unwatched_table_is_not_kept():
    sql = str(User.objects.all().query)

    assert tables_in(sql) is None
    assert tables_in(str(Video.objects.all().query)) == {"catalog_video"}


def test_every_watched_table_has_the_trigger():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname = 'ytmanager_mark_table'"
        )
        assert {name for (name,) in cursor.fetchall()} == WATCHED


def test_one_writer_after_the_other_needs_one_mark():
    for _ in range(3):
        VideoFactory()

    assert DataVersion.objects.filter(name="catalog_video").count() == 1
