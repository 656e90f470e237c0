"""Every path that the walk-through names exists."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).parents[2]
TEXT = (PROJECT / "docs" / "walkthrough.md").read_text()
PATHS = sorted(set(re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:toml|py))`", TEXT)))


def test_walkthrough_names_the_main_modules():
    assert len(PATHS) > 40


@pytest.mark.parametrize("path", PATHS)
def test_path_exists(path):
    found = [PROJECT / path, *PROJECT.glob(f"*/{path}")]

    assert any(candidate.exists() for candidate in found)
