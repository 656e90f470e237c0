"""Export from the list of videos: the filter, the ticks, who may."""

import io

import openpyxl
import pytest
from asgiref.sync import async_to_sync

from tests.factories.catalog import VideoFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/video/"
EXPORT = "/admin/catalog/video/export/"


def body_of(reply):
    async def read():
        return b"".join([chunk async for chunk in reply.streaming_content])

    return async_to_sync(read)()


def export(browser, query="", **chosen):
    data = {"editable": ["title"], "file_format": "csv"} | chosen
    return browser.post(EXPORT + query, data)


def titles(reply):
    lines = body_of(reply).decode("utf-8-sig").splitlines()[1:]
    return {line.split(",")[2] for line in lines}


def test_list_leads_to_the_export_of_what_it_shows(viewer):
    page = viewer.get(LIST, {"privacy": "private"}).content.decode()

    assert f'href="{EXPORT}?privacy=private"' in page


def test_export_holds_what_the_filter_lets_through(viewer):
    VideoFactory(title="Public")
    VideoFactory(title="Private", privacy_status="private")

    assert titles(export(viewer, "?privacy=private")) == {"Private"}


def test_export_holds_what_the_search_finds(viewer):
    VideoFactory(title="Moonlight")
    VideoFactory(title="Sunrise")

    assert titles(export(viewer, "?q=moonlight")) == {"Moonlight"}


def test_hidden_videos_stay_out_as_in_the_list(viewer):
    VideoFactory(title="Shown")
    VideoFactory(title="Hidden", is_hidden=True)

    assert titles(export(viewer)) == {"Shown"}


def test_ticked_rows_alone_are_exported(viewer):
    VideoFactory(title="No")
    wanted = VideoFactory(title="Yes")

    page = viewer.post(
        LIST, {"action": "export_ticked", "_selected_action": [wanted.pk]}
    )

    assert page.context["ticked"] == [str(wanted.pk)]
    assert titles(export(viewer, ticked=[wanted.pk])) == {"Yes"}


def test_all_rows_of_a_filter_are_chosen_by_the_filter(viewer):
    VideoFactory.create_batch(2, privacy_status="private")

    reply = viewer.post(
        f"{LIST}?privacy=private",
        {"action": "export_ticked", "_selected_action": [1], "select_across": "1"},
    )

    assert reply.url == f"{EXPORT}?privacy=private"


def test_page_asks_for_columns_and_tells_how_many_videos(viewer):
    VideoFactory.create_batch(3)

    page = viewer.get(EXPORT)

    assert page.context["count"] == 3
    assert "Export 3 videos" in page.content.decode()


def test_excel_file_has_its_name_and_type(viewer):
    VideoFactory(title="Song")

    reply = export(viewer, file_format="xlsx")

    assert reply["Content-Disposition"].endswith('.xlsx"')
    assert "spreadsheetml" in reply["Content-Type"]
    sheet = openpyxl.load_workbook(io.BytesIO(body_of(reply))).active
    assert sheet["C2"].value == "Song"


def test_unknown_column_is_shown_as_an_error(viewer):
    reply = export(viewer, editable=["password"])

    assert reply.status_code == 200
    assert reply.context["form"].errors["editable"]


def test_nonsense_in_the_address_leads_to_the_list(viewer):
    assert export(viewer, "?nonsense=1").url == LIST


def test_outsider_may_not_export(outsider):
    assert export(outsider).status_code == 403
