"""Values travel from YouTube to here, from here to YouTube, and are taken back."""

import re

import pytest
from playwright.sync_api import expect

from reports.samples.sandbox import differences_of
from reports.samples.videos import SampleCatalogue
from tests.journeys.pages import (
    PATIENCE,
    expect_live,
    open_from_menu,
    panel,
    run_action,
    search_list,
)
from tests.recovery import traces
from tests.recovery.browser import Browser
from tests.recovery.sandbox import RemoteSandbox

OWNER = "Aurora Music"
STATE, RUN_STATE = "#push-plan h2 .ytm-badge", "#refresh-run h2 .ytm-badge"
STUDIO, SUFFIX = "Edited in the Studio", " (aller retour)"
# Nobody edited them here, and no conflict is open.
UNTOUCHED = (
    "SELECT v.video_id FROM catalog_video v "
    "JOIN catalog_videosnapshot s ON s.video_id = v.id AND s.title = v.title "
    "WHERE v.pending_fields = '{}' AND v.pinned_fields = '{}' AND NOT v.is_hidden "
    "AND NOT EXISTS (SELECT FROM catalog_conflict c WHERE c.video_id = v.id)"
)


@pytest.fixture
def sandbox(system):
    return RemoteSandbox(system.environment["YOUTUBE_API_BASE"])


@pytest.fixture
def videos(machine):
    """Three videos of the sample that YouTube shows as they are known here."""
    untouched = {video_id for (video_id,) in machine.rows(UNTOUCHED)}
    fitting = [
        video
        for video in SampleCatalogue(videos=500, seed=1)
        if not video.problems
        and not differences_of(video.number)
        and video.video_id in untouched
    ]
    return fitting[-3:]


@pytest.fixture
def account(system):
    person = Browser(system.url).sign_in("admin", system.password)
    person.connect_account(OWNER)
    person.session.close()


def test_values_go_from_youtube_here_and_back_again(
    admin_page, complaints, sandbox, videos, account
):
    page, (first, second, third) = admin_page, videos
    sandbox.post(f"videos/{third.video_id}", title=STUDIO)

    refresh(page, third)
    see_title(page, third, STUDIO)
    before = sandbox.videos()
    for video in (first, second):
        change_title(page, video)
    plan_a_push(page)
    leave_out(page, second)
    push(page)
    see_state(page, first, "Success")
    see_state(page, second, "Left out")
    assert titles_of(sandbox, first, second) == [first.title + SUFFIX, second.title]
    undo(page)
    push(page)
    see_state(page, first, "Success")

    see_title(page, first, first.title)
    see_title(page, second, second.title + SUFFIX)
    assert without_etags(sandbox.videos()) == without_etags(before)
    assert complaints == []


def find(page, video):
    open_from_menu(page, "Videos")
    search_list(page, video.video_id)
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


def refresh(page, video):
    find(page, video)
    run_action(page, video.title, "Refresh from YouTube")
    expect(page.locator(RUN_STATE)).to_have_text("Completed", timeout=PATIENCE)
    read = panel(page, re.compile("^Refresh"))
    expect(read).to_contain_text("1 of 1 videos")


def see_title(page, video, title):
    find(page, video)
    row = page.locator("#result_list tbody tr")
    expect(row.get_by_role("link", name=title, exact=True)).to_be_visible()


def change_title(page, video):
    find(page, video)
    row = page.locator("#result_list tbody tr")
    row.get_by_role("link", name=video.title, exact=True).click()
    page.get_by_role("textbox", name="Title", exact=True).fill(video.title + SUFFIX)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(panel(page, "Unpushed edits: title")).to_be_visible()


def plan_a_push(page):
    open_from_menu(page, "Videos")
    search_list(page, SUFFIX.strip(" ()"))
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(label="Plan a push to YouTube")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(STATE)).to_have_text("Draft")
    # Two updates of 50, and one read of both.
    expect(page.locator("#push-plan")).to_contain_text("101 units")
    expect(page.locator("#push-plan")).to_contain_text("Will be done")


def leave_out(page, video):
    page.get_by_role("button", name=f"Leave {video.title}{SUFFIX} out").click()
    expect(page.locator("#push-plan")).to_contain_text("51 units")


def push(page):
    expect_live(page)
    page.get_by_role("button", name="Push to YouTube").click()
    expect(page.locator(STATE)).to_have_text("Completed", timeout=PATIENCE)


def see_state(page, video, state):
    item = page.locator("#push-plan tbody", has_text=video.video_id)
    expect(item.locator("td .ytm-badge")).to_have_text(state)


def undo(page):
    way_back = "1 value can go back to what stood there before, for 51 units."
    expect(page.locator("#push-plan")).to_contain_text(way_back)
    page.get_by_role("button", name="Undo on YouTube").click()
    expect(page.locator(STATE)).to_have_text("Draft")
    expect(page.locator("#push-plan")).to_contain_text("takes back")


def titles_of(sandbox, *videos):
    shown = sandbox.videos()
    return [shown[video.video_id]["snippet"]["title"] for video in videos]


def without_etags(videos):
    return {
        video_id: {name: part for name, part in video.items() if name != "etag"}
        for video_id, video in videos.items()
    }


def test_nothing_that_journeys_leave_behind_holds_a_token(system, machine, account):
    assert traces.were_given_out(system)
    assert traces.files_with_tokens(system) == []
    assert traces.tables_with_tokens(machine) == []
