"""What each operation of a bulk edit makes of a value, worked out by PostgreSQL."""

import json

import pytest
from django.db import connection

from catalog import fields
from catalog.bulk.operations import OPERATIONS
from catalog.bulk.plan import plan_source
from catalog.bulk.sources import parts_of
from catalog.models import Video
from tests.factories.catalog import ChannelFactory, VideoFactory

pytestmark = pytest.mark.django_db

NEVER = ["Earth, Wind & Fire", "AC/DC", "Simon & Garfunkel"]
SEPARATORS = ["comma", "ampersand", "slash", "feat", "x"]


def results(*steps, **values):
    """Run the steps over one new video and return the new values by field."""
    video = VideoFactory(**values)
    source = plan_source(Video.objects.filter(pk=video.pk), steps)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.field, p.new #>> '{{}}' FROM ({source.sql}) p", source.params
        )
        found = dict(cursor.fetchall())
    return {
        name: json.loads(value)
        if value is not None and value.startswith("[")
        else value
        for name, value in found.items()
    }


def step(operation, field, **given):
    return {"operation": operation, "field": field, **given}


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        (step("set", "title", value="New"), "Old", "New"),
        (step("clear", "title"), "Old", ""),
        (step("append", "title", text=" (Live)"), "Song", "Song (Live)"),
        (step("prepend", "title", text="Artist - "), "Song", "Artist - Song"),
        (step("replace", "title", find="100%", new="_"), "at 100% now", "at _ now"),
        (step("replace", "title", find="A.B", new=r"\1"), "A.B AxB", r"\1 AxB"),
        (
            step("replace", "title", find="a.b", new=r"\1", ignores_case=True),
            "1A.B AxB",
            r"1\1 AxB",
        ),
        (
            step(
                "replace", "title", find=r"^(.+) - (.+)$", new=r"\2 - \1", is_pattern=1
            ),
            "Song - Artist",
            "Artist - Song",
        ),
        (step("tidy", "title"), "a   b\u00a0 c", "a b c"),
        (step("tidy", "description"), "a \n  b\n\nc", "a\nb\n\nc"),
        (step("case", "title", case="title"), "DON'T stop", "Don't Stop"),
        (step("case", "title", case="title"), "a (live at x)", "A (Live At X)"),
        (step("case", "title", case="title"), '"so  what" 🎵', '"So  What" 🎵'),
        (step("case", "description", case="title"), "a b\n\nc", "A B\n\nC"),
        (step("case", "description", case="title"), "", ""),
        (step("case", "title", case="sentence"), "ÉCOLE DU SOIR", "École du soir"),
        (step("case", "title", case="upper"), "émile", "ÉMILE"),
        (step("respell", "title", variants=["a", "b"], chosen="c"), "b", "c"),
        (step("respell", "title", variants=["a", "b"], chosen="c"), "d", "d"),
        (step("set", "title", value="x", only_empty=True), "Old", "Old"),
        (step("set", "title", value="x", only_empty=True), "", "x"),
    ],
)
def test_operation_changes_a_text(given, before, after):
    name = given["field"]

    assert results(given, **{name: before}) == {name: after}


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        (step("set", "tags", value=["x", "y"]), ["a"], ["x", "y"]),
        (step("clear", "tags"), ["a"], []),
        (step("add_items", "artist", items=["B", "b", "A"]), ["a"], ["a", "B"]),
        (step("add_items", "tags", items=["A", "b"]), ["a"], ["a", "b"]),
        (step("remove_items", "tags", items=["A"]), ["a", "b"], ["b"]),
        (step("append", "tags", text="!"), ["a", "b"], ["a!", "b!"]),
        (step("replace", "tags", find="a", new=""), ["a", "ba"], ["b"]),
        (step("join", "artist", separator=" & "), ["A", "B"], ["A & B"]),
        (step("join", "artist", separator=" & "), [], []),
        (
            step("respell", "artist", variants=["bjork", "Bjoerk"], chosen="Björk"),
            ["bjork", "Other"],
            ["Björk", "Other"],
        ),
        (
            step("respell", "artist", variants=["bjork"], chosen="Björk"),
            ["Other", "bjork", "Björk", "More"],
            ["Other", "Björk", "More"],
        ),
        (step("add_items", "tags", items=["x"], only_empty=True), ["a"], ["a"]),
        (step("add_items", "tags", items=["x"], only_empty=True), [], ["x"]),
    ],
)
def test_operation_changes_a_list(given, before, after):
    name = given["field"]

    assert results(given, **{name: before}) == {name: after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Earth, Wind & Fire, Stevie Wonder", ["Earth, Wind & Fire", "Stevie Wonder"]),
        ("A & earth, wind & fire", ["A", "earth, wind & fire"]),
        ("AC/DC", ["AC/DC"]),
        ("AC/DC Tribute", ["AC", "DC Tribute"]),
        ("Simon & Garfunkel & AC/DC/Foo", ["Simon & Garfunkel", "AC/DC", "Foo"]),
        ("A feat. B", ["A", "B"]),
        ("A (feat. B)", ["A", "B"]),
        ("A (Live) x B", ["A (Live)", "B"]),
        ("Featherweight", ["Featherweight"]),
        ("Max", ["Max"]),
    ],
)
def test_artists_are_split_and_some_never(before, after):
    given = step("split", "artist", separators=SEPARATORS, never=NEVER)

    assert results(given, artist=[before]) == {"artist": after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["A & B", "B", "C"], ["A", "B", "C"]),
        (["B", "A, b & C"], ["B", "A", "C"]),
        (["A feat. A"], ["A"]),
        ([], []),
        ([" , "], []),
    ],
)
def test_name_that_a_split_finds_again_is_kept_once(before, after):
    given = step("split", "artist", separators=SEPARATORS, never=NEVER)

    assert results(given, artist=before) == {"artist": after}


