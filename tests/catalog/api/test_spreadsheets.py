"""`/api/spreadsheets/`, `/api/videos/export/`: edits that leave and come as sheets."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog import tasks
from catalog.models import ColumnMapping, Spreadsheet
from tests.api_clients import client_of
from tests.catalog.api.conftest import READING
from tests.catalog.spreadsheets.conftest import exported, rows_of, sheet_of
from tests.factories.catalog import UserFactory, VideoFactory

pytestmark = pytest.mark.django_db
SHEETS = "/api/spreadsheets/"
MAPPINGS = "/api/column-mappings/"
EXPORT = "/api/videos/export/"
SEE = (*READING, "catalog.view_spreadsheet", "catalog.view_columnmapping")


@pytest.fixture
def importer(report_store, db):
    return client_of(
        *SEE,
        "catalog.add_spreadsheet",
        "catalog.bulk_edit_video",
        "catalog.delete_columnmapping",
        username="importer",
    )


@pytest.fixture
def onlooker(db):
    return client_of(*SEE)


def send(client, data, **facts):
    file = SimpleUploadedFile("label copy.csv", data)
    return client.post(SHEETS, {"file": file, **facts}, format="multipart")


def address(sheet, rest=""):
    return f"{SHEETS}{sheet.pk}/{rest}"


@pytest.fixture
def sheet(importer):
    """A label copy whose columns were not confirmed yet."""
    VideoFactory(isrc="USRC17600001", title="Old", upc="")
    data = sheet_of(
        ["ISRC", "Song title", "UPC"],
        ["USRC17600001", "New", "36000291452"],
        ["USRC17600009", "Lost", ""],
    )
    send(importer, data, reason="Label copy of May")
    return Spreadsheet.objects.get()


def confirm(client, sheet, *columns, **options):
    body = {"columns": list(columns), "key": "isrc", **options}
    return client.post(address(sheet, "columns/"), body, format="json")


def bytes_of(reply):
    async def collect():
        return b"".join([chunk async for chunk in reply.streaming_content])

    return async_to_sync(collect)()


def test_label_copy_waits_for_its_columns(importer, sheet):
    shown = importer.get(address(sheet)).json()

    assert (shown["state"], shown["header"]) == (
        "mapping",
        ["ISRC", "Song title", "UPC"],
    )
    assert (shown["columns"], shown["key_column"]) == (["isrc", "title", "upc"], "isrc")
    assert not ProcrastinateJob.objects.exists()


def test_own_export_is_compared_without_questions(importer):
    VideoFactory()

    reply = send(importer, exported(columns=("title",)))

    assert (reply.status_code, reply.json()["state"]) == (201, "waiting")
    assert ProcrastinateJob.objects.get().task_name == tasks.compare_spreadsheet.name


def test_confirmed_columns_lead_to_a_plan_and_an_account(importer, sheet):
    reply = confirm(importer, sheet, "isrc", "title", "upc")
    tasks.compare_spreadsheet(spreadsheet_pk=sheet.pk)

    assert (reply.status_code, reply.json()["data"]["state"]) == (202, "waiting")
    shown = importer.get(address(sheet)).json()
    assert shown["state"] == "compared"
    assert (shown["counts"]["edit_count"], shown["counts"]["repair"]) == (1, 1)
    sheet.refresh_from_db()
    assert shown["change_set"] == sheet.change_set_id
    assert sheet.change_set.reason == "Label copy of May"


def test_findings_are_listed_by_kind(importer, sheet):
    confirm(importer, sheet, "isrc", "title", "upc")
    tasks.compare_spreadsheet(spreadsheet_pk=sheet.pk)

    everything = importer.get(address(sheet, "findings/")).json()["results"]
    lost = importer.get(address(sheet, "findings/?kind=not_found")).json()["results"]

    assert {row["kind"] for row in everything} == {"repair", "not_found"}
    assert [(row["line"], row["kind"]) for row in lost] == [(3, "not_found")]


def test_repairs_are_taken_on_request(importer, sheet):
    confirm(importer, sheet, "isrc", "title", "upc")
    tasks.compare_spreadsheet(spreadsheet_pk=sheet.pk)

    reply = importer.post(address(sheet, "compare/"), {"takes_repairs": True})
    tasks.compare_spreadsheet(spreadsheet_pk=sheet.pk)

    assert reply.status_code == 202
    sheet.refresh_from_db()
    assert sheet.counts["edit_count"] == 2


def test_file_is_read_in_another_encoding(importer):
    data = sheet_of(["ISRC", "Song title"], ["USRC17600001", "Ж"], encoding="cp1251")
    send(importer, data)
    sheet = Spreadsheet.objects.get()

    reply = importer.post(address(sheet, "encoding/"), {"encoding": "cp1251"})

    sheet.refresh_from_db()
    assert reply.json()["data"]["encoding"] == "cp1251"
    assert sheet.samples[0][1] == "Ж"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (("isrc", "title"), "3 columns"),
        (("isrc", "title", "colour"), "no field colour"),
        (("isrc", "nonsense", "nonsense"), "no field nonsense"),
        (("", "title", "upc"), "Choose the column"),
    ],
)
def test_columns_that_make_no_sense_are_refused(importer, sheet, columns, said):
    reply = confirm(importer, sheet, *columns)

    sheet.refresh_from_db()
    assert (reply.status_code, sheet.state) == (422, "mapping")
    assert said in reply.json()["message"]


def test_reading_is_saved_by_name_listed_and_forgotten(importer, sheet):
    confirm(importer, sheet, "isrc", "title", "", save_as="Label copy")

    (row,) = importer.get(MAPPINGS).json()["results"]
    reply = importer.delete(f"{MAPPINGS}{row['pk']}/")

    assert (row["name"], row["columns"]) == ("Label copy", ["isrc", "title", ""])
    assert (row["saved_by"], reply.status_code) == ("importer", 204)
    assert not ColumnMapping.objects.exists()


def test_file_that_is_no_sheet_is_refused(importer):
    reply = send(importer, b"\n\n")

    assert (reply.status_code, reply.json()["error_type"]) == (422, "unreadable_sheet")
    assert not Spreadsheet.objects.exists()


def test_list_costs_the_same_for_many_sheets(onlooker, django_assert_num_queries):
    for _ in range(5):
        Spreadsheet.objects.create(name="sheet.csv", key="x", actor=UserFactory())

    # Session, user, its permissions twice, count, rows.
    with django_assert_num_queries(6):
        assert len(onlooker.get(SHEETS).json()["results"]) == 5


def test_list_of_readings_costs_the_same_for_many(onlooker, django_assert_num_queries):
    for number in range(5):
        ColumnMapping.objects.create(name=str(number), saved_by=UserFactory())

    # Session, user, its permissions twice, count, rows.
    with django_assert_num_queries(6):
        assert len(onlooker.get(MAPPINGS).json()["results"]) == 5


@pytest.mark.security
@pytest.mark.parametrize("button", ["", "columns/", "encoding/", "compare/"])
def test_onlooker_imports_nothing(onlooker, importer, sheet, button):
    where = address(sheet, button) if button else SHEETS

    assert onlooker.post(where, {}, format="json").status_code == 403


# EXPORT


def test_export_holds_what_the_filter_finds(onlooker):
    VideoFactory(title="Ours", label="Blue")
    VideoFactory(title="Other", label="Red")

    reply = onlooker.get(f"{EXPORT}?label=Blue&columns=title,label&file_format=csv")

    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *rows = rows_of(bytes_of(reply))
    title = header.index("Title")
    assert [row[title] for row in rows] == ["Ours"]
    assert len(header) == 4


def test_export_is_a_workbook_unless_asked_otherwise(onlooker):
    VideoFactory()

    reply = onlooker.get(EXPORT)

    assert ".xlsx" in reply.headers["Content-Disposition"]
    assert bytes_of(reply).startswith(b"PK")


@pytest.mark.parametrize(
    ("query", "name"),
    [("columns=colour", "columns"), ("file_format=pdf", "file_format"), ("x=1", "x")],
)
def test_export_names_what_it_does_not_know(onlooker, query, name):
    reply = onlooker.get(f"{EXPORT}?{query}")

    assert (reply.status_code, list(reply.json()["details"])) == (400, [name])
