"""Faults in the middle of an import: the state before it, or the one after it.

Each statement of an import is a point at which its process may be killed, its
connection may be lost, or the disk of the database may be full.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from django.db import Error, OperationalError, connection
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.errors import DiskFull

from catalog.models import Video
from catalog.services.videos import update_video
from reports import tasks
from reports.models import Report
from reports.services import cells
from reports.services.requests import request_import
from tests.factories.catalog import UserFactory
from tests.recovery.digest import account_of
from tests.recovery.imports import NAME, import_all, receive, rows, state, undone
from tests.reports.conftest import video_file, video_row
from ytmanager.local.paths import PROJECT

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [video_row(n) for n in range(1, 40)]
AFTER = [video_row(n, video_title=f"New {n}", views=str(100 + n)) for n in range(1, 60)]
COMPLETE = {Report.State.COMPLETED, Report.State.COMPLETED_WITH_ERRORS}
POINTS = 20  # of which the default tier takes some


@pytest.fixture
def catalogue(db, report_store):
    """Yesterday's report is in, and somebody edited a title since."""
    import_all(receive(video_file(*BEFORE), day=1))
    video = Video.objects.get(video_id="video000030")
    update_video(video=video, values={"title": "Ours"}, actor=UserFactory())


class Nth:
    """An execute wrapper that does something before one of the statements."""

    def __init__(self, last, fault):
        self.last, self.fault, self.count = last, fault, 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if self.count == self.last:
            self.fault()
        return execute(sql, params, many, context)


@pytest.fixture
def undisturbed(catalogue):
    """What the import leaves when nothing happens, and how many statements it has."""
    counter = Nth(0, None)
    with undone():
        report = receive(video_file(*AFTER))
        with connection.execute_wrapper(counter):
            import_all(report)
        assert report.state == Report.State.COMPLETED
        return state(), account_of(rows, report.pk), counter.count


