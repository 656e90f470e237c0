"""What a look into a source keeps, against a real S3 server with thousands of files."""

import tracemalloc
from datetime import timedelta

import pytest
from botocore.config import Config
from django.utils import timezone
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Video
from reports import tasks
from reports.models import Report, ReportSource
from reports.services import sources
from reports.services.endings import WAITS
from reports.services.imports import run_import
from reports.services.requests import request_import
from reports.services.sources import LOOK_WAITS, find_files, look_into
from tests.factories.reports import ReportFactory, ReportSourceFactory
from tests.reports.conftest import video_file, video_row
from tests.s3_server import Fault
from ytmanager import s3
from ytmanager.exceptions import (
    AccessDeniedError,
    BucketMissingError,
    StoreUnreachableError,
)
from ytmanager.storage import StoredFile

pytestmark = pytest.mark.django_db
State = Report.State
NAME = "in/video_report_Aurora_V_v1-4_2026080{}.csv"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """One try of the library's own: it would take its time over each fault."""
    monkeypatch.setattr(s3, "REOPEN_PAUSE", 0)
    monkeypatch.setattr(s3, "CONFIG", Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def client(bucket):
    return s3.client_of(bucket)


@pytest.fixture
def source(bucket):
    return ReportSourceFactory(prefix="in/", schedule="0 5 * * *")


def put(client, key, body=b"x"):
    client.put_object(Bucket="office", Key=f"cms/{key}", Body=body)


def break_store(faulty, code="InternalError", status=500, **options):
    faulty.faults.append(Fault(code, status, times=10_000, **options))


def queued():
    jobs = ProcrastinateJob.objects.order_by("-priority", "pk")
    return [Report.objects.get(pk=job.args["report_pk"]).name for job in jobs]


def test_bucket_of_thousands_of_files_is_listed_page_by_page(source, client, faulty):
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["global"]
    for number in range(2_300):
        backend.put_object("office", f"cms/in/{number:05d}.csv", b"x")
    faulty.requests.clear()

    assert look_into(source) == 2_300

    lists = [path for _, path, _ in faulty.requests if "list-type" in path]
    assert len(lists) == 3
    assert look_into(source) == 0


def test_memory_of_a_look_does_not_grow_with_the_files(monkeypatch, source):
    def peak_of(count):
        moment = timezone.now()
        monkeypatch.setattr(
            sources,
            "list_files",
            lambda store, prefix: (
                StoredFile(f"in/{n}.csv", 10, f"{n:032x}", moment) for n in range(count)
            ),
        )
        tracemalloc.start()
        look_into(source)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    monkeypatch.setattr(sources, "get_report_store", lambda bucket: None)
    monkeypatch.setattr(sources, "BATCH", 100)
    small = peak_of(300)

    assert peak_of(1_500) < small * 1.5


def test_another_bucket_is_read_from_its_root(source, client):
    client.create_bucket(Bucket="archive")
    for key in ("in/a.csv", "uploads/b.csv"):
        client.put_object(Bucket="archive", Key=key, Body=b"x")
    archive = ReportSourceFactory(bucket="archive", prefix="")

    found_count = look_into(archive)

    keys = set(archive.reports.values_list("key", flat=True))
    assert (found_count, keys) == (2, {"in/a.csv", "uploads/b.csv"})


def test_look_keeps_when_it_was_and_what_it_found(source, client):
    put(client, "in/a.csv")

    look_into(source)

    source.refresh_from_db()
    assert (source.found_count, source.look_error) == (1, "")
    assert timezone.now() - source.looked_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("code", "status", "error", "error_type"),
    [
        ("NoSuchBucket", 404, BucketMissingError, "s3_bucket_missing"),
        ("AccessDenied", 403, AccessDeniedError, "s3_access_denied"),
    ],
)
def test_error_that_stays_is_kept_and_not_tried_again(
    source, faulty, code, status, error, error_type
):
    break_store(faulty, code, status)

    with pytest.raises(error) as raised:
        look_into(source)

    source.refresh_from_db()
    assert source.look_error == raised.value.message
    assert (source.look_error_type, source.look_again_at) == (error_type, None)


def test_store_that_is_away_is_looked_at_again_with_growing_pauses(source, faulty):
    break_store(faulty)

    pauses = []
    for _ in range(len(LOOK_WAITS) + 1):
        with pytest.raises(StoreUnreachableError):
            look_into(source)
        source.refresh_from_db()
        pauses.append(source.look_again_at)

    assert None not in pauses[:-1]
    assert pauses[-1] is None
    assert pauses[1] - pauses[0] > LOOK_WAITS[0]


def test_good_look_forgets_the_error(source, faulty):
    break_store(faulty)
    with pytest.raises(StoreUnreachableError):
        look_into(source)
    faulty.faults.clear()

    look_into(source)

    source.refresh_from_db()
    assert (source.look_error, source.look_attempts) == ("", 0)
    assert source.look_again_at is None


def test_broken_source_does_not_hide_the_files_of_the_others(source, client):
    put(client, "in/a.csv")
    ReportSourceFactory(bucket="elsewhere", name="A broken one")

    with pytest.raises(BucketMissingError):
        find_files()

    assert Report.objects.count() == 1


