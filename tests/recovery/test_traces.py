"""What a running system leaves behind holds no token: logs, console, database."""

import re
from pathlib import Path

import pytest

PLAIN = re.compile(rb"ya29\.[\w-]{8}|1//[\w-]{8}|sandbox-secret")
TABLES = (
    "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
)
ROWS = "SELECT count(*) FROM {} AS kept WHERE kept::text ~ %s"


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


def test_database_holds_no_token_as_plain_text(machine, issued):
    tables = [table for (table,) in machine.rows(TABLES)]
    pattern = PLAIN.pattern.decode().replace("\\.", "[.]")

    leaks = [t for t in tables if machine.value(ROWS.format(t), pattern)]

    assert "public.youtube_sync_youtubeaccount" in tables
    assert leaks == []
