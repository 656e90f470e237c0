"""The web process dies under an open page: people see it, and miss nothing."""

import pytest
from playwright.sync_api import expect

from tests.journeys.pages import PATIENCE, expect_live, open_from_menu, panel
from tests.journeys.processes import kill_web

NOTE = "Written after the restart"


@pytest.fixture
def video_page(admin_page):
    """The page of some video."""
    open_from_menu(admin_page, "Videos")
    admin_page.locator("#result_list a.ytm-link").first.click()
    expect(admin_page.locator("#video-head")).to_be_visible()
    return admin_page


def test_open_page_comes_back_after_the_web_process_was_killed(video_page, system):
    expect_live(video_page)

    kill_web(system)

    expect(video_page.locator(".live-light")).to_have_text("Reconnecting")
    expect_live(video_page)
    write_note_in_another_tab(video_page)
    expect(panel(video_page, "History")).to_contain_text(NOTE, timeout=PATIENCE)


def write_note_in_another_tab(video_page):
    tab = video_page.context.new_page()
    tab.goto(video_page.url)
    tab.get_by_role("textbox", name="Notes").fill(NOTE)
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.locator("#result_list")).to_be_visible()
