"""A sheet becomes a planned change set; what is none is listed with its line."""

import pytest
from django.db import connection

from catalog.exceptions import PlanFailedError
from catalog.models import ColumnMapping, Video
from catalog.services import change_sets
from catalog.services.videos import update_video
from catalog.spreadsheets import imports, uploads
from catalog.spreadsheets.columns import Target
from catalog.spreadsheets.judging import LOST_ZERO
from catalog.spreadsheets.mapping import Mapping
from tests.catalog.spreadsheets.conftest import (
    exported,
    found,
    planned,
    rows_of,
    sheet_of,
)
from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db
HEADER = ["Video ID", "Title", "Label"]


def reason_of(sheet):
    return sheet.findings.get().reason


def test_edited_cells_become_planned_changes(compared):
    video = VideoFactory(title="Old", label="Same")

    sheet = compared(sheet_of(HEADER, [video.video_id, "New", "Same"]))

    assert sheet.state == "compared"
    assert sheet.change_set.state == "planned"
    assert sheet.change_set.kind == "spreadsheet"
    assert planned(sheet) == {(video.video_id, "title"): "New"}
    assert sheet.counts == {
        "row_count": 1,
        "matched_count": 1,
        "outdated_count": 0,
        "edit_count": 1,
    }


def test_catalogue_is_untouched_until_the_plan_is_applied(compared):
    video = VideoFactory(title="Old")
    sheet = compared(sheet_of(HEADER, [video.video_id, "New", ""]))
    before = Video.objects.get().title

    change_sets.request_apply(sheet.change_set)

    assert (before, Video.objects.get().title) == ("Old", "New")


def test_blank_cell_leaves_the_value_alone_and_the_word_clears_it(compared):
    kept = VideoFactory(label="Kept")
    cleared = VideoFactory(label="Gone")

    sheet = compared(
        sheet_of(HEADER, [kept.video_id, "", ""], [cleared.video_id, " ", "[clear]"])
    )

    assert planned(sheet) == {(cleared.video_id, "label"): ""}


def test_sheet_without_edits_has_no_plan(compared):
    video = VideoFactory(title="Song")

    sheet = compared(sheet_of(HEADER, [video.video_id, "Song", ""]))

    assert sheet.counts["edit_count"] == 0
    assert sheet.change_set.state == "discarded"


def test_rows_that_match_nothing_are_listed(compared):
    sheet = compared(sheet_of(HEADER, ["aaaaaaaaaaa", "x", ""], ["oops", "y", ""]))

    assert found(sheet) == [
        ("not_found", 2, "Video ID", "aaaaaaaaaaa"),
        ("no_key", 3, "Video ID", "oops"),
    ]


def test_row_without_identifier_is_listed(compared):
    sheet = compared(sheet_of(HEADER, ["", "x", ""]))

    assert found(sheet) == [("no_key", 2, "Video ID", "")]
    assert "has no Video ID" in reason_of(sheet)


def test_row_that_several_videos_match_is_listed_and_left_out(compared):
    VideoFactory(isrc="USRC17600001", video_id="aaaaaaaaaaa")
    VideoFactory(isrc="USRC17600001", video_id="bbbbbbbbbbb")

    sheet = compared(sheet_of(["ISRC", "Title"], ["US-RC1-76-00001", "New"]))

    assert found(sheet) == [("several", 2, "ISRC", "US-RC1-76-00001")]
    assert "2 videos have this ISRC: aaaaaaaaaaa, bbbbbbbbbbb." in reason_of(sheet)
    assert planned(sheet) == {}


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Video ID", "-abcdefghij"),
        ("Video ID", "'-abcdefghij"),
        ("Address", "https://www.youtube.com/watch?v=-abcdefghij&t=1"),
        ("ISRC", "usrc17600001"),
        ("Custom ID", "CAT-1"),
        ("Asset ID", "A123456789012345"),
    ],
)
def test_row_is_found_by_each_kind_of_identifier(compared, header, cell):
    asset = AssetFactory(asset_id="A123456789012345")
    video = VideoFactory(
        video_id="-abcdefghij",
        isrc="USRC17600001",
        custom_id="CAT-1",
        primary_asset=asset,
    )
    key = {"Address": "video_id"}.get(header, header.lower().replace(" ", "_"))
    mapping = Mapping(Target.VIDEOS, (key, "title"), key)

    sheet = compared(sheet_of([header, "Title"], [cell, "New"]), mapping=mapping)

    assert planned(sheet) == {(video.video_id, "title"): "New"}


