"""Export from the list of channels: the filter, the formats, who may."""

import csv
import io

import openpyxl
import pytest

from tests.catalog.admin.test_spreadsheet_export import body_of
from tests.factories.catalog import ChannelFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/channel/"
EXPORT = "/admin/catalog/channel/export/"


def rows_of(reply):
    text = body_of(reply).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_list_leads_to_the_export_of_what_it_shows(viewer):
    page = viewer.get(LIST, {"q": "Aurora"}).content.decode()

    assert f'href="{EXPORT}?q=Aurora"' in page


def test_export_holds_what_the_list_shows(viewer):
    shown = ChannelFactory(
        name="Aurora", partner_name="Aurora Records", partner_custom_id="=AUR"
    )
    ChannelFactory(name="Borealis")
    ChannelFactory(name="Aurora, once", is_hidden=True)

    [row] = rows_of(viewer.post(f"{EXPORT}?q=Aurora", {"file_format": "csv"}))

    assert row["Channel ID"] == shown.channel_id
    assert row["Office name"] == "Aurora Records"
    assert row["Partner custom ID"] == "'=AUR"
    assert row["Hidden"] == "No"


def test_excel_file_has_its_name_and_type(viewer):
    channel = ChannelFactory()

    reply = viewer.post(EXPORT, {"file_format": "xlsx"})

    assert reply["Content-Type"].endswith("spreadsheetml.sheet")
    assert 'filename="channels_' in reply["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(body_of(reply))).active
    assert channel.channel_id in [cell.value for cell in sheet[2]]


def test_page_asks_for_the_format_and_tells_how_many_channels(viewer):
    ChannelFactory.create_batch(2)

    page = viewer.get(EXPORT).content.decode()

    assert "Export 2 channels" in page
    assert 'name="file_format"' in page


def test_unknown_format_asks_again(viewer):
    reply = viewer.post(EXPORT, {"file_format": "pdf"})

    assert reply.context["form"].errors["file_format"]


def test_nonsense_in_the_address_leads_to_the_list(viewer):
    assert viewer.get(EXPORT, {"nonsense": "1"}).url == LIST


def test_outsider_may_not_export(client):
    client.force_login(UserFactory(permissions=["catalog.view_video"]))

    assert client.get(EXPORT).status_code == 403
    assert client.post(EXPORT, {"file_format": "csv"}).status_code == 403
