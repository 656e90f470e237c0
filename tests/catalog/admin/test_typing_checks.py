"""Limits while somebody types: the script says what the server would say."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from catalog.admin.typing_checks import TYPING_CHECKS
from catalog.fields import EDITABLE, Shape

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[3] / "static" / "ytmanager" / "edit.js"
VALUES = {
    "title": ["", " x ", "a<b", "\U0001f600" * 51, "a" * 100, "Cafe\u0301" * 20],
    "description": ["", "\u00e9" * 2501, "a" * 5000 + "\r\n", "x > y"],
    "tags": ["", "a|A|b", "one two\nthree", "a,b", "<x>", "\n".join(["tag %d"] * 3)],
    "isrc": ["", "qz-abc-25 00001", "QZABC250000", "ABC"],
    "upc": ["", "036000291452", "036000291453", "36000291452", "4006381333931", "12x"],
    "custom_id": ["", " aur-1 ", "a b", "x" * 64, "x" * 300, "\u00e9" * 300],
    "default_language": ["", "en", "pt_br", "zh-Hant-TW", "english", "e", "en-"],
    "artist": ["", "\u00e9" * 128, "a" * 255, "x" * 256 + "|y"],
    "label": ["", "\u00e9" * 128, "a" * 255],
}
VALUES["tags"].append("\n".join(f"a tag {n}" for n in range(80)))


@pytest.fixture(scope="module")
def judge(chromium):
    """What the script says about a value of a field."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.add_script_tag(path=SCRIPT)

        def judged(name, value):
            told = TYPING_CHECKS[name]
            rules = {
                "check": told["data-check"],
                "limit": int(told.get("data-limit", 0)) or None,
                "texts": json.loads(told["data-texts"]),
            }
            return page.evaluate("([r, v]) => ytmJudge(r, v).sentences", [rules, value])

        yield judged
        browser.close()


def by_the_server(name, value):
    field = EDITABLE[name]
    typed = value.replace("|", "\n").splitlines()
    return field.check(field.normalise(typed if field.shape is Shape.LIST else value))


@pytest.mark.parametrize("name", VALUES)
def test_script_says_what_the_server_says(judge, name):
    for value in VALUES[name]:
        assert judge(name, value) == by_the_server(name, value), value
