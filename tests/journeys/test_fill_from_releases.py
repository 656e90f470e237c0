"""The distributor's list comes in, a match is accepted, and a video is filled in."""

from playwright.sync_api import expect

from tests.journeys.pages import (
    PATIENCE,
    open_from_menu,
    panel,
    run_action,
    search_list,
)
from tests.journeys.test_spreadsheets import export_list, rows_of

LABEL = "Distributorsound"


def test_release_list_is_matched_and_fills_a_video(admin_page, complaints, tmp_path):
    page = admin_page
    open_from_menu(page, "Videos")
    search_list(page, "night")
    header, *rows = rows_of(export_list(page, tmp_path))
    row = next(row for row in rows if row[header.index("ISRC")])
    video_id, isrc = row[0].lstrip("'"), row[header.index("ISRC")]
    title = row[header.index("Title")]
    path = tmp_path / "releases.csv"
    path.write_text(f"ISRC;Track Title;Label Name\n{isrc};Another title;{LABEL}\n")

    open_from_menu(page, "Release matches")
    page.get_by_role("link", name="Load a list of releases").first.click()
    page.get_by_label("List of releases", exact=True).set_input_files(path)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_label("Track Title")).to_have_value("title")
    expect(page.get_by_label("Label Name")).to_have_value("label")
    page.get_by_role("button", name="Load and match").click()
    state = page.locator("#release-list-page h2 .ytm-badge")
    expect(state).to_have_text("Matched", timeout=PATIENCE)

    page.get_by_role("link", name="Look at the matches").click()
    expect(page.get_by_text("The ISRC is the same.").first).to_be_visible()
    run_action(page, title, "Accept: the video shows this")
    expect(page.get_by_text("1 accepted.")).to_be_visible()
    page.get_by_label("Also replace values that are there already").check()
    page.get_by_role("button", name="See what would be filled in").click()
    expect(panel(page, "Changes")).to_contain_text(LABEL)
    page.get_by_role("button", name="Apply 1 change").click()
    expect(page.get_by_text("Applied").first).to_be_visible(timeout=PATIENCE)

    open_from_menu(page, "Videos")
    search_list(page, video_id)
    expect(page.locator("#result_list")).to_contain_text(LABEL)
    assert complaints == []
