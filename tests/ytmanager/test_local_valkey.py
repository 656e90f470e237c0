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
