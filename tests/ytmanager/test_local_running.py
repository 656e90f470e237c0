"""One system for one folder, and how commands join it."""

import os

import pytest

from ytmanager.local import running
from ytmanager.local.console import LocalError
from ytmanager.local.running import (
    is_running,
    join_running_system,
    only_one,
    publish_environment,
    read_environment,
)

pytestmark = pytest.mark.unit


@pytest.fixture
def system_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "PROJECT", tmp_path)
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    publish_environment(tmp_path, {"DATABASE_URL": "local=1", "REDIS_URL": "local"})
    return tmp_path


def test_second_system_of_a_folder_is_refused(tmp_path):
    with (
        only_one(tmp_path),
        pytest.raises(LocalError, match=f"process {os.getpid()}"),
        only_one(tmp_path),
    ):
        pytest.fail("both hold the folder")


def test_folder_is_free_again_afterwards(tmp_path):
    with only_one(tmp_path):
        assert is_running(tmp_path)

    assert not is_running(tmp_path)


def test_folder_that_was_never_used_is_not_running(tmp_path):
    assert not is_running(tmp_path / "nowhere")


def test_environment_of_a_stopped_system_is_not_read(system_folder):
    assert read_environment(system_folder) == {}


def test_command_joins_the_running_system(system_folder):
    with only_one(system_folder):
        join_running_system()

    assert os.environ["DATABASE_URL"] == "local=1"


def test_command_on_a_configured_machine_joins_nothing(system_folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "given")

    with only_one(system_folder):
        join_running_system()

    assert os.environ["DATABASE_URL"] == "given"
    assert "REDIS_URL" not in os.environ


def test_published_environment_is_private(system_folder):
    assert (system_folder / "environment").stat().st_mode & 0o077 == 0
