"""The script of live events in a real browser against a scripted server."""

import json

import pytest
from django.conf import settings
from playwright.sync_api import expect, sync_playwright

pytestmark = pytest.mark.browser
STATIC = settings.BASE_DIR / "static" / "ytmanager"
SITE = "http://office.test"
BODY = """
<div id="report" {attributes}
     data-live-group="report.7" data-live-type="report.progress">
  <b id="rows" data-live-field="rows_read" data-live-format="number">0</b>
  <b id="left" data-live-field="seconds_left" data-live-format="duration"></b>
  <b id="share" data-live-field="percent" data-live-format="percent"></b>
  <progress id="bar" data-live-field="percent" max="100"></progress>
  <p id="done" data-live-show-when="state=completed,failed" hidden>Finished</p>
  <p id="account" data-live-reload-on="state=completed">{account}</p>
</div>
"""


class Office:
    """Serves one page and plays the server's side of the WebSocket."""

    def __init__(self, page):
        self.page, self.frames, self.sockets = page, [], []
        self.account, self.page_count = "no account yet", 0
        self.attributes = 'data-live-position="40"'
        self.position, self.sequence, self.is_up = 50, 0, True
        page.route(f"{SITE}/**", self.serve)
        page.route_web_socket("**/ws/events/", self.connect)

    def serve(self, route):
        self.page_count += 1
        scripts = [(STATIC / name).read_text() for name in ("live.js", "toasts.js")]
        head = "".join(f"<script>{script}</script>" for script in scripts)
        body = BODY.format(account=self.account, attributes=self.attributes)
        html = f'<html lang="en"><head>{head}</head><body>{body}</body></html>'
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    def connect(self, socket):
        if not self.is_up:
            socket.close(code=1013)
            return
        self.sockets.append(socket)
        socket.on_message(lambda text: self.frames.append(json.loads(text)))
        self.send(type="hello", position=self.position)

    def send(self, **message):
        self.sockets[-1].send(json.dumps(message))

    def progress(self, *, sequence=None, **payload):
        self.send(
            type="report.progress",
            groups=["report.7"],
            sequence=sequence,
            payload=payload,
        )

    def open(self):
        self.page.goto(f"{SITE}/reports/7/")
        self.expect_state("live")
        return self

    def expect_state(self, state):
        light = self.page.locator(".live-light")
        expect(light).to_have_attribute("data-live-state", state, timeout=10_000)

    def text(self, name):
        return expect(self.page.locator(f"#{name}"))

    def wait_for_frame(self, frame):
        for _ in range(100):
            if frame in self.frames:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{frame} not in {self.frames}")


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def office(browser):
    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    yield Office(page)
    page.close()
    assert errors == []


def test_page_subscribes_from_where_it_was_rendered(office):
    office.open()

    office.wait_for_frame({"subscribe": ["report.7"], "since": 40})
    assert office.page_count == 1


def test_page_without_a_position_is_fetched_once_more(office):
    office.attributes = ""
    office.open()

    office.wait_for_frame({"subscribe": ["report.7"], "since": 50})
    office.account = "fetched again"
    office.text("account").to_have_text("fetched again")
    assert office.page_count == 2


def test_progress_fills_the_fields(office):
    office.open()

    office.progress(rows_read=12345, seconds_left=65.2, percent=41.9)

    office.text("rows").to_have_text("12,345")
    office.text("left").to_have_text("1 min 5 s")
    office.text("share").to_have_text("41%")
    office.text("bar").to_have_js_property("value", 41.9)


def test_unknown_values_show_as_such(office):
    office.open()

    office.progress(percent=5)
    office.progress(seconds_left=None, percent=None)

    office.text("left").to_have_text("–")
    office.text("bar").to_have_js_property("position", -1)  # indeterminate


def test_event_of_another_type_or_group_changes_nothing(office):
    office.open()

    payload = {"rows_read": 9}
    for event_type, group in (
        ("sync.status", "report.7"),
        ("report.progress", "report.8"),
    ):
        office.send(type=event_type, groups=[group], sequence=None, payload=payload)
    office.progress(percent=1)

    office.text("share").to_have_text("1%")
    office.text("rows").to_have_text("0")


def test_end_shows_and_fetches_what_waits_for_it(office):
    office.open()
    office.text("done").to_be_hidden()
    office.account = "3 videos changed"

    office.progress(sequence=1, state="completed", rows_read=10)

    office.text("done").to_be_visible()


def test_element_that_waits_for_a_state_is_fetched_again(office):
    office.open()
    office.account = "3 videos changed"

    office.progress(sequence=1, state="completed")

    office.text("account").to_have_text("3 videos changed")
    assert office.page_count == 2


def test_event_heard_twice_counts_once(office):
    office.open()

    office.progress(sequence=5, rows_read=1)
    office.progress(sequence=6, rows_read=2)
    office.progress(sequence=5, rows_read=1)
    office.progress(percent=1)

    office.text("share").to_have_text("1%")
    office.text("rows").to_have_text("2")


def test_lost_connection_is_shown_and_caught_up(office):
    office.open()
    office.send(type="position", position=77)

    office.is_up = False
    office.sockets[-1].close(code=1012)
    office.expect_state("reconnecting")
    office.is_up = True

    office.expect_state("live")
    office.wait_for_frame({"subscribe": ["report.7"], "since": 77})


def test_long_outage_shows_offline_until_the_network_is_back(office):
    office.open()

    office.is_up = False
    office.sockets[-1].close(code=1012)
    office.expect_state("offline")
    office.is_up = True
    office.page.evaluate("dispatchEvent(new Event('online'))")

    office.expect_state("live")


def test_signed_out_page_does_not_come_back(office):
    office.open()

    office.sockets[-1].close(code=4401)

    office.expect_state("signed-out")
    office.page.wait_for_timeout(1500)
    assert len(office.sockets) == 1


def test_gap_fetches_the_live_parts_again(office):
    office.open()
    office.account = "after the gap"

    office.send(type="gap", gap=True, position=90)

    office.text("account").to_have_text("after the gap")


def test_notification_is_shown_as_text_with_a_link_of_this_site(office):
    office.open()

    for url in ("/reports/7/", "//elsewhere.test/", "javascript:alert(1)"):
        notice = {"level": "info", "title": "<i>Done</i>", "url": url}
        office.send(
            type="notification", groups=["everyone"], sequence=None, payload=notice
        )

    toasts = office.page.locator(".live-toast")
    expect(toasts).to_have_count(3)
    expect(toasts.locator("strong").first).to_have_text("<i>Done</i>")
    expect(toasts.locator("a")).to_have_count(1)
