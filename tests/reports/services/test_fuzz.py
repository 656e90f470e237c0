"""Damaged files: a message for a person, an account that adds up, or no change."""

import contextlib

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.models import Report
from reports.services.account import MAX_LISTED
from tests.conftest import is_deep
from tests.reports.conftest import asset_file, asset_row, video_file, video_row
from tests.reports.mutations import damaged

pytestmark = pytest.mark.django_db

State = Report.State
COMPLETE = {State.COMPLETED, State.COMPLETED_WITH_ERRORS}
EXPLAINED = {State.FAILED, State.REFUSED, State.NEEDS_ANSWER, State.DUPLICATE}
VIDEOS = video_file(
    video_row(1, video_title='"Quoted, ""twice"""'),
    video_row(2, video_title="Grüße 東京"),
    video_row(3, views="1.5"),
    video_row(3, video_title="The same again"),
    video_row(4, video_title='"Two\nlines"'),
    video_row(5, time_uploaded="soon"),
)
ASSETS = asset_file(*(asset_row(number) for number in range(1, 6)))
FILES = (
    (VIDEOS, "video_report_Aurora_V_v1-3.csv"),
    (ASSETS, "asset_full_report_Aurora_L_v1-2.csv"),
)
NAMES = ["", ".gz", ".zip", ".txt"]
QUIET = settings(
    max_examples=3000 if is_deep() else 20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def catalogue():
    """Every row of the catalogue; owners aside, whom a file may name first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'catalog\\_%' "
            "AND tablename <> 'catalog_contentowner' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(f"SELECT t::text FROM {name} t ORDER BY 1")
            found[name] = cursor.fetchall()
    return found


def staged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'staging'")
        return cursor.fetchall()


def see_account(report):
    """The sums of section 5 of the architecture."""
    rows = report.rows_imported + report.rows_collapsed + report.rows_rejected
    assert report.rows_read == rows
    videos = (
        report.videos_new
        + report.videos_changed
        + report.videos_counters_only
        + report.videos_unchanged
        + report.videos_older
    )
    if report.kind == "video_report":
        assert videos == report.rows_imported
    listed = report.row_errors.count()
    left_out = report.rows_rejected + report.values_rejected
    assert listed == left_out or left_out > MAX_LISTED
    has_errors = bool(left_out)
    assert (report.state == State.COMPLETED_WITH_ERRORS) is has_errors


@contextlib.contextmanager
def undone():
    """Each example begins with the same catalogue."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def known(run):
    """A catalogue in which the files have something to change."""
    run(video_file(video_row(1), video_row(2), video_row(9)), day=1)
    return catalogue()


@QUIET
@given(data=st.data())
def test_damaged_file_is_explained_or_adds_up(run, known, data):
    content, name = data.draw(st.sampled_from(FILES))
    content = data.draw(damaged([content]))
    name += data.draw(st.sampled_from(NAMES))

    with undone():
        report = run(content, name, day=2)

        see_how_it_ended(report, known)


def see_how_it_ended(report, known):
    assert report.state in COMPLETE | EXPLAINED
    assert not staged()
    if report.state in COMPLETE:
        see_account(report)
        return
    assert catalogue() == known
    assert len(report.error_message) > 20
    assert "error in this system" not in report.error_message
    for technical in ("Traceback", "Error:", "psycopg", "SELECT "):
        assert technical not in report.error_message
