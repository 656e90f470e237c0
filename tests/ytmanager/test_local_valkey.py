"""The embedded Valkey starts wherever its folder lies."""

import pytest

from ytmanager.local.valkey import Valkey

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("name", ["plain", "with blank", 'quote " and \\ backslash'])
def test_valkey_starts_in_any_folder(tmp_path, name):
    valkey = Valkey(folder=tmp_path / name, logs=tmp_path / "logs")

    try:
        valkey.start()

        assert valkey.child.is_running()
    finally:
        valkey.stop()


def test_valkey_starts_the_program_that_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("REDIS_PROGRAM", "/nowhere/redis-server")
    valkey = Valkey(folder=tmp_path, logs=tmp_path / "logs")

    with pytest.raises(FileNotFoundError, match="/nowhere/redis-server"):
        valkey.start()
