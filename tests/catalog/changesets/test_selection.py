"""Which videos a change set is about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.changesets import selection
from catalog.exceptions import SelectionError
from catalog.models import ChangeSet
from catalog.services import change_sets
from tests.factories.catalog import AssetFactory, ChangeSetFactory, VideoFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return ChangeSetFactory(state=ChangeSet.State.DRAFT)


def found(change_set):
    return list(selection.selected_videos(change_set).order_by("pk"))


def test_pasted_list_finds_videos_by_any_identifier(draft):
    asset = AssetFactory(asset_id="A123456789012345")
    wanted = (
        {"video_id": "abcdefghijk"},
        {"isrc": "QZABC2500001"},
        {"upc": "036000291452"},
        {"custom_id": "own/42"},
        {"primary_asset": asset},
        {"video_id": "-_345678901"},
    )
    videos = [VideoFactory(**{"upc": ""} | values) for values in wanted]
    VideoFactory(upc="", isrc="", custom_id="")

    selection.select_pasted(
        draft,
        "abcdefghijk\r\nqz-abc-25-00001, 0036000291452;own/42\t\n"
        "A123456789012345\nhttps://www.youtube.com/watch?v=-_345678901&t=3",
    )

    assert found(draft) == videos
    assert draft.selection["missing_count"] == 0


def test_pasted_list_names_what_fits_nothing_and_what_fits_several(draft):
    VideoFactory.create_batch(2, isrc="QZABC2500001")
    single = VideoFactory(isrc="QZABC2500002")

    selection.select_pasted(draft, "QZABC2500001\nnothing\nQZABC2500002")

    assert found(draft) == [single]
    assert [row.text for row in selection.missing(draft)] == ["nothing"]
    assert list(selection.several(draft)) == [
        {"place": 1, "text": "QZABC2500001", "count": 2}
    ]
    assert draft.selection == {
        "kind": "pasted",
        "line_count": 3,
        "missing_count": 1,
        "several_count": 1,
        "takes_several": False,
    }


def test_pasted_list_takes_several_when_told(draft):
    VideoFactory.create_batch(2, isrc="QZABC2500001")

    selection.select_pasted(draft, "QZABC2500001", takes_several=True)

    assert len(found(draft)) == 2


def test_pasted_list_is_read_again_from_the_start(draft):
    VideoFactory(isrc="QZABC2500001")
    second = VideoFactory(isrc="QZABC2500002")
    selection.select_pasted(draft, "QZABC2500001")

    selection.select_pasted(draft, "QZABC2500002\nQZABC2500002\n")

    assert found(draft) == [second]
    assert draft.selection["line_count"] == 1


def test_pasted_list_that_is_too_long_is_refused(draft, monkeypatch):
    monkeypatch.setattr(selection, "PASTED_LIMIT", 2)

    with pytest.raises(SelectionError, match="3 lines"):
        selection.select_pasted(draft, "a\nb\nc")


def test_pasted_list_costs_few_queries(draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        selection.select_pasted(draft, "\n".join(f"line{n}" for n in range(500)))

    assert draft.selection["missing_count"] == 500


def test_draft_without_a_selection_cannot_be_planned(draft):
    with pytest.raises(SelectionError):
        selection.selected_videos(draft)


@pytest.mark.parametrize("text", ["", " \n,;", "\0"])
def test_pasted_list_without_a_line_is_refused(draft, text):
    with pytest.raises(SelectionError, match="Paste at least one line"):
        selection.select_pasted(draft, text)


def test_pasted_characters_that_no_database_holds_are_passed_over(draft):
    selection.select_pasted(draft, "video\0unknown")

    lines = selection.missing(draft).order_by("place")
    assert [line.text for line in lines] == ["video", "unknown"]


@pytest.fixture
def long_lists(monkeypatch):
    """Lists of more than two lines are found by a worker, but for the first line."""
    monkeypatch.setattr(selection, "FOUND_AT_ONCE", 2)
    monkeypatch.setattr(selection, "FIRST_LINES", 1)


def test_long_list_is_only_begun_when_it_is_pasted(draft, long_lists):
    videos = [VideoFactory(video_id=f"abcdefghij{n}") for n in range(3)]
    lines = "\n".join(video.video_id for video in videos)

    selection.select_pasted(draft, f"{lines}\nnothing")

    assert found(draft) == videos[:1]
    assert not selection.is_found(draft)
    assert not selection.missing(draft).exists()
    assert not change_sets.is_selection_small(draft)


def test_plan_finds_the_rest_of_a_long_list(draft, long_lists):
    videos = [VideoFactory(video_id=f"abcdefghij{n}") for n in range(3)]
    VideoFactory.create_batch(2, isrc="QZABC2500001")
    lines = [*(video.video_id for video in videos), "nothing", "QZABC2500001"]
    selection.select_pasted(draft, "\n".join(lines))
    draft.plan_source = {"name": "values", "values": {"label": "Listed"}}
    draft.save()

    change_sets.request_plan(draft)
    change_sets.run_plan(change_set=draft)

    draft.refresh_from_db()
    assert (draft.state, draft.expected_count) == ("planned", 3)
    assert [line.text for line in selection.missing(draft)] == ["nothing"]
    assert draft.selection == {
        "kind": "pasted",
        "line_count": 5,
        "takes_several": False,
        "missing_count": 1,
        "several_count": 1,
    }


def test_long_list_is_found_once(draft, long_lists):
    VideoFactory(video_id="abcdefghijk")
    selection.select_pasted(draft, "abcdefghijk\nx\ny")
    selection.find_pasted(draft)

    with CaptureQueriesContext(connection) as queries:
        selection.find_pasted(draft)

    assert len(queries) == 0