@pytest.mark.parametrize(
    ("template", "after"),
    [
        ("{artist} - {title}", "A, B - Song"),
        ("100% {title}", "100% Song"),
        ("{title} ({label})", "Song"),  # there is no label, so nothing is made
        ("{channel.name}: {title}", "Ch: Song"),
    ],
)
def test_template_puts_fields_together(template, after):
    made = results(
        step("template", "title", template=template),
        title="Song",
        label="",
        artist=["A", "B"],
        channel=ChannelFactory(name="Ch"),
    )

    assert made == {"title": after}


@pytest.mark.parametrize(
    ("field", "source", "after"),
    [
        ("label", "album", "Album"),
        ("label", "artist", "A, B"),
        ("artist", "album", ["Album"]),
        ("genre", "artist", ["A", "B"]),
        ("custom_id", "channel.partner_custom_id", "PARTNER-1"),
    ],
)
def test_value_is_copied_from_elsewhere(field, source, after):
    made = results(
        step("copy", field, source=source),
        album="Album",
        artist=["A", "B"],
        channel=ChannelFactory(partner_custom_id="PARTNER-1"),
    )

    assert made == {field: after}


@pytest.mark.parametrize(
    ("field", "source"),
    [("label", "album"), ("artist", "genre"), ("artist", "album")],
)
def test_empty_source_is_not_copied(field, source):
    kept = {"label": "Label", "artist": ["A"]}

    made = results(step("copy", field, source=source), **kept, album="", genre=[])

    assert made == {field: kept[field]}


def test_steps_work_on_what_the_earlier_ones_made():
    made = results(
        step("replace", "title", find="Song", new="Piece"),
        step("copy", "album", source="title"),
        step("append", "title", text="!"),
        title="Song",
        album="",
    )

    assert made == {"title": "Piece!", "album": "Piece"}


def test_flags_are_set_and_cleared():
    assert results(step("set", "embeddable", value=False), embeddable=True) == {
        "embeddable": "false"
    }
    assert results(step("clear", "embeddable"), embeddable=True) == {"embeddable": None}


def test_values_come_in_normal_form():
    made = results(step("set", "isrc", value="de-a12-34-56789"), isrc="")

    assert made == {"isrc": "DEA123456789"}


def test_template_names_what_is_in_its_braces():
    assert parts_of("{ artist } - {title}") == ["artist", "title"]


@pytest.mark.parametrize(
    "name",
    ["title", "category_id", "privacy_status", "is_administered", "is_hidden"],
)
def test_field_that_needs_a_value_is_not_cleared(name):
    field = fields.EDITABLE[name]

    assert not OPERATIONS["clear"].fits(field)


def test_names_of_pinned_fields_are_not_rewritten():
    field = fields.EDITABLE["pinned_fields"]

    names = [name for name, one in OPERATIONS.items() if one.fits(field)]

    assert names == ["set", "clear", "add_items", "remove_items"]


def test_every_operation_says_what_it_does():
    assert all(o.label and o.help and o.shapes for o in OPERATIONS.values())
