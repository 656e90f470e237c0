"""Make the pictures of the README from a system of its own with sample data.

`make screenshots` runs this; it needs Chromium, as the browser journeys do.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.chromium import FLAGS, find_chromium  # noqa: E402 - after the path
from tests.running_system import RunningSystem  # noqa: E402

PICTURES = PROJECT / "docs" / "screenshots"
LISTS = {"video": "/admin/catalog/video/", "report": "/admin/reports/report/"}


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="ytm-screenshots-"))
    folder.chmod(0o711)
    system = RunningSystem(folder)
    try:
        system.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=list(FLAGS)
            )
            take(browser, system)
            browser.close()
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)


def take(browser: Browser, system: RunningSystem) -> None:
    PICTURES.mkdir(exist_ok=True)
    page = log_in(browser, system)
    for name, address in LISTS.items():
        page.goto(address)
        picture(page, f"{name}s")
        page.locator(f"a[href^='{address}'][href*='/change/']").first.click()
        page.wait_for_url("**/change/**")
        picture(page, name)


def picture(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


def log_in(browser: Browser, system: RunningSystem) -> Page:
    size = {"width": 1440, "height": 900}
    page = browser.new_page(base_url=system.url, viewport=size)
    page.goto("/admin/login/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", system.password)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    return page


if __name__ == "__main__":
    main()
