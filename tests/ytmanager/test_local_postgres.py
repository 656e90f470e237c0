"""The embedded PostgreSQL: its locale, its password, and coming back from crashes."""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from ytmanager.local import orphans
from ytmanager.local.console import LocalError
from ytmanager.local.postgres import Postgres, reason_in, version_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def shallow_folder():
    # pytest's own folders are closed to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="ytm-postgres-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make_postgres(shallow_folder):
    servers = []

    def make():
        server = Postgres(
            folder=shallow_folder / "postgres",
            logs=shallow_folder / "logs",
            password="open-sesame",
            durable=False,
        )
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def postgres(make_postgres):
    server = make_postgres()
    server.start()
    return server


def query(server, text):
    with server._connect("ytmanager") as connection:
        return connection.execute(text).fetchone()[0]


def execute(server, text):
    with server._connect("ytmanager") as connection:
        connection.execute(text)


def test_database_has_a_locale_that_knows_letters(postgres):
    ctype = query(
        postgres,
        "SELECT datctype FROM pg_database WHERE datname = current_database()",
    )

    assert ctype == "C.UTF-8"


def test_trigrams_of_japanese_text_exist(postgres):
    execute(postgres, "CREATE EXTENSION pg_trgm")

    assert query(postgres, "SELECT cardinality(show_trgm('夜に駆ける'))") > 0


def test_server_refuses_a_wrong_password(postgres):
    url = postgres.url.replace("open-sesame", "wrong")

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url)


def test_server_listens_on_loopback_only(postgres):
    assert query(postgres, "SHOW listen_addresses") == "127.0.0.1"
    assert query(postgres, "SHOW unix_socket_directories") == ""


def test_second_start_keeps_the_data(make_postgres):
    first = make_postgres()
    first.start()
    execute(first, "CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()

    second = make_postgres()
    second.start()

    assert query(second, "SELECT answer FROM kept") == 42


def test_start_after_a_kill_is_not_blocked(make_postgres):
    first = make_postgres()
    first.start()
    os.kill(first.child.process.pid, signal.SIGKILL)
    first.child.wait()

    second = make_postgres()
    second.start()

    assert query(second, "SELECT 1") == 1


def test_lock_file_with_the_number_of_a_foreign_process_is_dropped(
    make_postgres, shallow_folder
):
    first = make_postgres()
    first.start()
    lock = shallow_folder / "postgres" / "data" / "postmaster.pid"
    text = lock.read_text()
    first.stop()
    # A process that is neither parent nor grandparent of the next server.
    lock.write_text(f"1\n{text.partition(chr(10))[2]}")

    second = make_postgres()
    second.start()

    assert query(second, "SELECT 1") == 1


def test_living_server_of_the_same_folder_is_replaced(make_postgres):
    orphan = make_postgres()
    orphan.start()

    second = make_postgres()
    second.start()

    assert orphan.child.process.wait(10) == 0
    assert query(second, "SELECT 1") == 1


def test_half_made_cluster_is_made_again(make_postgres, shallow_folder):
    first = make_postgres()
    first.start()
    first.stop()
    folder = shallow_folder / "postgres"
    (folder / "data").rename(folder / "draft")

    server = make_postgres()
    server.start()

    assert query(server, "SELECT 1") == 1


def test_cluster_of_another_version_is_refused(make_postgres, shallow_folder):
    server = make_postgres()
    server.start()
    server.stop()
    version = shallow_folder / "postgres" / "data" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("9\n")

    with pytest.raises(LocalError, match="made by PostgreSQL 9"):
        make_postgres().start()
    version.write_text(ours)


def test_server_is_the_version_that_its_program_says(postgres):
    version = query(postgres, "SHOW server_version_num")

    assert version_of(postgres.programs / "postgres") == version[:2]


def test_programs_come_from_the_folder_that_is_named(make_postgres, monkeypatch):
    monkeypatch.setenv("POSTGRES_PROGRAMS", "/nowhere/bin")

    assert make_postgres().programs == Path("/nowhere/bin")


def test_reason_names_a_full_disk():
    output = (
        "running bootstrap\ninitdb: error: could not write: No space left on device"
    )

    assert reason_in(output).startswith("the disk is full")


def test_server_shuts_down_when_nobody_waits_for_it(postgres, shallow_folder):
    data = shallow_folder / "postgres" / "data"

    orphans.stop_server(data)

    assert orphans.find_processes(data) == []
    assert postgres.child.process.wait(10) == 0


def test_start_waits_for_a_server_that_is_shutting_down(make_postgres):
    first = make_postgres()
    first.start()
    os.kill(first.child.process.pid, signal.SIGINT)
    started = time.monotonic()

    second = make_postgres()
    second.start()

    assert time.monotonic() - started < 30
    assert query(second, "SELECT 1") == 1