def points(statement_count, amount):
    """Numbers of statements, spread over the whole import."""
    return [1 + statement_count * step // amount for step in range(amount)]


def killed(report, statement):
    """Import in a process of its own; returns how it ended."""
    database = connection.settings_dict
    address = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:"
        f"{database['PORT']}/{database['NAME']}"
    )
    folder = report_folder()
    process = subprocess.run(
        [sys.executable, "-m", "tests.recovery.killed_import"]
        + [str(report.pk), str(statement)],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": address, "REPORT_FOLDER": folder},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return process.returncode


def report_folder():
    from django.conf import settings

    return settings.STORAGES["reports"]["OPTIONS"]["location"]


def test_import_that_is_killed_anywhere_ends_as_if_nothing_had_happened(
    undisturbed, budget
):
    end_state, account, statement_count = undisturbed
    start = state()

    for statement in points(statement_count, budget(2, POINTS)):
        with undone():
            report = receive(video_file(*AFTER))

            assert killed(report, statement) == -signal.SIGKILL
            assert state() in (start, end_state)
            import_all(report)

            assert state() == end_state
            assert account_of(rows, report.pk) == account


def test_import_goes_on_after_a_lost_connection(undisturbed, budget):
    end_state, account, statement_count = undisturbed
    start = state()

    for statement in points(statement_count, budget(2, POINTS)):
        with undone():
            report = receive(video_file(*AFTER))
            fault = Nth(statement, end_backend)
            with pytest.raises(Error), connection.execute_wrapper(fault):
                import_all(report)
            connection.close()

            assert state() in (start, end_state)
            report.refresh_from_db()
            assert report.state != Report.State.FAILED
            import_again(report)

            assert state() == end_state
            assert account_of(rows, report.pk) == account


def import_again(report):
    """As the job of a lost report does, or as a person does after a message."""
    report.refresh_from_db()
    if report.state == Report.State.FAILED:
        assert "Nothing was changed" in report.error_message
        request_import(report=report, actor=None)
    if report.state not in COMPLETE:
        import_all(report)


def test_import_that_lost_its_database_is_tried_again_by_itself(catalogue):
    report = receive(video_file(*AFTER))

    with pytest.raises(Error), connection.execute_wrapper(Nth(30, lost)):
        tasks.run_import(report_pk=report.pk)
    report.refresh_from_db()
    seen = (report.state, report.error_type, report.attempts)
    job = ProcrastinateJob.objects.get(pk=report.job_id)
    tasks.run_import(report_pk=report.pk)

    assert seen == (Report.State.WAITING, "database_lost", 1)
    assert job.scheduled_at == report.retry_at
    report.refresh_from_db()
    assert report.state in COMPLETE


def lost():
    raise OperationalError("server closed the connection unexpectedly")


def end_backend():
    """As an administrator of the database would, from another connection."""
    pid = connection.connection.info.backend_pid

    def end():
        try:
            rows("SELECT pg_terminate_backend(%s, 5000)", pid)
        finally:
            connection.close()

    thread = threading.Thread(target=end)
    thread.start()
    thread.join(20)


@pytest.mark.parametrize("table", ["catalog_observation", "catalog_video"])
def test_full_disk_fails_the_import_with_a_message(undisturbed, table):
    end_state, account, _ = undisturbed
    start = state()

    with undone():
        report = receive(video_file(*AFTER))
        with disk_full(table), pytest.raises(Error) as failure:
            import_all(report)
        report.refresh_from_db()
        failed = (report.state, report.error_type, state())
        import_again(report)

        assert isinstance(failure.value.__cause__, DiskFull)
        assert failed == (Report.State.FAILED, "database_full", start)
        assert (state(), account_of(rows, report.pk)) == (end_state, account)


@contextmanager
def disk_full(table):
    """The error that PostgreSQL raises when a write finds no room."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RAISE 'could not extend file: No space left on device' "
            "USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER disk_full BEFORE INSERT ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION disk_full()"
        )
        try:
            yield
        finally:
            cursor.execute("DROP FUNCTION disk_full CASCADE")


def test_limit_on_temporary_files_fails_the_import_with_a_message(
    catalogue, monkeypatch
):
    monkeypatch.setattr(cells, "WORK_MEMORY", "64kB")
    start = state()
    lines = [video_row(n, video_title=f"New {n} {'x' * 200}") for n in range(4000)]
    report = receive(video_file(*lines))

    with little_room(), pytest.raises(Error):
        import_all(report)

    report.refresh_from_db()
    assert (report.state, report.error_type) == (Report.State.FAILED, "database_full")
    assert state() == start


@contextmanager
def little_room():
    """Sorting and hashing may use no disk, and little memory."""
    settings = {"temp_file_limit": "0", "work_mem": "64kB", "hash_mem_multiplier": "1"}
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute(f"SET {name} = '{value}'")
        try:
            yield
        finally:
            cursor.execute("RESET ALL")


# Several imports at once


def test_same_file_twice_at_once_is_imported_once(undisturbed):
    end_state, _, _ = undisturbed

    with undone():
        reports = [receive(video_file(*AFTER)) for _ in range(2)]
        at_once(reports)

        assert ends(reports) == ["completed", "duplicate"]
        assert state() == end_state


def test_files_of_one_owner_at_once_end_as_one_after_the_other(catalogue):
    first = video_file(*(video_row(n, video_title="First") for n in range(1, 60)))
    files = [(first, 2), (video_file(*AFTER), 3)]
    with undone():
        for content, day in files:
            import_all(receive(content, day))
        expected = content_of_catalogue()

    with undone():
        reports = [receive(content, day) for content, day in files]
        at_once(reports)

        assert ends(reports) == ["completed", "completed"]
        assert content_of_catalogue() == expected


def test_owners_do_not_hold_each_other_up(catalogue):
    reports = [
        receive(video_file(video_row(900 + n)), name=NAME.replace("Aurora", owner))
        for n, owner in enumerate(("Borealis", "Corona", "Dawn"))
    ]

    at_once(reports)

    assert ends(reports) == ["completed"] * 3
    found = Video.objects.filter(video_id__gte="video000900")
    owners = found.values_list("channel__content_owner__name", flat=True)
    assert len(owners) == 3


def content_of_catalogue():
    """Which of two files came first decides the history, not the values."""
    videos = rows(
        "SELECT video_id, title, pending_fields FROM catalog_video ORDER BY 1"
    )
    return videos, state()["snapshot"]


def at_once(reports):
    """Start all imports together; whoever has to wait comes again."""
    barrier = threading.Barrier(len(reports))

    def run(report):
        try:
            barrier.wait(20)
            import_all(report)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[report]) for report in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for report in sorted(reports, key=lambda report: report.pk):
        report.refresh_from_db()
        if report.state == Report.State.WAITING:
            import_all(report)


def ends(reports):
    for report in reports:
        report.refresh_from_db()
    return sorted(report.state for report in reports)
