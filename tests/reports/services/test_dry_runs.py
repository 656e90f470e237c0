"""A dry run counts and shows what an import would do, and writes nothing."""

import pytest
from django.db import connection

from catalog.doors import Door, opened
from catalog.models import Change, Conflict, ContentOwner, Observation, Video
from reports.models import Report
from reports.services.imports import run_import
from reports.services.requests import answer_question, request_import
from tests.reports.conftest import asset_file, video_file, video_row
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db
State = Report.State


@pytest.fixture
def try_out(upload):
    """Upload bytes and run them dry; returns the report as it ended."""

    def try_out(data, *args, **options):
        report = upload(data, *args, **options)
        request_import(report=report, actor=None, is_dry_run=True)
        run_import(report=report)
        report.refresh_from_db()
        return report

    return try_out


def catalogue():
    """Every row of the catalogue as text, so that any write shows."""
    tables = [
        table
        for table in connection.introspection.table_names()
        if table.startswith("catalog_")
    ]
    with connection.cursor() as cursor:
        rows = {}
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            rows[table] = cursor.fetchall()
    return rows


def test_dry_run_writes_nothing(try_out):
    before = catalogue()

    report = try_out(video_file(video_row(1), video_row(2)))

    assert (report.state, report.error_message) == (State.CHECKED, "")
    assert catalogue() == before
    assert not ContentOwner.objects.exists()
    assert not Observation.objects.exists()
    assert not LiveEvent.objects.exclude(type="report.progress").exists()


def test_dry_run_keeps_the_account_of_an_import(try_out):
    data = video_file(video_row(1), video_row(1, claim_id="x"), video_row(2, views="?"))

    tried = try_out(data)

    account = {name: getattr(tried, name) for name in Report.ACCOUNT}
    request_import(report=tried, actor=None)
    run_import(report=tried)
    assert tried.state == State.COMPLETED_WITH_ERRORS
    assert {name: getattr(tried, name) for name in Report.ACCOUNT} == account
    assert (tried.videos_new, tried.rows_collapsed, tried.values_rejected) == (2, 1, 1)
    assert tried.dry_run is None


def test_sample_shows_new_and_changed_videos_and_conflicts(run, try_out):
    run(video_file(*(video_row(n, asset_id="", claim_id="") for n in (1, 2))))
    with opened(Door.CHANGE_SET):
        Video.objects.filter(video_id="video000002").update(title="Ours")

    report = try_out(
        video_file(
            *(
                video_row(n, video_title=f"Theirs {n}", asset_id="", claim_id="")
                for n in (1, 2, 3)
            )
        ),
        day=2,
    )

    assert [video["video_id"] for video in report.dry_run["new_videos"]] == [
        "video000003"
    ]
    conflicting, followed = report.dry_run["videos"]
    assert conflicting["fields"] == [
        {
            "field": "title",
            "outcome": "conflict",
            "observed": ["Song 2", "Theirs 2"],
            "wanted": ["Ours", "Ours"],
        }
    ]
    assert followed["fields"][0]["wanted"] == ["Song 1", "Theirs 1"]
    assert (report.conflicts, report.videos_changed, report.videos_new) == (1, 2, 1)
    assert not Conflict.objects.exists()
    assert set(Change.objects.values_list("field", flat=True)) == {"created"}


def test_sample_shows_what_youtube_alone_tells(run, try_out):
    run(video_file(*(video_row(n, effective_policy="monetize") for n in (1, 2))))
    rows = (
        video_row(1, effective_policy="block"),
        video_row(2, effective_policy="monetize"),
    )

    report = try_out(video_file(*rows), day=2)

    [video] = report.dry_run["videos"]
    assert video["video_id"] == "video000001"
    assert {
        "field": "effective_policy",
        "outcome": "observed",
        "observed": ["monetize", "block"],
        "wanted": [None, None],
    } in video["fields"]
    assert report.videos_changed == 1


def test_asset_report_can_be_tried(run, try_out):
    run(video_file())

    report = try_out(asset_file(), "asset_full_report_Aurora_L_v1-2.csv", day=2)

    assert report.state == State.CHECKED
    fields = {field["field"] for field in report.dry_run["videos"][0]["fields"]}
    assert {"artist", "label"} <= fields
    assert Video.objects.get().label == ""


def test_question_of_a_dry_run_goes_on_as_a_dry_run(try_out):
    report = try_out(video_file(), day=None)
    assert report.state == State.NEEDS_ANSWER

    answer_question(report=report, answer="2026-06-01", actor=None)
    run_import(report=report)

    assert report.state == State.CHECKED
    assert not Video.objects.exists()


def test_dry_run_that_asks_leaves_no_observation_behind(run, try_out):
    run(video_file(*(video_row(n, views="100") for n in range(30))), day=1)
    fallen = video_file(*(video_row(n, views="90") for n in range(30)))

    report = try_out(fallen, day=2)

    assert report.question["topic"] == "falling_counts"
    assert Observation.objects.count() == 1


def test_bad_file_fails_in_a_dry_run_too(try_out):
    report = try_out(b"a,b\n1,2\n")

    assert report.state == State.REFUSED


def test_duplicate_is_told_by_a_dry_run(run, try_out):
    run(video_file())

    assert try_out(video_file(), "again.csv").state == State.DUPLICATE
