"""Many videos are edited after a preview and taken back; two people meet in a form."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.pages import (
    PATIENCE,
    open_from_menu,
    panel,
    search_list,
    sign_in,
)
from tests.journeys.test_keyboard import tab_to

NAME, PASSWORD = "colleague", "edits-at-the-same-time-7"
ADD_EDITOR = f"""
from django.contrib.auth.models import Group, User
person = User.objects.create_user("{NAME}", password="{PASSWORD}", is_staff=True)
person.groups.add(Group.objects.get(name="Editor"))
"""
MARK, WRONG_MARK, REASON = "[Journey]", "[Jorney]", "Marked for the journey"
STATE = "#change-set-page h2 .ytm-badge"


@pytest.fixture(scope="module")
def colleague(system):
    system.manage("shell", "--command", ADD_EDITOR)


@pytest.fixture
def other_page(browser, system, colleague):
    """A page of another browser, in which a colleague is logged in."""
    context = browser.new_context(base_url=system.url)
    other = context.new_page()
    sign_in(other, NAME, PASSWORD)
    yield other
    context.close()


def test_many_videos_are_edited_looked_at_and_taken_back(admin_page, complaints):
    page = admin_page
    count, words = choose_all_found(page, "garden")
    try_a_pattern(page, WRONG_MARK)
    preview(page, count)

    page.get_by_role("link", name="Correct the form").click()
    expect(page.get_by_label("Replace with")).to_have_value(rf"\1 {WRONG_MARK}")
    try_a_pattern(page, MARK)
    preview(page, count)
    left_out = leave_the_first_out(page)
    page.get_by_role("button", name=re.compile("^Apply")).click()
    expect(page.locator(STATE)).to_have_text("Applied", timeout=PATIENCE)
    applied = page.url
    see_titles(page, words, count - 1, left_out)
    see_history_of_one(page)

    page.goto(applied)
    page.get_by_role("button", name="Preview the revert").click()
    expect(page.locator(STATE)).to_have_text("Planned", timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("^Apply")).click()
    expect(page.locator(STATE)).to_have_text("Applied", timeout=PATIENCE)
    see_titles(page, words, 0, left_out)
    assert complaints == []


def choose_all_found(page, words):
    """Open the form for all videos of a search, on whatever page they stand."""
    search_videos(page, words)
    page.locator("#action-toggle").check()
    everything = page.locator(".actions .question a")
    if everything.is_visible():
        everything.click()
    page.locator("select[name=action]").select_option(label="Edit many…")
    page.get_by_role("button", name="Run").click()
    heading = page.get_by_role("heading", name=re.compile(r"videos? chosen$"))
    count = int(heading.text_content().split()[0].replace(",", ""))
    assert count > 2, "the sample has several of them"
    return count, words


def search_videos(page, words):
    """Begin at the whole list: a second search would not be waited for."""
    open_from_menu(page, "Videos")
    search_list(page, words)


def try_a_pattern(page, mark):
    """Put a mark behind each title with a regular expression and its group."""
    page.get_by_label("Find", exact=True).fill("^(.*)$")
    page.get_by_label("Replace with").fill(rf"\1 {mark}")
    page.get_by_label("Regular expression").check()
    page.get_by_role("button", name="Try it on some videos").click()
    examples = panel(page, "Examples")
    expect(examples.locator("ins").first).to_contain_text(mark)


def preview(page, count):
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Preview all changes").click()
    expect(page.locator(STATE)).to_have_text("Planned", timeout=PATIENCE)
    button = page.get_by_role("button", name=re.compile("^Apply"))
    expect(button).to_have_text(f"Apply {count} changes")


def leave_the_first_out(page):
    """Returns the title that stays."""
    row = panel(page, "Changes").locator("tbody tr").first
    title = row.get_by_role("rowheader").get_by_role("link").text_content()
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Leave ticked rows out").click()
    expect(page.get_by_text("Rows left out: 1.")).to_be_visible()
    return title


def see_titles(page, words, marked_count, left_out):
    search_videos(page, f"{words} {MARK}")
    if marked_count:
        marked = page.get_by_text(f"{marked_count} videos", exact=True)
        expect(marked.first).to_be_visible(timeout=PATIENCE)
    else:
        expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    search_videos(page, words)
    title = page.locator("#result_list").get_by_role("link", name=left_out, exact=True)
    expect(title.first).to_be_visible()


def see_history_of_one(page):
    search_videos(page, MARK)
    page.locator("#result_list").get_by_role("link", name=MARK).first.click()
    row = panel(page, "History").get_by_role("row").filter(has_text=REASON)
    expect(row).to_contain_text("Bulk edit")
    expect(row.get_by_role("link", name=re.compile("^Change set"))).to_be_visible()


def test_who_comes_too_late_merges_with_the_keyboard(admin_page, other_page):
    page = admin_page
    open_from_menu(page, "Videos")
    page.locator("#result_list tbody a.ytm-link").first.click()
    expect(page.locator("#video-head")).to_be_visible()
    other_page.goto(page.url)
    save_title(other_page, "Theirs, first")
    expect(panel(other_page, "History")).to_contain_text("Theirs, first")

    page.get_by_role("textbox", name="Title", exact=True).fill("Mine, too late")
    tab_to(page, page.get_by_role("button", name="Save and continue editing"))
    page.keyboard.press("Enter")
    merge = page.locator("#merge")
    expect(merge).to_contain_text("Nothing was saved yet.")
    expect(merge.get_by_role("radio", name=re.compile("^Mine"))).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(merge.get_by_role("radio", name=re.compile("^Theirs"))).to_be_checked()
    page.keyboard.press("ArrowUp")
    tab_to(page, page.get_by_role("button", name="Save with these values"))
    page.keyboard.press("Enter")

    expect(page.locator("#merge")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value(
        "Mine, too late"
    )
    rows = panel(page, "History").locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("Theirs, first")
    expect(rows.nth(0)).to_contain_text("admin")
    expect(rows.nth(1)).to_contain_text(NAME)


def save_title(page, title):
    page.get_by_role("textbox", name="Title", exact=True).fill(title)
    page.get_by_role("button", name="Save and continue editing").click()
