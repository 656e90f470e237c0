"""A sheet goes out, is edited, and comes back; a label copy of one's own comes in."""

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.journeys.pages import PATIENCE, open_from_menu, panel, search_list

NEW_LABEL = "Sheet Records"
STATE = "#spreadsheet-page h2 .ytm-badge"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def export_list(page, folder):
    """Export what the list shows as an Excel file; returns its path."""
    page.get_by_role("link", name="Export as a spreadsheet").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export", exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def upload_sheet(page, path):
    """Import a spreadsheet from the menu; its next page is open afterwards."""
    open_from_menu(page, "Spreadsheets")
    page.get_by_role("link", name="Import a spreadsheet").click()
    page.get_by_label("Spreadsheet", exact=True).set_input_files(path)
    page.get_by_role("button", name="Upload", exact=True).click()


def wait_for_account(page):
    """Without a reload: the worker's event brings the account."""
    expect(page.locator(STATE)).to_have_text("Compared", timeout=PATIENCE)


def rows_of(path):
    return [list(row) for row in openpyxl.load_workbook(path).active.values]


def edit_cell(path, line, header, value):
    book = openpyxl.load_workbook(path)
    place = [cell.value for cell in book.active[1]].index(header) + 1
    book.active.cell(line, place).value = value
    book.save(path)


def test_sheet_goes_out_and_comes_back_with_two_edits(admin_page, complaints, folder):
    page = admin_page
    open_from_menu(page, "Videos")
    search_list(page, "live")
    path = export_list(page, folder)
    video_id = rows_of(path)[1][0].lstrip("'")

    upload_sheet(page, path)
    wait_for_account(page)
    expect(page.get_by_text("Nothing to change")).to_be_visible()

    edit_cell(path, 2, "Label", NEW_LABEL)
    edit_cell(path, 2, "Assignee", "admin")
    upload_sheet(page, path)
    wait_for_account(page)
    expect(page.get_by_text("2 values would change.")).to_be_visible()
    page.get_by_role("link", name="See the changes").click()
    assigned = page.locator("#rows tbody tr", has_text="assignee")
    expect(assigned).to_contain_text("nobody")
    expect(assigned).to_contain_text("admin")
    expect(page.get_by_text(NEW_LABEL.split()[0]).first).to_be_visible()
    page.get_by_role("button", name="Apply 2 changes").click()
    expect(page.get_by_text("Applied").first).to_be_visible(timeout=PATIENCE)

    open_from_menu(page, "Videos")
    search_list(page, video_id)
    expect(page.locator("#result_list")).to_contain_text(NEW_LABEL)
    assert complaints == []


def test_label_copy_is_mapped_once_and_then_by_itself(admin_page, complaints, folder):
    page = admin_page
    open_from_menu(page, "Videos")
    search_list(page, "garden")
    header, *rows = rows_of(export_list(page, folder))
    isrc = next(filter(None, (row[header.index("ISRC")] for row in rows)))
    path = folder / "label copy.csv"
    path.write_text(f"Aufnahme;Verlag;Notiz\n{isrc};Copy Records;x\nUSXXX9900001;y;\n")

    upload_sheet(page, path)
    expect(page.get_by_role("cell", name=isrc)).to_be_visible()
    expect(page.get_by_label("Aufnahme")).to_have_value("isrc")
    expect(page.get_by_label("Rows are found by")).to_have_value("isrc")
    page.get_by_label("Verlag").select_option(label="Label")
    page.get_by_label("Save these columns as").fill("Label copy of the office")
    page.get_by_role("button", name="Compare with the catalogue").click()
    wait_for_account(page)
    left_out = panel(page, "What was not taken")
    expect(left_out).to_contain_text("No video in the catalogue has this ISRC.")
    with page.expect_download() as waiting:
        left_out.get_by_role("link", name="Download all as CSV").click()
    assert "USXXX9900001" in waiting.value.path().read_text()

    upload_sheet(page, path)
    wait_for_account(page)
    expect(page.get_by_text("Label copy of the office")).to_be_visible()
    assert complaints == []
