"""Browser journeys: a complete system and Chromium, as a person has them.

Playwright keeps an event loop running while its browser is open. The browser is
therefore closed when the last journey is over, and a journey looks into the system
through pages, the API or `system.manage`, never through the test's own database.
"""

import shutil
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.chromium import FLAGS
from tests.recovery.machine import Machine
from tests.running_system import RunningSystem

THEME = "/static/unfold/"


@pytest.fixture(scope="package")
def system(chromium):
    """The product with its sample data; shared by the journeys of one run."""
    folder = Path(tempfile.mkdtemp(prefix="ytm-journeys-"))
    folder.chmod(0o711)
    running = RunningSystem(folder)
    try:
        yield running.start()
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def machine(system):
    """The processes of the system."""
    machine = Machine(system)
    yield machine
    machine.close()


@pytest.fixture(scope="package")
def browser(chromium):
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser, system):
    """A page of a new session; nothing outside loopback is loaded."""
    context = browser.new_context(
        base_url=system.url, viewport={"width": 1440, "height": 900}
    )
    context.route(
        lambda url: not url.startswith(("http://127.0.0.1", "ws://127.0.0.1")),
        lambda route: route.abort(),
    )
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
def admin_page(page, system):
    """A page on which the administrator is logged in."""
    page.goto("/admin/login/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", system.password)
    page.click("button[type=submit], input[type=submit]")
    page.wait_for_url("**/admin/")
    return page


@pytest.fixture
def complaints(page):
    """What the browser found wrong: errors of scripts, refused or missing files.

    The theme's own scripts may stumble when a page is left before they are done.
    """
    found = []
    page.on(
        "pageerror",
        lambda error: THEME in error.stack or found.append(error.stack),
    )
    page.on("console", lambda said: said.type == "error" and found.append(said.text))
    page.on(
        "response",
        lambda reply: reply.status >= 400 and found.append((reply.status, reply.url)),
    )
    return found
