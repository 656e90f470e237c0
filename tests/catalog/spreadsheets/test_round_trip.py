"""An export that comes back unchanged plans nothing, whoever saved it again."""

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Channel, Video
from catalog.services.channels import update_channel
from catalog.spreadsheets.export import FORMATS, export_channels
from tests.catalog.spreadsheets.conftest import (
    exported,
    found,
    planned,
    rows_of,
    saved_again,
    saved_by_excel,
    sheet_of,
)
from tests.catalog.spreadsheets.texts import lists, titles
from tests.factories.catalog import ChannelFactory, UserFactory, VideoFactory

pytestmark = pytest.mark.django_db
ROWS = 10_000
ODD = (
    "=1+1",
    "-start",
    "'Tis",
    'say "hi", ok; yes',
    "two\nlines",
    "Größe \U0001f3b5",
    "a|b\\c",
    "@x",
    "_x000D_",
)


class Exports(dict):
    """The export in each format, made when it is asked for."""

    def __missing__(self, name):
        return exported(name)


def as_semicolons(data):
    """Excel in most of Europe: semicolons, BOM, CRLF also inside cells."""
    rows = [
        [cell.replace("\n", "\r\n") for cell in row] for row in rows_of(data["csv"])
    ]
    return sheet_of(*rows, delimiter=";", encoding="utf-8-sig")


def as_unicode_text(data):
    """What Excel calls Unicode text: UTF-16 with tabs."""
    return sheet_of(*rows_of(data["csv"]), delimiter="\t", encoding="utf-16")


def as_numbers(data):
    """A program that takes every cell of digits for a number."""
    header, *rows = rows_of(data["csv"])
    return sheet_of(
        header,
        *([str(int(c)) if c.isdigit() and c != "0" else c for c in r] for r in rows),
    )


RESAVED = {
    "csv": lambda data: data["csv"],
    "semicolons": as_semicolons,
    "unicode text": as_unicode_text,
    "numbers": as_numbers,
    "xlsx": lambda data: data["xlsx"],
    "xlsx saved again": lambda data: saved_again(data["xlsx"]),
    "xlsx saved by excel": lambda data: saved_by_excel(data["xlsx"]),
}

LARGE = ("semicolons", "xlsx saved again", "xlsx saved by excel")


@pytest.fixture(scope="module")
def texts():
    """A title, a description and artists for each of many rows."""
    return [
        (f"{ODD[n % len(ODD)]} {n}", f"{n}\n{ODD[-n % len(ODD)]}", [ODD[n % 7], str(n)])
        for n in range(ROWS)
    ]


@pytest.fixture
def many_videos(db, texts):
    channel = ChannelFactory()
    Video.objects.bulk_create(
        (
            Video(
                video_id=f"-{n:010d}",
                channel=channel,
                title=title,
                description=description,
                tags=["one", f"tag {n}"],
                category_id=("10", "24", "")[n % 3],
                privacy_status="public",
                embeddable=(True, False, None)[n % 3],
                license="youtube",
                publish_at="",
                default_language="pt-BR",
                artist=artist,
                label="Label & Sons",
                upc=("036000291452", "", "4006381333931")[n % 3],
                isrc=f"USRC1{n:07d}",
                custom_id=f"{n:05d}",
            )
            for n, (title, description, artist) in enumerate(texts)
        ),
        batch_size=2000,
    )


def test_unchanged_round_trip_plans_nothing(many_videos, compared):
    exports = Exports(csv=exported("csv"), xlsx=exported("xlsx"))

    sheets = {name: compared(RESAVED[name](exports)) for name in LARGE}

    nothing = {
        "row_count": ROWS,
        "matched_count": ROWS,
        "outdated_count": 0,
        "edit_count": 0,
    }
    accounts = {name: sheet.counts for name, sheet in sheets.items()}
    assert accounts == dict.fromkeys(LARGE, nothing)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=titles,
    description=titles,
    tags=lists,
    label=titles,
    resave=st.sampled_from(list(RESAVED.values())),
)
def test_any_value_survives_the_round_trip(
    compared, title, description, tags, label, resave
):
    Video.objects.all().delete()
    VideoFactory(
        title=title,
        description=description,
        tags=tags,
        label=label,
        snapshot=None,
        statistics=None,
    )

    sheet = compared(resave(Exports()))

    assert (sheet.state, planned(sheet), found(sheet)) == ("compared", {}, [])


@pytest.mark.parametrize("name", ["csv", "csv_semicolon", "xlsx"])
def test_edit_in_an_export_is_the_only_change(compared, name):
    VideoFactory.create_batch(3, title="Same")
    video = VideoFactory(title="Before")

    sheet = compared(with_title(exported(name), "Before", "After"))

    assert planned(sheet) == {(video.video_id, "title"): "After"}


def with_title(data, before, after):
    """The same file in which somebody typed another title."""
    if not data.startswith(b"PK"):
        return data.replace(before.encode(), after.encode())
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row in book.active.iter_rows():
        for cell in row:
            cell.value = after if cell.value == before else cell.value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("name", ["csv", "csv_semicolon", "xlsx"])
def test_channels_that_come_back_unchanged_plan_nothing(compared, name):
    ChannelFactory(name="=1+1", partner_name="A|B", partner_custom_id="P-1")
    ChannelFactory(name="Hidden", is_hidden=True)

    sheet = compared(
        exported_channels(name), name=f"channels.{FORMATS[name].extension}"
    )

    assert sheet.target == "channels"
    assert sheet.counts["matched_count"] == 2
    assert (found(sheet), sheet.counts["edit_count"]) == ([], 0)


def test_office_name_of_an_older_export_is_listed_not_written_over(compared):
    channel = ChannelFactory(partner_name="Old")
    content = exported_channels("csv").replace(b"Old", b"From the sheet")
    editor = UserFactory()
    update_channel(channel=channel, values={"partner_name": "Newer"}, actor=editor)

    sheet = compared(content, name="channels.csv")

    assert [(f.kind, f.column) for f in sheet.findings.all()] == [
        ("moved", "Office name")
    ]
    channel.refresh_from_db()
    assert channel.partner_name == "Newer"


def exported_channels(name):
    chunks = export_channels(
        channels=Channel.objects.all(), file_format=FORMATS[name], actor=UserFactory()
    )
    return b"".join(chunks)