def test_automatic_source_queues_the_oldest_data_first(source, client):
    ReportSource.objects.update(imports_automatically=True)
    for day in (3, 1, 2):
        put(client, NAME.format(day))
    look_into(source)

    assert tasks.start_automatic_imports() == 3

    days = [name[-5] for name in queued()]
    assert days == ["1", "2", "3"]
    assert tasks.start_automatic_imports() == 0


def test_file_without_a_date_counts_from_when_it_came(source):
    ReportSource.objects.update(imports_automatically=True)
    august = {"source": source, "last_modified": "2026-08-20T00:00:00Z"}
    ReportFactory(name="later.csv", **august)
    ReportFactory(name="named.csv", named_on="2026-08-01", **august)
    ReportFactory(name="told.csv", as_of="2026-07-01T00:00:00Z", **august)

    tasks.start_automatic_imports()

    assert queued() == ["told.csv", "named.csv", "later.csv"]


def test_sources_that_are_not_automatic_wait_for_a_person(source, client):
    put(client, "in/a.csv")
    look_into(source)

    assert tasks.start_automatic_imports() == 0


def test_hand_started_file_goes_before_scheduled_ones(source, admin_user):
    ReportSource.objects.update(imports_automatically=True)
    ReportFactory(source=source, name="scheduled.csv")
    tasks.start_automatic_imports()
    by_hand = ReportFactory(name="by hand.csv")

    tasks.start_imports([by_hand.pk], admin_user)

    assert queued() == ["by hand.csv", "scheduled.csv"]


# IMPORTS FROM THE BUCKET


@pytest.fixture
def stored(source, client):
    """A report of the bucket that waits for its import."""
    rows = [video_row(n, video_title="x" * 900) for n in range(3_000)]
    put(client, NAME.format(1), video_file(*rows))
    look_into(source)
    return request_import(report=Report.objects.get(), actor=None)


def is_data(method, path):
    return method == "GET" and "list-type" not in path


def test_import_survives_dropped_connections(stored, faulty):
    faulty.faults += [Fault(cut_after=cut, matches=is_data) for cut in (700_000, 9)]

    run_import(report=stored)

    assert stored.state == State.COMPLETED
    assert Video.objects.count() == stored.videos_new == 3_000


def test_file_that_was_deleted_meanwhile_fails_for_good(stored, client):
    client.delete_object(Bucket="office", Key=f"cms/{stored.key}")

    run_import(report=stored)

    assert (stored.state, stored.retry_at) == (State.FAILED, None)
    assert "was deleted from the store" in stored.error_message
    assert stored.error_type == "s3_object_gone"


def test_store_that_is_away_lets_the_import_wait_and_try_again(stored, faulty):
    break_store(faulty)

    for attempt in range(len(WAITS)):
        tasks.run_import(report_pk=stored.pk)
        stored.refresh_from_db()
        assert (stored.state, stored.attempts) == (State.WAITING, attempt + 1)
        job = ProcrastinateJob.objects.get(pk=stored.job_id)
        assert job.scheduled_at == stored.retry_at
    tasks.run_import(report_pk=stored.pk)

    stored.refresh_from_db()
    assert (stored.state, stored.error_type) == (State.FAILED, "s3_unreachable")


def test_import_that_was_tried_again_ends_as_any_other(stored, faulty):
    break_store(faulty, "SlowDown", 503)
    run_import(report=stored)
    assert (stored.state, stored.error_type) == (State.WAITING, "s3_busy")
    faulty.faults.clear()

    run_import(report=stored)

    assert (stored.state, stored.error_message) == (State.COMPLETED, "")
    assert stored.retry_at is None


def test_denied_read_fails_at_once(stored, faulty):
    break_store(faulty, "AccessDenied", 403)

    run_import(report=stored)

    assert (stored.state, stored.error_type) == (State.FAILED, "s3_access_denied")
    assert "s3:GetObject" in stored.error_message


def test_file_replaced_before_the_import_is_read_as_it_is_now(stored, client):
    put(client, stored.key, video_file(video_row(1), video_row(2)))

    run_import(report=stored)

    assert (stored.state, stored.rows_read) == (State.COMPLETED, 2)
    assert any("was replaced" in warning for warning in stored.warnings)


def test_replaced_file_that_was_found_again_is_imported_once(stored, client, source):
    put(client, stored.key, video_file(video_row(1)))
    look_into(source)

    run_import(report=stored)

    assert (stored.state, stored.error_type) == (State.FAILED, "s3_object_replaced")
    newer = Report.objects.exclude(pk=stored.pk).get()
    assert f"Report {newer.pk} is about the newer content" in stored.error_message


def test_file_replaced_while_it_is_read_is_read_once_more(stored, client):
    def replace(report):
        if report.rows_read and report.state == State.READING:
            put(client, stored.key, video_file(video_row(1)))

    run_import(report=stored, on_progress=replace)
    assert (stored.state, stored.error_type) == (State.WAITING, "s3_object_changed")

    run_import(report=stored)
    assert (stored.state, stored.videos_new) == (State.COMPLETED, 1)
