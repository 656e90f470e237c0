"""Generated secrets: made once, readable by nobody else."""

import base64
import stat

import pytest

from ytmanager.local.secret_values import GENERATORS, load_secrets, write_private

pytestmark = pytest.mark.unit


def test_secrets_stay_the_same(tmp_path):
    path = tmp_path / "secrets.env"

    first, second = load_secrets(path), load_secrets(path)

    assert first == second
    assert first.keys() == GENERATORS.keys()


def test_secrets_are_readable_by_their_owner_only(tmp_path):
    path = tmp_path / "secrets.env"

    load_secrets(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_missing_secret_is_added_to_those_that_exist(tmp_path):
    path = tmp_path / "secrets.env"
    path.write_text("SECRET_KEY=kept=as it is\n")

    known = load_secrets(path)

    assert known["SECRET_KEY"] == "kept=as it is"
    assert known["DATABASE_PASSWORD"] in path.read_text()


def test_encryption_key_has_the_length_that_fernet_expects(tmp_path):
    key = load_secrets(tmp_path / "secrets.env")["TOKEN_ENCRYPTION_KEYS"]

    assert len(base64.urlsafe_b64decode(key)) == 32


def test_write_private_leaves_no_draft(tmp_path):
    write_private(tmp_path / "secrets.env", "A=1\n")

    assert [path.name for path in tmp_path.iterdir()] == ["secrets.env"]
