"""An edit survives every report file, whatever its age."""

import pytest

from catalog.models import Change, Conflict, Video
from catalog.services.videos import update_video
from tests.factories.catalog import UserFactory
from tests.reports.conftest import asset_file, asset_row, video_file, video_row

ASSETS = "asset_full_report_Aurora_L_v1-2.csv"
EDITED_ON = 10  # day of June on which the office last saw the report


@pytest.fixture
def edited(run):
    """A video whose title an editor changed after the report of the 10th."""
    run(video_file(video_row(video_title="Old")), day=EDITED_ON)
    video = Video.objects.get()
    update_video(video=video, values={"title": "Ours"}, actor=UserFactory())
    return video


@pytest.mark.parametrize(
    ("day", "title", "pending", "conflicts"),
    [
        (EDITED_ON - 1, "Before", ["title"], 0),
        (EDITED_ON + 1, "Old", ["title"], 0),
        (EDITED_ON + 1, "Ours", [], 0),
        (EDITED_ON + 1, "Third", ["title"], 1),
    ],
    ids=["generated before the edit", "old title", "new title", "third title"],
)
def test_edited_title_survives_a_report(run, edited, day, title, pending, conflicts):
    report = run(video_file(video_row(video_title=title, views="200")), day=day)

    edited.refresh_from_db()
    assert edited.title == "Ours"
    assert edited.pending_fields == pending
    assert Conflict.objects.open().count() == report.conflicts == conflicts


def test_reports_in_a_row_end_in_a_conflict_and_keep_the_edit(run, edited):
    for day, title in ((9, "Before"), (11, "Old"), (12, "Third"), (13, "Fourth")):
        run(video_file(video_row(video_title=title)), day=day)

    edited.refresh_from_db()
    conflict = Conflict.objects.get()
    assert edited.title == "Ours"
    assert (conflict.base, conflict.ours, conflict.theirs) == ("Old", "Ours", "Fourth")


def test_damaged_upc_is_never_written_over_a_good_one(run):
    run(video_file(), day=1)
    run(asset_file(asset_row(upc="190000000002")), ASSETS)

    report = run(asset_file(asset_row(upc="1.9E+11")), ASSETS, day=2)

    assert Video.objects.get().upc == "190000000002"
    error = report.row_errors.get()
    assert (error.column, error.value, error.line) == ("upc", "1.9E+11", 2)
    assert not Change.objects.filter(field="upc").exists()
