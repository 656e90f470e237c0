"""Secrets of a local system: made once, kept in one file that only we may read."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def make_encryption_key() -> str:
    """Make a key in the form that Fernet expects."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


GENERATORS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "TOKEN_ENCRYPTION_KEYS": make_encryption_key,
    "DATABASE_PASSWORD": lambda: secrets.token_hex(16),
}


def load_secrets(path: Path) -> dict[str, str]:
    """Read the secrets; make and store those that are missing."""
    known = _read(path)
    missing = GENERATORS.keys() - known.keys()
    if missing:
        known |= {name: GENERATORS[name]() for name in sorted(missing)}
        write_private(path, "".join(f"{k}={v}\n" for k, v in known.items()))
    return known


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only we may read, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as output:
        output.write(text)
    draft.replace(path)
