"""Undecided Shorts are decided by keyboard, taken back, and judged by the rules."""

from playwright.sync_api import expect

from tests.journeys.pages import PATIENCE, open_from_menu

CURRENT = ".ytm-review-card:not([data-later]) article"
SAID = ".ytm-review-said"


def open_review(page):
    open_from_menu(page, "Shorts review")
    page.get_by_role("link", name="Review with the keyboard").click()
    expect(page.locator(CURRENT)).to_be_focused()


def current_name(page):
    return page.locator(CURRENT).get_attribute("aria-label")


def test_keys_decide_skip_and_undo(admin_page, complaints):
    page = admin_page
    open_review(page)
    first = current_name(page)

    page.keyboard.press("s")
    expect(page.locator(SAID)).to_have_text(f"Short: {first}")
    second = current_name(page)
    page.keyboard.press("u")
    expect(page.locator(SAID)).to_have_text(f"Undone: {first}")
    assert current_name(page) == first
    page.keyboard.press("Space")
    expect(page.locator(CURRENT)).to_have_attribute("aria-label", second)
    page.keyboard.press("n")
    expect(page.locator(SAID)).to_have_text(f"Not a Short: {second}")

    open_review(page)
    assert current_name(page) == first
    open_from_menu(page, "Not Shorts")
    decided = page.locator("#result_list tr", has_text="Decided by a person.")
    expect(decided.filter(has_text=second)).to_have_count(1)
    assert complaints == []


def test_cards_side_by_side_are_decided_on_a_phone(admin_page, complaints):
    page = admin_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/catalog/shortsverdict/review/?way=grid")
    card = page.locator(".ytm-review-card").first
    name = card.locator("article").get_attribute("aria-label")

    card.get_by_role("button", name="Not a Short").click()

    expect(page.locator(SAID)).to_have_text(f"Not a Short: {name}")
    expect(card.locator(".ytm-review-verdict")).to_have_text("Not a Short")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(SAID)).to_have_text(f"Undone: {name}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert complaints == []


def test_rules_that_would_flip_nothing_say_so(admin_page, complaints):
    page = admin_page
    open_from_menu(page, "Shorts review")

    page.get_by_role("button", name="Run the rules again").click()

    expect(page.get_by_text("Shorts: rules run again")).to_be_visible()
    expect(page.get_by_text("Planned").first).to_be_visible(timeout=PATIENCE)
    assert complaints == []
