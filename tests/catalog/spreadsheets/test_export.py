"""Videos as CSV and XLSX: which rows, which columns, which texts."""

import csv
import io

import openpyxl
import pytest

from catalog.exceptions import InvalidEditError
from catalog.models import Video
from catalog.spreadsheets import export
from catalog.spreadsheets.columns import VIDEO_COLUMNS
from tests.factories.catalog import AssetFactory, UserFactory, VideoFactory

pytestmark = pytest.mark.django_db


def exported(videos=None, columns=("title",), name="csv"):
    chunks = export.export_videos(
        videos=Video.objects.all() if videos is None else videos,
        columns=columns,
        file_format=export.FORMATS[name],
        actor=UserFactory(),
    )
    return b"".join(chunks)


def rows_of(data, delimiter=","):
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_row_tells_its_video_and_its_version():
    video = VideoFactory(title="Song")

    assert rows_of(exported()) == [
        {"Video ID": video.video_id, "Row version": "1", "Title": "Song"}
    ]


def test_every_column_is_written():
    VideoFactory(
        artist=["Ada", "Either|Or"],
        upc="036000291452",
        primary_asset=AssetFactory(asset_id="A123456789012345"),
    )

    (row,) = rows_of(exported(columns=tuple(VIDEO_COLUMNS)))

    assert row["Artist"] == "Ada|Either\\|Or"
    assert row["UPC"] == "036000291452"
    assert row["Category"] == "Music"
    assert row["Embedding allowed"] == "Yes"
    assert row["Asset ID"] == "A123456789012345"
    assert row["Views"] == "1000"
    assert row["Published (UTC)"] == "2021-05-04 12:00:00"
    assert set(row) == {column.header for column in VIDEO_COLUMNS.values()}


def test_only_the_selection_is_written():
    VideoFactory(title="No")
    wanted = VideoFactory(title="Yes")

    rows = rows_of(exported(Video.objects.filter(pk=wanted.pk)))

    assert [row["Title"] for row in rows] == ["Yes"]


def test_batches_join_without_a_gap(monkeypatch):
    monkeypatch.setattr(export, "BATCH", 2)
    VideoFactory.create_batch(5)

    assert len(rows_of(exported())) == 5


def test_formula_is_guarded_in_every_format():
    VideoFactory(title="=1+1", video_id="-abcdefghij")

    (row,) = rows_of(exported(name="csv_semicolon"), ";")
    book = openpyxl.load_workbook(io.BytesIO(exported(name="xlsx")))

    assert (row["Video ID"], row["Title"]) == ("'-abcdefghij", "'=1+1")
    assert [cell.value for cell in book.active[2]] == ["'-abcdefghij", "1", "'=1+1"]


def test_text_that_no_cell_can_hold_is_left_blank():
    VideoFactory(notes="x" * 40_000)

    (row,) = rows_of(exported(columns=("notes",)))

    assert row["Notes"] == ""


def test_empty_selection_gives_the_header():
    data = exported(Video.objects.none())

    assert data.decode("utf-8-sig") == "Video ID,Row version,Title\r\n"


def test_unknown_column_is_refused():
    with pytest.raises(InvalidEditError, match="no column password"):
        exported(columns=("password",))


def test_export_reads_in_one_query_a_batch(django_assert_num_queries):
    VideoFactory.create_batch(3)
    chunks = export.export_videos(
        videos=Video.objects.all(),
        columns=tuple(VIDEO_COLUMNS),
        file_format=export.FORMATS["csv"],
        actor=UserFactory(),
    )

    with django_assert_num_queries(2):
        b"".join(chunks)
