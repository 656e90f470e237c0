"""Whose report a file is: told, asked, new, or by its rows somebody else's."""

import pytest
from django.db import connection

from catalog.models import Asset, ContentOwner, Video
from reports.models import Report
from reports.services import turns
from reports.services.imports import run_import
from reports.services.requests import answer_question, request_import
from tests.reports.conftest import (
    VIDEO_COLUMNS,
    asset_file,
    asset_row,
    video_file,
    video_row,
)
from tests.reports.files import claim_file, claim_row

pytestmark = pytest.mark.django_db
State = Report.State
BOREALIS = "video_report_Borealis_V_v1-3.csv"
CHANNEL_OF_BOREALIS = "UCborealisborealisboreal"


def answered(report, answer):
    answer_question(report=report, answer=answer, actor=None)
    run_import(report=report)
    report.refresh_from_db()
    return report


def owners():
    return sorted(ContentOwner.objects.values_list("name", flat=True))


@pytest.fixture
def aurora(run):
    """Aurora's videos 1 to 4 and their assets are known."""
    run(video_file(*map(video_row, range(1, 5))), day=1)
    return ContentOwner.objects.get(name="Aurora")


# WHEN NOTHING TELLS


def test_import_without_a_known_owner_asks_when_there_are_several(run):
    ContentOwner.objects.create(name="One")
    ContentOwner.objects.create(name="Two")

    report = run(video_file(), "download.csv")

    assert report.question["topic"] == "content_owner"
    assert report.question["options"] == ["One", "Two"]
    answered(report, "Two")
    assert Video.objects.get().channel.content_owner.name == "Two"


def test_import_without_any_owner_takes_a_new_one_by_name(run):
    report = run(video_file(), "download.csv")
    assert (report.state, report.question["options"]) == (State.NEEDS_ANSWER, [])

    answered(report, "new: Aurora Music")

    assert (report.state, report.content_owner.name) == (
        State.COMPLETED,
        "Aurora Music",
    )
    assert owners() == ["Aurora Music"]


def test_new_owner_with_the_name_of_a_known_one_is_that_one(run, aurora):
    ContentOwner.objects.create(name="Two")
    report = run(video_file(video_row(1, views="120")), "download.csv", day=2)

    answered(report, "new: Aurora")

    assert report.content_owner == aurora
    assert owners() == ["Aurora", "Two"]


# A NEW OWNER


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (video_file(*(video_row(n, video_id="?") for n in (1, 2))), State.FAILED),
        (f"{VIDEO_COLUMNS}\n".encode(), State.FAILED),
        (video_file().replace(b"Song", b"S\xf6ng"), State.NEEDS_ANSWER),
    ],
)
def test_file_that_fails_leaves_no_owner_behind(run, content, state):
    report = run(content)

    assert (report.state, report.content_owner) == (state, None)
    assert owners() == []
    assert report.warnings == []


def test_merge_that_fails_leaves_no_owner_behind(run, monkeypatch):
    def fail(*args):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("reports.services.merging.listing_of", fail)
        with pytest.raises(RuntimeError):
            run(video_file())

    report = Report.objects.get()
    assert (report.state, report.content_owner, owners()) == (State.FAILED, None, [])
    request_import(report=report, actor=None)
    run_import(report=report)
    assert (report.state, owners()) == (State.COMPLETED, ["Aurora"])
    assert "Aurora was not known and was created" in report.warnings[0]


def test_files_of_one_new_owner_wait_for_each_other(upload):
    report = request_import(report=upload(video_file()), actor=None)
    other = connection.copy()
    lock = [turns.NEW_OWNERS, turns.key_of_name("aurora")]
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", lock)
        run_import(report=report)
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)
    other.close()

    assert (report.state, owners()) == (State.WAITING, [])
    run_import(report=report)
    assert (report.state, owners()) == (State.COMPLETED, ["Aurora"])


# ROWS OF ANOTHER OWNER


def test_report_about_the_videos_of_another_owner_asks(run, aurora):
    report = run(video_file(*map(video_row, range(1, 6))), BOREALIS, day=2)

    assert report.state == State.NEEDS_ANSWER
    assert report.question["topic"] == "content_owner"
    assert "4 rows about videos of Aurora and none about" in report.error_message
    assert report.question["rows"] == {"Aurora": 4}
    assert report.question["options"] == ["Aurora", "new: Borealis"]
    assert (owners(), Video.objects.count()) == (["Aurora"], 4)


@pytest.mark.parametrize(
    ("answer", "owner"), [("Aurora", "Aurora"), ("new: Borealis", "Borealis")]
)
def test_answer_on_the_owner_is_not_asked_again(run, aurora, answer, owner):
    report = run(video_file(*map(video_row, range(1, 6))), BOREALIS, day=2)

    answered(report, answer)

    assert report.state == State.COMPLETED
    assert (report.content_owner.name, report.videos_new) == (owner, 1)
    assert "Borealis" in owners() or owner == "Aurora"


def test_owner_that_was_chosen_by_hand_is_doubted_as_well(run, aurora):
    other = ContentOwner.objects.create(name="Other")

    report = run(
        asset_file(*map(asset_row, range(1, 4))),
        "asset_full_report_Aurora_L_v1-2.csv",
        day=2,
        content_owner=other,
    )

    assert "imported for Other" in report.error_message
    assert "3 rows about assets of Aurora" in report.error_message
    assert not Asset.objects.exclude(content_owner=aurora).exists()
    answered(report, "Aurora")
    assert (report.state, report.assets_changed) == (State.COMPLETED, 3)


def test_some_rows_of_another_owner_are_a_warning(run, aurora):
    rows = [
        video_row(n, channel_id=CHANNEL_OF_BOREALIS, asset_id="", claim_id="")
        for n in (11, 12, 13)
    ]
    run(video_file(*rows), BOREALIS, day=1)

    report = run(video_file(*rows, video_row(1)), BOREALIS, day=2)

    assert report.state == State.COMPLETED
    (warning,) = report.warnings
    assert "This file has 1 row about videos of Aurora." in warning
    assert Video.objects.get(video_id="video000001").channel.content_owner == aurora


def test_claims_on_assets_of_another_owner_ask(run, aurora):
    ContentOwner.objects.create(name="Borealis")

    report = run(
        claim_file(*map(claim_row, range(1, 4))), "claim_report_Borealis_C.csv", day=2
    )

    assert report.question["rows"] == {"Aurora": 3}


def test_single_owner_is_never_doubted(run, aurora):
    report = run(video_file(*map(video_row, range(1, 6))), day=2)

    assert (report.state, report.warnings) == (State.COMPLETED, [])


def test_many_owners_are_named_up_to_five(run, aurora):
    rows = []
    for number in range(7):
        channel, file = f"UC{number:022d}", f"video_report_Label{number}_V_v1-3.csv"
        row = video_row(20 + number, channel_id=channel, asset_id="", claim_id="")
        run(video_file(row), file, day=1)
        rows.append(row)

    report = run(video_file(*rows), BOREALIS, day=2)

    assert "and of 2 more owners and none" in report.error_message
    assert len(report.question["rows"]) == 7
