"""The main job as a person does it: a report comes in, a video is corrected, YouTube
follows."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import story
from tests.journeys.pages import (
    PATIENCE,
    expect_live,
    filter_list,
    note_changes,
    noted_changes,
    open_from_menu,
    panel,
    run_action,
    search_list,
    upload,
)
from tests.journeys.processes import paused, slowed_down
from tests.recovery.sandbox import RemoteSandbox

DAY = "2026-07-01"
TITLE, ISRC, WRONG_ISRC = "Corrected by hand", "USRC17607839", "USRC1760783"
STATE, ITEM_STATE = "#report-page h2 .ytm-badge", "#push-plan td .ytm-badge"
ROWS, PERCENT, SPEED, TIME_LEFT = (
    f"dd[data-live-field={name}]"
    for name in ("rows_read", "percent", "rows_per_second", "seconds_left")
)
ABOVE_ZERO = re.compile("[1-9]")
DONE = re.compile("^Completed")


@pytest.fixture
def files(tmp_path):
    return story.write_reports(tmp_path)


@pytest.fixture
def sandbox(system):
    return RemoteSandbox(system.environment["YOUTUBE_API_BASE"])


def test_main_job_goes_from_the_report_to_youtube(
    admin_page, complaints, system, machine, sandbox, files
):
    page, video = admin_page, story.choose_video()
    story.seed_sandbox(sandbox, video)
    shutil.copy(files.video_report, system.environment["REPORT_FOLDER"])

    import_from_the_list(page, machine, files)
    see_the_account(page, files)
    see_what_was_left_out(page)
    import_an_upload(page, files)
    import_the_same_again(page, files)
    correct_a_video(page, video)
    find_the_unpushed(page)
    connect_an_account(page)
    before = sandbox.get("state")
    sync_now(page, machine, video)
    see_the_records(page)
    see_nothing_unpushed(page, video)

    assert story.differences_between(before, sandbox.get("state")) == {
        f"videos/{video.video_id}/snippet/title": TITLE,
        f"assets/{video.asset_ids[0]}/metadataMine/isrc": ISRC,
        f"assets/{video.asset_ids[0]}/metadataEffective/isrc": ISRC,
    }
    assert complaints == []


# Reports


def import_from_the_list(page, machine, files):
    name, state = files.video_report.name, page.locator(STATE)
    open_from_menu(page, "Reports")
    page.get_by_role("button", name="Look for new files").click()
    with paused(machine.worker("imports")):
        run_action(page, name, "Import selected reports")
        expect(page.get_by_text(f"1 file will be imported: {name}.")).to_be_visible()
        page.get_by_role("link", name=name).click()
        expect_live(page)
        expect(state).to_have_text("Waiting")
        note_changes(page, STATE)
    with slowed_down(machine.worker("imports")):
        expect(state).to_have_text("Reading", timeout=PATIENCE)
        for figure in (ROWS, PERCENT, SPEED):
            expect(page.locator(figure)).to_have_text(ABOVE_ZERO, timeout=PATIENCE)
        expect(page.locator(TIME_LEFT)).to_have_text(re.compile(r"\d s$"))
    expect(state).to_have_text("Completed with errors", timeout=PATIENCE)
    assert noted_changes(page, STATE)[:2] == ["Waiting", "Reading"]


def see_the_account(page, files):
    rows, videos = map(figures_of, page.locator("dl.ytm-sum").all()[:2])
    assert rows[0] == files.row_count == sum(rows[1:])
    assert videos[0] == videos[1] == sum(videos[2:]) + videos[1]
    assert videos[0] > 0.99 * story.CATALOGUE.count
    expect(panel(page, "Good to know")).to_contain_text("1 unknown column")


def figures_of(sums):
    texts = sums.locator("dd:not(.ytm-hint)").all_inner_texts()
    return [int(text.replace(",", "")) for text in texts]


def see_what_was_left_out(page):
    left_out = panel(page, "Left out")
    expect(left_out.get_by_role("row")).to_have_count(50 + 1)
    left_out.get_by_role("link", name="Show all of them").click()
    search_list(page, "too few")
    cells = page.locator("#result_list tbody tr").locator("th, td")
    expect(cells).to_have_text([ABOVE_ZERO, "–", *story.SHORT_ROW_SHOWN, "Row"])
    page.get_by_role("link", name="Back to the report").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download rejected rows as CSV").click()
    with Path(download.value.path()).open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "column", "value", "reason", "row rejected"]
    assert [row[1:] for row in rows[-3:]] == story.BAD_ROWS_LISTED


def import_an_upload(page, files):
    upload(page, files.asset_report, DAY)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(STATE)).to_have_text(DONE, timeout=PATIENCE)


def import_the_same_again(page, files):
    """The packed file has another name and is bigger than nothing; it is the same."""
    count = video_count(page)
    upload(page, files.packed_again, DAY, story.OWNER)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(STATE)).to_have_text("Duplicate", timeout=PATIENCE)
    expect(page.locator("#report-page")).to_contain_text("Nothing was changed.")
    page.get_by_role("link", name=files.video_report.name, exact=True).click()
    expect(page.locator(STATE)).to_have_text("Completed with errors")
    assert video_count(page) == count


def video_count(page):
    open_from_menu(page, "Videos")
    return (
        page.locator("#changelist")
        .get_by_text(re.compile(r"[\d,]+ videos"))
        .text_content()
    )


# Videos


def correct_a_video(page, video):
    open_video(page, video.video_id, video.title)
    for label, value in (("Artist", video.artist), ("UPC", video.upc)):
        expect(box(page, label)).to_have_value(value)
    save(page, title=TITLE, isrc=WRONG_ISRC)
    expect(page.locator(".field-isrc")).to_contain_text("An ISRC has 12 characters")
    expect(box(page, "ISRC")).to_have_value(WRONG_ISRC)
    expect(box(page, "Title")).to_have_value(TITLE)
    save(page, title=TITLE, isrc=ISRC)
    expect(panel(page, "Unpushed edits: title, ISRC")).to_be_visible()
    see_history(page, "title", video.title, TITLE)
    see_history(page, "ISRC", video.isrc, ISRC)


def open_video(page, words, title):
    open_from_menu(page, "Videos")
    search_list(page, words)
    page.locator("#result_list").get_by_role("link", name=title, exact=True).click()
    expect_live(page)


def box(page, label):
    return page.get_by_role("textbox", name=label, exact=True)


def save(page, title, isrc):
    box(page, "Title").fill(title)
    box(page, "ISRC").fill(isrc)
    page.get_by_role("button", name="Save and continue editing").click()


def see_history(page, field, old, new):
    row = panel(page, "History").get_by_role("row").filter(has_text=new)
    expect(row.locator("td, th")).to_have_text(
        [re.compile(r"^\d{4}-"), "admin", field, old, new]
        + [re.compile("Form: Change set"), re.compile("Restore")]
    )


def find_the_unpushed(page):
    open_from_menu(page, "Videos")
    search_list(page, TITLE)
    filter_list(page, "Unpushed edits", "Has unpushed edits")
    rows = page.locator("#result_list tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(TITLE)


# YouTube


def connect_an_account(page):
    open_from_menu(page, "Accounts")
    page.get_by_role("link", name="Connect an account").click()
    page.get_by_label("Content owner").select_option(label=story.OWNER)
    page.get_by_role("button", name="Continue to Google").click()
    expect(page.get_by_text("this is not Google")).to_be_visible()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(f"{story.OWNER} is connected.")).to_be_visible()
    row = page.locator("#result_list tbody tr", has_text=story.OWNER)
    expect(row).to_contain_text(re.compile(f"{story.OWNER}.*Connected", re.DOTALL))


def sync_now(page, machine, video):
    open_video(page, ISRC, TITLE)
    page.get_by_role("link", name="Sync now").click()
    preview = panel(page, "Sync now")
    for text in (video.title, TITLE, video.isrc, ISRC, "51 units, and Content ID"):
        expect(preview).to_contain_text(text)
    with paused(machine.worker("youtube")):
        page.get_by_role("button", name="Push to YouTube").click()
        expect(page.locator(ITEM_STATE)).to_have_text(["Pending", "Pending"])
        expect_live(page)
        note_changes(page, ITEM_STATE)
    expect(page.locator(ITEM_STATE)).to_have_text(["Success"] * 2, timeout=PATIENCE)
    seen = noted_changes(page, ITEM_STATE)
    assert (seen[0], seen[-1]) == ("Pending", "Success")


def see_the_records(page):
    page.get_by_role("link", name="Sync records of this plan").click()
    rows = page.locator("#result_list tbody tr")
    expect(rows).to_have_count(2)
    for row, field in zip(rows.all(), ("ISRC", "title"), strict=True):
        expect(row).to_contain_text(re.compile(f"{field}.*Success", re.DOTALL))


def see_nothing_unpushed(page, video):
    open_video(page, video.video_id, TITLE)
    expect(panel(page, "YouTube sync")).to_contain_text("No unpushed edits")
    expect(panel(page, "Unpushed edits:")).to_have_count(0)
    open_from_menu(page, "Videos")
    search_list(page, TITLE)
    filter_list(page, "Unpushed edits", "Has unpushed edits")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
