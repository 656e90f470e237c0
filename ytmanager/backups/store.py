"""Files of the backup store: a dump, and beside it a manifest that describes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

from ytmanager.exceptions import (
    BackupError,
    BucketMissingError,
    ObjectGoneError,
    S3ProcessingError,
)
from ytmanager.storage import list_files, open_stream, save_file

MANIFEST = ".manifest.json"
BLOCK = 1 << 20


class FileNotInStoreError(BackupError):
    """A backup that somebody names is not there."""

    default_message = "This backup is not in the store."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; enough to check it without the database it came from."""

    name: str
    taken_at: str
    size: int
    sha256: str
    server_version: int
    is_encrypted: bool
    tables: dict[str, Any] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        return sum(count for count, _ in self.tables.values())


def get_backup_store() -> Storage:
    return storages["dbbackup"]


def digest_of(file: IO[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of a file, which is left at its start."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while block := file.read(BLOCK):
        digest.update(block)
        size += len(block)
    file.seek(0)
    return size, digest.hexdigest()


def save(name: str, file: IO[bytes]) -> None:
    """Stream a file into the store; raises BackupError."""
    with _translated(name):
        save_file(get_backup_store(), name, File(file, name))


def save_manifest(manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=1)
    with _translated(manifest.name):
        save_file(
            get_backup_store(),
            f"{manifest.name}{MANIFEST}",
            ContentFile(text.encode()),
        )


def read_manifest(name: str) -> Manifest:
    """Raises BackupError where there is none."""
    key = f"{name}{MANIFEST}"
    with _translated(name), open_stream(get_backup_store(), key) as file:
        return Manifest(**json.loads(file.read()))


def fetch(name: str, target: IO[bytes]) -> None:
    """Stream a file of the store into `target`, which is left at its start."""
    with _translated(name), open_stream(get_backup_store(), name) as file:
        while block := file.read(BLOCK):
            target.write(block)
    target.seek(0)


def names() -> list[str]:
    """Backups in the store that are complete: those that have a manifest."""
    try:
        files = {stored.key for stored in list_files(get_backup_store())}
    except BucketMissingError:
        return []  # the folder is made with the first backup
    except S3ProcessingError as exc:
        raise BackupError(f"The backups cannot be listed: {exc.message}") from exc
    found = {name.removesuffix(MANIFEST) for name in files if name.endswith(MANIFEST)}
    return sorted(found & files)


def newest_name() -> str:
    """The last backup by its name, which begins with its time; raises BackupError."""
    if not (found := names()):
        raise BackupError("There is no backup in the store.")
    return found[-1]


def remove(name: str) -> None:
    """Remove a backup; the manifest goes first, so that none is left half."""
    with _translated(name):
        for each in (f"{name}{MANIFEST}", name):
            get_backup_store().delete(each)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except ObjectGoneError as exc:
        raise FileNotInStoreError(name=name) from exc
    except S3ProcessingError as exc:
        raise BackupError(f"The backup store failed: {exc.message}") from exc
    except (OSError, BotoCoreError, ClientError) as exc:
        raise BackupError(
            f"The backup store failed: {type(exc).__name__}: {exc}", name=name
        ) from exc
