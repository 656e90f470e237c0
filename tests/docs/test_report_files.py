"""The list of quirks and the tests of quirks are the same ones."""

import re
from pathlib import Path

import pytest

from reports.kinds import KINDS

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "report-files.md"


def numbers_of_tests():
    names = " ".join(
        name
        for path in (ROOT / "tests" / "reports").rglob("test_*.py")
        for name in re.findall(r"^def (test_q\d\d\w+)", path.read_text(), re.M)
    )
    return {int(number) for number in re.findall(r"_q(\d\d)", names)}


def test_every_quirk_has_a_test_and_every_test_its_quirk():
    rows = re.findall(r"^\| (Q[\dQ, ]+) \|", DOCUMENT.read_text(), re.M)
    documented = {int(number) for number in re.findall(r"\d+", " ".join(rows))}

    assert documented == numbers_of_tests()


def test_every_kind_is_documented():
    text = DOCUMENT.read_text().lower()

    missing = [
        kind.label
        for kind in KINDS.values()
        if kind.label.lower().removesuffix(" report") not in text
    ]
    assert missing == []
