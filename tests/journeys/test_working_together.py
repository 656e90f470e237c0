"""Two pages at once: each sees who edits what, and lists follow what was saved."""

import pytest
from playwright.sync_api import expect

from tests.journeys.pages import PATIENCE, expect_live, open_from_menu

TITLE = "Renamed while a list was open"


@pytest.fixture
def list_page(admin_page):
    """The list of videos, live."""
    open_from_menu(admin_page, "Videos")
    expect_live(admin_page)
    return admin_page


@pytest.fixture
def form_page(list_page):
    """The form of the list's first video in another tab."""
    tab = list_page.context.new_page()
    tab.goto(list_page.locator("#result_list a.ytm-link").first.get_attribute("href"))
    expect_live(tab)
    return tab


def test_page_shows_who_edits_which_field_until_they_leave(form_page):
    other = form_page.context.new_page()
    other.goto(form_page.url)
    expect_live(other)

    other.get_by_role("textbox", name="Notes").fill("To be asked")

    told = form_page.locator("[data-live-presence]")
    expect(told).to_have_text("admin is editing Notes.", timeout=PATIENCE)
    expect(form_page.locator(".live-field-note")).to_have_count(1)
    other.close()
    expect(told).to_be_hidden(timeout=PATIENCE)


def test_row_of_an_open_list_follows_an_edit_and_keeps_its_tick(list_page, form_page):
    row = list_page.locator("#result_list tbody tr").first
    row.locator("input.action-select").check()

    form_page.get_by_role("textbox", name="Title").fill(TITLE)
    form_page.get_by_role("button", name="Save", exact=True).click()

    expect(row).to_contain_text(TITLE, timeout=PATIENCE)
    expect(row.locator("input.action-select")).to_be_checked()


def test_form_of_a_channel_says_who_is_there_and_that_it_was_changed(list_page):
    open_from_menu(list_page, "Channels")
    list_page.locator("#result_list a.ytm-link").first.click()
    expect_live(list_page)
    other = list_page.context.new_page()
    other.goto(list_page.url)
    expect_live(other)
    told = list_page.locator("[data-live-presence]")

    other.get_by_role("textbox", name="Office name").fill("Known as this")

    expect(told).to_contain_text("admin is editing", timeout=PATIENCE)
    expect(list_page.locator("[data-live-moved]")).to_be_hidden()
    other.get_by_role("button", name="Save", exact=True).click()
    expect(list_page.locator("[data-live-moved]")).to_be_visible(timeout=PATIENCE)
    history = list_page.locator("#channel-history")
    expect(history).to_contain_text("Known as this", timeout=PATIENCE)


def test_inbox_counts_what_is_unread_and_forgets_what_was_read(list_page):
    link = list_page.get_by_role("link", name="Notifications")
    expect(link.locator(".live-unread")).to_be_visible(timeout=PATIENCE)

    link.click()
    list_page.get_by_role("button", name="Mark all as read").click()

    expect(list_page.locator(".live-unread")).to_have_count(0)
