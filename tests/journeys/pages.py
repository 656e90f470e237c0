"""What a person does again and again on the pages of the admin."""

from playwright.sync_api import expect

PATIENCE = 60_000  # milliseconds for work that a worker does
NOTE_CHANGES = """selector => {
    const seen = window.journeySaw ??= {};
    seen[selector] = [];
    const note = () => {
        const text = document.querySelector(selector)?.textContent.trim();
        if (text && seen[selector].at(-1) !== text) seen[selector].push(text);
    };
    const what = {subtree: true, childList: true, characterData: true};
    new MutationObserver(note).observe(document.body, what);
    note();
}"""


def sign_in(page, name, password):
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def open_from_menu(page, title):
    """Go to a list by the navigation, which stands on every page."""
    menu = page.locator("#nav-sidebar")
    menu.get_by_role("link", name=title, exact=True).click()
    expect_live(page)


def expect_live(page):
    expect(page.locator(".live-light")).to_have_text("Live", timeout=PATIENCE)


def run_action(page, text, action):
    """Tick the one row with this text and run an action on it."""
    page.locator("#result_list tr", has_text=text).locator(".action-select").check()
    page.locator("select[name=action]").select_option(label=action)
    page.get_by_role("button", name="Run").click()


def filter_list(page, label, option):
    page.get_by_role("button", name="Filters").click()
    panel = page.locator("#changelist-filter")
    panel.get_by_label(label, exact=True).select_option(label=option, force=True)
    panel.get_by_role("button", name="Apply Filters").click()


def search_list(page, words):
    page.locator("#searchbar").fill(words)
    page.locator("#searchbar").press("Enter")
    page.wait_for_url("**q=**")


def upload(page, path, day, owner=None):
    """Upload a report; its page is open afterwards."""
    open_from_menu(page, "Reports")
    page.get_by_role("link", name="Upload a report").click()
    page.get_by_label("Report file").set_input_files(path)
    page.get_by_label("Data date (as of)").fill(day)
    if owner:
        page.get_by_label("Content owner").select_option(label=owner)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_text("It can be imported now.")).to_be_visible()


def panel(page, heading):
    """The part of a page that has this heading."""
    return page.locator("section.ytm-panel").filter(
        has=page.get_by_role("heading", name=heading)
    )


def note_changes(page, selector):
    """Let the page itself note what it shows; a reload would forget it."""
    page.evaluate(NOTE_CHANGES, selector)


def noted_changes(page, selector):
    """What was shown, one text after the other, without a reload in between."""
    return page.evaluate("selector => window.journeySaw[selector]", selector)
