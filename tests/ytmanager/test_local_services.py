"""What is started, what is left alone, and what a throw-away system may reach."""

import os
import subprocess
import sys

import pytest

from ytmanager.local import services as local_services
from ytmanager.local.postgres import Postgres
from ytmanager.local.services import choose_services, isolated, throw_away_folder
from ytmanager.local.valkey import Valkey

pytestmark = pytest.mark.unit

CONFIGURED = {
    "DATABASE_URL": "postgres://db.example/ytm",
    "REDIS_URL": "redis://cache.example",
    "YOUTUBE_API_BASE": "https://youtube.example",
    "S3_BUCKET": "reports",
    "SECRET_KEY": "given",
    "TOKEN_ENCRYPTION_KEYS": "given",
    "GOOGLE_CLIENT_SECRET": "given",
}


def test_configured_machine_starts_nothing(tmp_path):
    services = choose_services(folder=tmp_path, given=CONFIGURED)

    assert services.servers == []
    assert services.environment.keys() == {"MAINTENANCE_FILE", "BACKUP_FOLDER"}
    assert not services.has_own_database


def test_variable_in_a_file_counts_as_given(tmp_path):
    files = {f"{name}_FILE": "/run/secret" for name in CONFIGURED}

    services = choose_services(folder=tmp_path, given=files)

    assert services.servers == []


def test_empty_machine_gets_every_server(tmp_path):
    services = choose_services(folder=tmp_path, given={})

    kinds = [type(server).__name__ for server in services.servers]
    assert kinds == ["Postgres", "Valkey", "Sandbox"]
    assert services.has_own_database


def test_only_the_missing_server_is_chosen(tmp_path):
    given = CONFIGURED | {"REDIS_URL": ""}

    services = choose_services(folder=tmp_path, given=given)

    assert [type(server) for server in services.servers] == [Valkey]
    chosen = {"REDIS_URL", "MAINTENANCE_FILE", "BACKUP_FOLDER"}
    assert services.environment.keys() == chosen


def test_own_database_makes_sample_data_welcome(tmp_path):
    given = CONFIGURED | {"DATABASE_URL": ""}

    services = choose_services(folder=tmp_path, given=given)

    assert [type(server) for server in services.servers] == [Postgres]
    assert services.has_own_database


def test_sandbox_takes_its_last_port_again(tmp_path):
    first = choose_services(folder=tmp_path, given={}).sandbox
    first.port_file.write_text(str(first.port))

    second = choose_services(folder=tmp_path, given={}).sandbox

    assert second.port == first.port


def test_failed_start_stops_what_was_up(tmp_path, monkeypatch):
    services = choose_services(folder=tmp_path, given={})
    log = []
    for server in services.servers:
        name = type(server).__name__
        monkeypatch.setattr(server, "start", lambda name=name: log.append(name))
        monkeypatch.setattr(server, "stop", lambda name=name: log.append(f"-{name}"))
    monkeypatch.setattr(services.servers[1], "start", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        services.start()

    assert log == ["Postgres", "-Sandbox", "-Valkey", "-Postgres"]


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "REDIS_URL", "S3_BUCKET", "YOUTUBE_API_BASE", "SECRET_KEY"]
)
def test_isolated_environment_hides_what_the_machine_names(tmp_path, name):
    services = choose_services(folder=tmp_path, given={}, with_sandbox=False)

    variables = {f"{name}_FILE": "/etc/real", name: "real"} | isolated(services)

    assert variables[name] != "real"
    assert variables[f"{name}_FILE"] == ""


def test_throw_away_folder_is_gone_afterwards():
    with throw_away_folder() as folder:
        (folder / "data").write_text("x")

    assert not folder.exists()


def test_folder_of_a_killed_process_is_removed(tmp_path, monkeypatch):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, alive = tmp_path / f"ytmanager-{dead.pid}-x", tmp_path / "ytmanager-1-x"
    left.mkdir()
    alive.mkdir()
    monkeypatch.setattr(local_services.tempfile, "gettempdir", lambda: str(tmp_path))

    local_services.remove_left_behind()

    assert not left.exists()
    assert alive.exists()


def test_is_alive_knows_this_process():
    assert local_services.is_alive(os.getpid())
