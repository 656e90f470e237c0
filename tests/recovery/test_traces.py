"""What a running system leaves behind holds no token: its logs and its console."""

import re
from pathlib import Path

import pytest

PLAIN = re.compile(rb"ya29\.[\w-]{8}|1//[\w-]{8}|sandbox-secret")


@pytest.fixture
def issued(recovering_system, youtube_videos):
    """The file in which the sandbox keeps the tokens that it gave out."""
    return Path(recovering_system.folder) / "sandbox.sqlite3"


def test_tokens_were_given_out(issued):
    assert PLAIN.search(issued.read_bytes())


def test_logs_and_console_hold_no_token(recovering_system, issued):
    folder = Path(recovering_system.folder)
    files = [*folder.glob("logs/**/*"), folder / "console.log"]

    leaks = [file.name for file in files if PLAIN.search(file.read_bytes())]

    assert len(files) > 5
    assert leaks == []
