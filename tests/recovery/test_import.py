"""An import whose worker is killed twice ends as if nothing had happened."""

import time
from dataclasses import dataclass
from datetime import date

import pytest
from django.core.files import File
from django.core.management import call_command
from django.db import connection

from reports.services.dating import start_of_day
from reports.services.imports import run_import
from reports.services.requests import request_import
from reports.services.sources import receive_upload
from tests.recovery.digest import account_of, digest_of
from tests.recovery.machine import PATIENCE, wait_until

OWNER = "Aurora_Music"
DAY = date(2026, 7, 1)
VIDEOS = 18_000  # a few more than 20,000 rows
READING = ("reading", "UPDATE OF rows_read ON reports_report", "NEW.rows_read > 0")
MERGING = ("merging", "INSERT ON catalog_video")


@dataclass
class Kill:
    """One kill of the worker and how the import went on."""

    state: str
    started_at: object
    killed_at: float
    seconds_until_orphan_ended: float = 0
    seconds_until_taken_up: float = 0


@dataclass
class Story:
    """An import that was killed twice, and what it left."""

    address: str
    kills: list
    account: list
    digest: dict


# Of the session: tests with a database run apart from those without one, and the
# story must not be told twice.
@pytest.fixture(scope="session")
def report_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    options = {"videos": VIDEOS, "seed": 3, "owner": OWNER, "no_sandbox": True}
    call_command("make_sample_reports", out=folder, **options)
    return next(folder.glob("video_report*.csv"))


@pytest.fixture(scope="session")
def story(machine, person, report_file):
    """Import the file; kill the worker once while it reads, once while it merges."""
    with machine.breakpoint(*MERGING) as merging:
        with machine.breakpoint(*READING) as reading:
            address = person.import_report(report_file, DAY)
            first = kill_worker(machine, address, reading)
        see_taken_up(machine, address, first)
        second = kill_worker(machine, address, merging)
    see_taken_up(machine, address, second)
    wait_until(lambda: person.get(address).json()["finished_at"], timeout=60)
    machine.database.execute("ANALYZE")
    return Story(
        address,
        [first, second],
        account_of(machine.rows, pk_in(address)),
        digest_of(machine.rows, OWNER),
    )


def kill_worker(machine, address, held_back):
    """Kill the worker where it is held back; its statement is left behind."""
    wait_until(held_back)
    [orphan] = held_back()
    kill = Kill(*run_of(machine, address), killed_at=time.monotonic())
    machine.kill_worker("imports")
    kill.seconds_until_orphan_ended = wait_until(lambda: orphan not in held_back())
    return kill


def see_taken_up(machine, address, kill):
    wait_until(lambda: run_of(machine, address)[1] != kill.started_at)
    kill.seconds_until_taken_up = time.monotonic() - kill.killed_at


def run_of(machine, address):
    sql = "SELECT state, started_at FROM reports_report WHERE id = %s"
    return machine.rows(sql, pk_in(address))[0]


def pk_in(address):
    return int(address.rstrip("/").split("/")[-1])


@pytest.fixture
def undisturbed(db, report_store, report_file):
    """The same import in an empty catalogue, by nobody disturbed."""
    with report_file.open("rb") as content:
        file = File(content, name=report_file.name)
        report = receive_upload(file=file, actor=None, as_of=start_of_day(DAY))
    request_import(report=report, actor=None)
    run_import(report=report, on_progress=lambda report: None)
    # To the planner a catalogue filled in this very transaction is still empty:
    # without this a join of the digest took minutes.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return account_of(rows_here, report.pk), digest_of(rows_here, OWNER)


def rows_here(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_worker_is_killed_while_it_reads_and_while_it_merges(story):
    assert [kill.state for kill in story.kills] == ["reading", "merging"]


def test_import_is_taken_up_in_time(story):
    assert max(kill.seconds_until_taken_up for kill in story.kills) < PATIENCE


def test_statement_of_a_killed_worker_ends_with_it(story):
    assert max(kill.seconds_until_orphan_ended for kill in story.kills) < 10


def test_killed_import_ends_as_an_undisturbed_one(story, undisturbed):
    account, digest = undisturbed

    assert digest["videos"][0][0] > 0.99 * VIDEOS
    assert story.digest == digest
    assert story.account == account


def test_killed_import_leaves_no_staging_table(machine, story):
    sql = "SELECT relname FROM pg_class WHERE relnamespace = 'staging'::regnamespace"

    assert machine.rows(sql) == []


def test_page_shows_the_account(person, story):
    report = person.get(story.address).json()

    page = person.text(f"/admin/reports/report/{report['pk']}/change/")

    assert "What this import did" in page
    assert f"Rows read {report['rows_read']:,}" in page
    assert f"new {report['videos_new']:,}" in page


def test_same_file_again_is_a_duplicate(person, story, report_file):
    again = person.import_report(report_file, DAY)

    wait_until(lambda: person.get(again).json()["finished_at"])

    report = person.get(again).json()
    assert report["state"] == "duplicate"
    assert report["duplicate_of"] == pk_in(story.address)