def test_value_that_is_not_valid_is_listed_with_what_was_expected(compared):
    video = VideoFactory(upc="")

    sheet = compared(sheet_of(["Video ID", "UPC"], [video.video_id, "1.9E+11"]))

    assert found(sheet) == [("invalid", 2, "UPC", "1.9E+11")]
    assert "12 or 13 digits" in reason_of(sheet)
    assert planned(sheet) == {}


def test_lost_zero_is_offered_and_taken_on_request(compared):
    video = VideoFactory(upc="")

    sheet = compared(sheet_of(["Video ID", "UPC"], [video.video_id, "36000291452"]))
    offered, before = found(sheet), planned(sheet)
    uploads.request_comparison(sheet, takes_repairs=True)
    imports.run_comparison(sheet=sheet)
    sheet.refresh_from_db()

    assert offered == [("repair", 2, "UPC", "36000291452")]
    assert before == {}
    assert planned(sheet) == {(video.video_id, "upc"): "036000291452"}
    findings = sheet.change_set.changes.get().findings
    assert {"level": "warning", "text": LOST_ZERO} in findings


def edited(data, column, new):
    """An exported sheet of one video in which somebody edited one cell."""
    header, row = rows_of(data)
    row[header.index(column)] = new
    return sheet_of(header, row)


def test_value_that_changed_since_the_export_is_flagged_not_overwritten(compared):
    video = VideoFactory(title="As exported")
    data = exported(columns=("title",))
    update_video(video=video, values={"title": "Newer"}, actor=UserFactory())

    sheet = compared(edited(data, "Title", "From the sheet"))

    assert found(sheet) == [("moved", 2, "Title", "From the sheet")]
    assert "\u201cAs exported\u201d, now it is \u201cNewer\u201d" in reason_of(sheet)
    assert planned(sheet) == {}
    assert sheet.change_set.changes.get().outcome == "moved"


def test_old_cell_that_nobody_edited_changes_nothing(compared):
    video = VideoFactory(title="As exported")
    data = exported(columns=("title", "label"))
    update_video(video=video, values={"title": "Newer"}, actor=UserFactory())

    sheet = compared(edited(data, "Label", "New label"))

    assert found(sheet) == []
    assert sheet.counts["outdated_count"] == 1
    assert planned(sheet) == {(video.video_id, "label"): "New label"}


def test_change_of_another_field_does_not_stop_an_edit(compared):
    video = VideoFactory(title="As exported")
    data = exported(columns=("title",))
    update_video(video=video, values={"label": "Newer"}, actor=UserFactory())

    sheet = compared(edited(data, "Title", "From the sheet"))

    assert planned(sheet) == {(video.video_id, "title"): "From the sheet"}


def test_version_that_is_no_number_is_refused(compared):
    video = VideoFactory(title="Old")

    sheet = compared(
        sheet_of(["Video ID", "Row version", "Title"], [video.video_id, "x", "New"])
    )

    assert found(sheet) == [("invalid", 2, "Row version", "x")]
    assert planned(sheet) == {}


def test_rows_that_contradict_each_other_are_all_left_out(compared):
    video = VideoFactory(title="Old", label="Old")

    sheet = compared(
        sheet_of(
            HEADER,
            [video.video_id, "One", "Same"],
            [video.video_id, "Two", "Same"],
        )
    )

    assert found(sheet) == [
        ("repeated", 2, "Title", "One"),
        ("repeated", 3, "Title", "Two"),
    ]
    assert planned(sheet) == {(video.video_id, "label"): "Same"}


