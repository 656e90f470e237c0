"""A Viewer looks at everything and is offered nothing else."""

import pytest
from playwright.sync_api import expect

from tests.journeys.pages import open_from_menu, sign_in

NAME, PASSWORD = "visitor", "looks-at-everything-9"
ADD_VIEWER = f"""
from django.contrib.auth.models import Group, User
visitor = User.objects.create_user("{NAME}", password="{PASSWORD}", is_staff=True)
visitor.groups.add(Group.objects.get(name="Viewer"))
"""


@pytest.fixture(scope="module")
def viewer(system):
    system.manage("shell", "--command", ADD_VIEWER)


@pytest.fixture
def viewer_page(page, viewer):
    sign_in(page, NAME, PASSWORD)
    return page


def test_viewer_sees_reports_but_no_way_to_import(viewer_page):
    open_from_menu(viewer_page, "Reports")
    expect(viewer_page.locator("#result_list tbody tr")).not_to_have_count(0)

    for offer in ("Upload a report", "Look for new files", "Import selected reports"):
        expect(viewer_page.get_by_text(offer)).to_have_count(0)
    viewer_page.locator("#result_list tbody a").first.click()
    expect(viewer_page.locator("#report-page")).to_be_visible()
    expect(viewer_page.get_by_role("button", name="Import")).to_have_count(0)


def test_viewer_sees_a_video_but_can_neither_save_nor_sync(viewer_page):
    open_from_menu(viewer_page, "Videos")
    viewer_page.locator("#result_list a.ytm-link").first.click()
    expect(viewer_page.locator("#video-head")).to_be_visible()

    expect(viewer_page.get_by_role("link", name="Sync now")).to_have_count(0)
    expect(viewer_page.get_by_role("button", name="Save")).to_have_count(0)
    expect(viewer_page.get_by_role("textbox")).to_have_count(0)


def test_viewer_who_knows_the_addresses_is_refused(viewer_page):
    open_from_menu(viewer_page, "Videos")
    key = viewer_page.locator("#result_list a[href*='/change/']").first.get_attribute(
        "href"
    )
    pk = key.split("/")[-3]

    for address in (
        "/admin/reports/report/add/",
        "/admin/youtube_sync/youtubeaccount/add/",
        f"/admin/youtube_sync/pushplan/video/{pk}/",
    ):
        assert viewer_page.goto(address).status == 403
