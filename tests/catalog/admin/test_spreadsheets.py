"""Upload, columns, account and findings of a sheet in the admin."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import tasks
from catalog.models import ColumnMapping, Spreadsheet
from tests.catalog.admin.conftest import EDIT, VIEW, signed_in
from tests.catalog.spreadsheets.conftest import exported, sheet_of
from tests.factories.catalog import ChannelFactory, VideoFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/spreadsheet/"
ADD = f"{LIST}add/"
MAPPINGS = "/admin/catalog/columnmapping/"
SEE = ["catalog.view_spreadsheet", "catalog.view_columnmapping"]


@pytest.fixture
def importer(client, report_store):
    """A browser of somebody who imports spreadsheets."""
    more = [*SEE, "catalog.add_spreadsheet", "catalog.delete_columnmapping"]
    return signed_in(client, [*VIEW, *EDIT, *more])


@pytest.fixture
def onlooker(client, report_store):
    """A browser of somebody who may look at spreadsheets."""
    return signed_in(client, [*VIEW, *SEE])


def send(browser, content, name="label copy.csv", **facts):
    data = content.encode() if isinstance(content, str) else content
    return browser.post(ADD, {"file": SimpleUploadedFile(name, data), **facts})


def address(sheet, view="change"):
    return f"{LIST}{sheet.pk}/{view}/"


def columns(*names, **options):
    answers = {f"column_{place}": name for place, name in enumerate(names)}
    return {
        "target": "videos",
        "key": "isrc",
        "list_separator": "|",
        "clear_token": "[clear]",
        **answers,
        **options,
    }


@pytest.fixture
def compared(importer):
    """Upload, confirm the columns of and compare a small label copy."""
    VideoFactory(isrc="USRC17600001", title="Old", upc="")
    data = sheet_of(
        ["ISRC", "Song title", "UPC"],
        ["USRC17600001", "New", "36000291452"],
        ["USRC17600009", "Lost", ""],
    )
    send(importer, data, reason="Label copy of May")
    sheet = Spreadsheet.objects.get()
    importer.post(address(sheet, "columns"), columns("isrc", "title", "upc"))
    tasks.compare_spreadsheet(spreadsheet_pk=sheet.pk)
    sheet.refresh_from_db()
    return sheet


def text_of(reply):
    return " ".join(reply.content.decode().split())


def test_label_copy_asks_for_its_columns_first(importer):
    reply = send(importer, "Song title;ISRC\nNew;USRC17600001\n")

    sheet = Spreadsheet.objects.get()
    assert reply.url == address(sheet)
    assert importer.get(reply.url).url == address(sheet, "columns")
    page = importer.get(address(sheet, "columns"))
    assert "New" in text_of(page)
    form = page.context["form"]
    assert form.initial["column_0"] == "title"
    assert form.initial["key"] == "isrc"


def test_own_export_is_compared_without_questions(importer):
    VideoFactory()

    send(importer, exported(columns=("title",)))

    sheet = Spreadsheet.objects.get()
    assert (sheet.state, sheet.job_id is not None) == ("waiting", True)
    assert "is being compared" in text_of(importer.get(address(sheet)))


def test_account_tells_what_would_change_and_what_was_not_taken(importer, compared):
    page = text_of(importer.get(address(compared)))

    assert "1 value would change" in page
    assert f'href="/admin/catalog/changeset/{compared.change_set_id}/change/"' in page
    assert "No video in the catalogue has this ISRC." in page
    assert "1 UPC lost a zero" in page
    assert compared.change_set.reason == "Label copy of May"


def test_change_set_leads_back_to_its_spreadsheet(importer, compared):
    page = f"/admin/catalog/changeset/{compared.change_set_id}/change/"
    link = f'<a href="{address(compared)}">label copy.csv</a>'

    assert link in text_of(importer.get(page))
    assert link not in text_of(signed_in(importer, VIEW).get(page))


def test_repair_is_taken_in_on_request(importer, compared):
    importer.post(address(compared, "compare"), {"repairs": "1"})
    tasks.compare_spreadsheet(spreadsheet_pk=compared.pk)

    new = compared.change_set.changes.values_list("field", "new")
    assert set(new) == {("title", "New"), ("upc", "036000291452")}
    assert "lost a zero" not in text_of(importer.get(address(compared)))


def test_findings_download_as_csv(importer, compared):
    reply = importer.get(address(compared, "findings"))

    async def read():
        return b"".join([chunk async for chunk in reply.streaming_content])

    lines = async_to_sync(read)().decode("utf-8-sig").splitlines()
    assert lines[0] == "line,column,value,problem,reason"
    assert lines[1].startswith("2,UPC,36000291452,Repair offered,")
    assert lines[2].startswith("3,ISRC,USRC17600009,Not in the catalogue,")


def test_columns_are_saved_by_name_and_used_again(importer):
    data = "Recording;Working title\nUSRC17600001;New\n"
    send(importer, data)
    first = Spreadsheet.objects.get()
    importer.post(
        address(first, "columns"), columns("isrc", "title", save_as="Our label copy")
    )

    send(importer, data)

    again = Spreadsheet.objects.first()
    assert again.mapping == ColumnMapping.objects.get(name="Our label copy")
    assert again.state == "waiting"


def test_columns_that_cannot_work_are_said_and_kept(importer):
    send(importer, "ISRC,Title\nUSRC17600001,New\n")
    sheet = Spreadsheet.objects.get()

    page = importer.post(address(sheet, "columns"), columns("isrc", "isrc"))

    assert "Two columns are ISRC" in text_of(page)
    assert page.context["form"]["column_1"].value() == "isrc"
    assert Spreadsheet.objects.get().state == "mapping"


def test_channel_list_is_about_channels(importer):
    channel = ChannelFactory()
    send(importer, f"channelID,customID,displayName\n{channel.channel_id},P,Name\n")
    sheet = Spreadsheet.objects.get()

    page = importer.get(address(sheet, "columns"))

    assert page.context["target"] == "channels"
    assert page.context["form"].initial["column_2"] == "partner_name"


def test_sheet_may_be_about_something_else_than_suggested(importer):
    send(importer, "Custom ID,Genre\nA,Pop\n")
    sheet = Spreadsheet.objects.get()

    page = importer.get(address(sheet, "columns"), {"target": "channels"})

    assert page.context["form"].initial["column_0"] == "partner_custom_id"


def test_file_is_read_again_in_another_encoding(importer):
    send(importer, "ISRC,Title\nUSRC17600001,Привет\n".encode("cp1251"))
    sheet = Spreadsheet.objects.get()

    importer.post(address(sheet, "encoding"), {"encoding": "cp1251"})

    sheet.refresh_from_db()
    assert sheet.samples == [["USRC17600001", "Привет"]]


def test_file_that_cannot_be_read_is_refused_in_words(importer):
    page = send(importer, b"\xd0\xcf\x11\xe0", "old.xls")

    assert "save it as .xlsx" in text_of(page)
    assert not Spreadsheet.objects.exists()


def test_failed_sheet_says_why(importer, compared):
    Spreadsheet.objects.update(state="failed", error="The row in line 3 is odd.")

    assert "The row in line 3 is odd." in text_of(importer.get(address(compared)))


def test_list_shows_each_sheet(importer, compared, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = text_of(importer.get(LIST))

    assert "label copy.csv" in page
    assert "Compared" in page


def test_mapping_is_listed_and_can_be_deleted(importer, compared):
    ColumnMapping.objects.create(
        name="Ours",
        header=["Recording", "Name"],
        columns=["isrc", "title"],
        key_column="isrc",
    )
    saved = ColumnMapping.objects.get()

    page = text_of(importer.get(MAPPINGS))
    one = text_of(importer.get(f"{MAPPINGS}{saved.pk}/change/"))
    importer.post(f"{MAPPINGS}{saved.pk}/delete/", {"post": "yes"})

    assert "Recording → ISRC, Name → Title" in page
    assert "Recording → ISRC, Name → Title" in one
    assert not ColumnMapping.objects.exists()


@pytest.mark.security
def test_onlooker_sees_the_account_and_changes_nothing(onlooker):
    onlooker_pk = onlooker.person.pk
    sheet = Spreadsheet.objects.create(
        name="a.csv", actor_id=onlooker_pk, encoding="utf-8-sig", state="compared"
    )

    page = text_of(onlooker.get(address(sheet)))
    refused = [
        onlooker.get(ADD).status_code,
        send(onlooker, "ISRC,Title\n").status_code,
        onlooker.get(address(sheet, "columns")).status_code,
        onlooker.post(address(sheet, "compare")).status_code,
        onlooker.post(address(sheet, "encoding")).status_code,
    ]

    assert "Compare again" not in page
    assert refused == [403] * 5


@pytest.mark.security
@pytest.mark.parametrize("view", ["change", "findings", "columns"])
def test_outsider_sees_no_sheet(outsider, view):
    sheet = Spreadsheet.objects.create(
        name="a.csv", actor=outsider.person, encoding="utf-8-sig", state="compared"
    )

    assert outsider.get(address(sheet, view)).status_code == 403


@pytest.mark.parametrize("key", ["999999", "nonsense"])
def test_sheet_that_does_not_exist_is_not_found(importer, key):
    assert importer.get(f"{LIST}{key}/change/").status_code == 404
