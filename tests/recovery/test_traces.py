"""What a running system leaves behind holds no token: logs, console, database."""

import pytest

from tests.recovery import traces

TOKEN = "ya29.planted-access-token"


@pytest.fixture
def system(recovering_system, youtube_videos):
    """An account was connected there."""
    assert traces.were_given_out(recovering_system)
    return recovering_system


def test_logs_and_console_hold_no_token(system):
    assert len(traces.written_files(system)) > 5
    assert traces.files_with_tokens(system) == []


def test_database_holds_no_token_as_plain_text(machine, system):
    assert "public.youtube_sync_youtubeaccount" in traces.all_tables(machine)
    assert traces.tables_with_tokens(machine) == []


def test_search_of_the_database_sees_a_token(machine, system):
    table = "public.catalog_contentowner"
    with machine.database.transaction(force_rollback=True):
        machine.database.execute(
            f"UPDATE {table} SET name = %s WHERE id = (SELECT min(id) FROM {table})",
            [TOKEN],
        )

        assert traces.tables_with_tokens(machine) == [table]


def test_search_of_the_logs_sees_a_token(system, tmp_path):
    [log, *_] = traces.written_files(system)
    (tmp_path / "logs").mkdir()
    (tmp_path / "console.log").write_bytes(log.read_bytes())
    (tmp_path / "logs" / "web.log").write_text(f"Asked with {TOKEN}.\n")

    class Copy:
        folder = tmp_path

    assert traces.files_with_tokens(Copy) == ["web.log"]