def test_value_that_moves_after_the_plan_is_skipped(compared):
    video = VideoFactory(title="Old")
    sheet = compared(sheet_of(HEADER, [video.video_id, "New", ""]))
    update_video(video=video, values={"title": "Somebody else's"}, actor=UserFactory())

    change_sets.request_apply(sheet.change_set)

    assert Video.objects.get().title == "Somebody else's"
    assert sheet.change_set.skipped_count == 1


def test_channel_list_of_the_office_changes_channels(compared):
    channel = ChannelFactory(partner_name="", partner_custom_id="OLD")

    sheet = compared(
        sheet_of(
            ["channelID", "customID", "displayName"],
            [channel.channel_id.removeprefix("UC"), "P-1", "Partner One"],
        )
    )
    change_sets.request_apply(sheet.change_set)
    channel.refresh_from_db()

    assert (channel.partner_custom_id, channel.partner_name) == ("P-1", "Partner One")


def test_saved_mapping_is_used_again_for_the_same_header(compared):
    video = VideoFactory(title="Old", isrc="USRC17600001")
    header = ["Recording", "Working title"]
    mapping = Mapping(Target.VIDEOS, ("isrc", "title"), "isrc", clear_token="---")
    compared(sheet_of(header, ["USRC17600001", "First"]), mapping=mapping, save_as="A")

    sheet = compared(sheet_of(header, ["USRC17600001", "Second"]), mapping=None)

    assert sheet.mapping == ColumnMapping.objects.get(name="A")
    assert sheet.as_mapping == mapping
    assert planned(sheet) == {(video.video_id, "title"): "Second"}


def test_comparing_twice_plans_the_same_once(compared):
    video = VideoFactory(title="Old")
    sheet = compared(sheet_of(HEADER, [video.video_id, "New", ""]))
    change_set = sheet.change_set

    uploads.request_comparison(sheet)
    imports.run_comparison(sheet=sheet)
    imports.run_comparison(sheet=sheet)
    sheet.refresh_from_db()

    assert sheet.change_set == change_set
    assert planned(sheet) == {(video.video_id, "title"): "New"}


def test_killed_worker_leaves_nothing_in_the_way(compared, monkeypatch):
    video = VideoFactory(title="Old")
    data = sheet_of(HEADER, [video.video_id, "New", ""], ["oops", "x", ""])
    monkeypatch.setattr(imports, "_plan", lambda sheet: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        compared(data)
    monkeypatch.undo()
    (sheet,) = uploads.Spreadsheet.objects.all()

    imports.run_comparison(sheet=sheet)

    assert sheet.state == "compared"
    assert len(found(sheet)) == 1
    assert planned(sheet) == {(video.video_id, "title"): "New"}


def test_tables_of_the_comparison_are_dropped(compared):
    compared(sheet_of(HEADER, ["aaaaaaaaaaa", "x", ""]))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'staging' "
            "AND tablename LIKE 'sheet%'"
        )
        assert cursor.fetchone()[0] == 0


def test_plan_cannot_be_made_anew_without_the_sheet(compared):
    video = VideoFactory(title="Old")
    sheet = compared(sheet_of(HEADER, [video.video_id, "New", ""]))

    with pytest.raises(PlanFailedError, match="compared again"):
        change_sets.request_plan(sheet.change_set, is_small=True)


def test_sheet_that_cannot_be_read_to_its_end_fails_with_the_line(compared):
    VideoFactory(video_id="aaaaaaaaaaa")
    rows = [["aaaaaaaaaaa", f"Song {n}", ""] for n in range(50)]

    sheet = compared(sheet_of(HEADER, *rows) + b'aaaaaaaaaaa,"' + b"x" * 200_000)

    assert sheet.state == "failed"
    assert "line 52 cannot be read" in sheet.error
    assert sheet.change_set.state == "draft"
