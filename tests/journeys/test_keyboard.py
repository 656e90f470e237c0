"""The main action of the list of reports without a mouse."""

import shutil

import pytest
from playwright.sync_api import expect

from reports.samples import write_samples
from tests.journeys.pages import PATIENCE, expect_live

MOST_STEPS = 80
ACTION = "Import selected reports"
HAS_FOCUS = "target => target === document.activeElement"


@pytest.fixture
def report_name(system, tmp_path):
    """A report that waits in the store."""
    made = write_samples(videos=5, seed=3, folder=tmp_path, owner="Keyboard_Music")
    shutil.copy(made.video_report, system.environment["REPORT_FOLDER"])
    return made.video_report.name


def test_report_is_imported_with_the_keyboard_alone(admin_page, report_name):
    page = admin_page
    page.goto("/admin/reports/report/")
    tab_to(page, page.get_by_role("button", name="Look for new files"))
    page.keyboard.press("Enter")
    row = page.locator("#result_list tbody tr", has_text=report_name)
    expect(row).to_be_visible()
    expect_live(page)

    tab_to(page, row.locator(".action-select"))
    page.keyboard.press("Space")
    tab_to(page, page.locator("select[name=action]"))
    page.keyboard.type(ACTION)
    tab_to(page, page.get_by_role("button", name="Run"))
    page.keyboard.press("Enter")

    expect(page.get_by_text(f"1 file will be imported: {report_name}.")).to_be_visible()
    expect(row).to_contain_text("Completed", timeout=PATIENCE)


def tab_to(page, target):
    """Press Tab until something has the focus, and see that one can see it."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate(HAS_FOCUS):
            break
    expect(target).to_be_focused()
    expect(target).to_be_in_viewport()
