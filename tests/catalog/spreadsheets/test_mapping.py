"""Headers of our own sheets, of label copy and of the channel list."""

import pytest

from catalog.spreadsheets.columns import VIDEO_COLUMNS, Target
from catalog.spreadsheets.mapping import (
    Mapping,
    is_header,
    is_own_export,
    problems_of,
    suggest_mapping,
)

pytestmark = pytest.mark.unit


def test_own_export_is_recognised_column_by_column():
    header = [column.header for column in VIDEO_COLUMNS.values()]

    mapping = suggest_mapping(header)

    assert mapping.columns == tuple(VIDEO_COLUMNS)
    assert (mapping.target, mapping.key) == (Target.VIDEOS, "video_id")
    assert is_own_export(header)


@pytest.mark.parametrize(
    ("header", "columns", "key"),
    [
        (
            ["YouTube ID", "Track Title", "Artists", "UPC/EAN", "Release date"],
            ("video_id", "title", "artist", "upc", ""),
            "video_id",
        ),
        (
            ["isrc_code", "ARTIST NAME", "Album Title", "Label Name"],
            ("isrc", "artist", "album", "label"),
            "isrc",
        ),
        (["Asset ID", "Genre"], ("asset_id", "genre"), "asset_id"),
        (["Custom ID", "Genre"], ("custom_id", "genre"), "custom_id"),
    ],
)
def test_label_copy_is_read_by_the_words_of_the_trade(header, columns, key):
    mapping = suggest_mapping(header)

    assert (mapping.columns, mapping.key) == (columns, key)
    assert not is_own_export(header)
    assert problems_of(mapping) == []


def test_channel_list_of_the_office_is_about_channels():
    mapping = suggest_mapping(["channelID", "customID", "displayName"])

    assert mapping == Mapping(
        Target.CHANNELS,
        ("channel_id", "partner_custom_id", "partner_name"),
        "channel_id",
    )


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (["QZABC2500001", "US-RC1-76-00001"], "isrc"),
        (["A123456789012345"], "asset_id"),
        (["https://www.youtube.com/watch?v=-abcdefghij"], "video_id"),
        (["QZABC2500001", "Song"], ""),
        (["", ""], ""),
    ],
)
def test_identifier_under_an_unknown_header_is_told_by_its_shape(cells, name):
    samples = [[cell, "Title"] for cell in cells]

    mapping = suggest_mapping(["Aufnahme", "Title"], samples)

    assert (mapping.columns, mapping.key) == ((name, "title"), name)


def test_column_is_suggested_once():
    assert suggest_mapping(["Song title", "Title", "ISRC"]).columns == (
        "",
        "title",
        "isrc",
    )


def test_header_is_told_from_rows():
    assert is_header(["ISRC", "Title"]) > is_header(["QZABC2500001", "Song"]) == 0


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        (Mapping(Target.VIDEOS, ("title", "title"), "isrc"), "Two columns are Title"),
        (Mapping(Target.VIDEOS, ("title",), ""), "which row is meant"),
        (Mapping(Target.VIDEOS, ("isrc", "views"), "isrc"), "no field views"),
        (Mapping(Target.VIDEOS, ("isrc", ""), "isrc"), "No column changes anything"),
        (Mapping(Target.CHANNELS, ("isrc", ""), "isrc"), "Channel ID"),
        (
            Mapping(Target.VIDEOS, ("isrc", "title"), "isrc", clear_token=" "),
            "the word that clears",
        ),
    ],
)
def test_mapping_that_cannot_work_says_why(mapping, problem):
    assert problem in " ".join(problems_of(mapping))


def test_key_and_version_are_no_edits():
    mapping = Mapping(
        Target.VIDEOS, ("isrc", "row_version", "title", "channel_name"), "isrc"
    )

    assert mapping.field_places == {"title": 2}
    assert (mapping.key_place, mapping.version_place) == (0, 1)
