"""The report store: a folder or an S3 bucket behind one django-storages alias.

Files are listed and streamed; none is ever held or copied as a whole.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from boto3.exceptions import Boto3Error
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from storages.backends.s3 import S3Storage

from ytmanager import s3
from ytmanager.exceptions import (
    AccessDeniedError,
    BucketMissingError,
    ConfigurationError,
    ObjectGoneError,
    S3ProcessingError,
    StoreUnreachableError,
)

READ_BYTES = 1 << 20
LIST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One object of the store. `etag` changes whenever its content may have."""

    key: str
    size: int
    etag: str
    last_modified: datetime


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """What one page of a list and the first byte of a file tell about a store."""

    count: int
    has_more: bool
    read_key: str


def get_report_store(bucket: str = "") -> Storage:
    """Return the store of report files; `bucket` names another S3 bucket."""
    store: Storage = storages["reports"]
    if isinstance(store, S3Storage):
        patient: Storage = _bucket(store, bucket)
        return patient
    if bucket:
        raise ConfigurationError(
            "This report source names an S3 bucket, but the report store is a folder. "
            "Set S3_BUCKET or leave the bucket of the source empty."
        )
    return store


def list_files(store: Storage, prefix: str = "") -> Iterator[StoredFile]:
    """List the files below `prefix`; a bucket lists them in key order.

    Raises S3ProcessingError when the store cannot be read; an empty list means
    that there is nothing.
    """
    if isinstance(store, S3Storage):
        return _list_bucket(store, prefix)
    return _list_folder(_folder(store), prefix)


def find_file(store: Storage, key: str) -> StoredFile:
    """Return one file; raises ObjectGoneError when it is not there."""
    if isinstance(store, S3Storage):
        size, etag, last_modified = s3.head_of(store, key)
        return StoredFile(key, size, etag.strip('"'), last_modified)
    with _translated(key):
        return _stored(key, Path(_folder(store).path(key)).stat())


def open_stream(store: Storage, key: str) -> BinaryIO:
    """Open a file for reading in constant memory; the stream can seek.

    Raises S3ProcessingError, also while reading.
    """
    if isinstance(store, S3Storage):
        return io.BufferedReader(s3.S3Object(store, key), READ_BYTES)
    with _translated(key):
        return Path(_folder(store).path(key)).open("rb")


def save_file(store: Storage, key: str, content: "File[bytes]") -> str:
    """Stream a file into the store and return the key under which it is kept."""
    if not isinstance(store, S3Storage):
        with _translated(key):
            return str(store.save(key, content))
    try:
        with s3.translated(store, s3.WRITING, key):
            return str(store.save(key, content))
    except Boto3Error as exc:
        raise StoreUnreachableError(
            "The file could not be put into the report store. Please try again.",
            key=key,
        ) from exc


def check_store(store: Storage, prefix: str = "") -> StoreCheck:
    """List one page and read one byte; raises S3ProcessingError with what to do."""
    found = list(islice(list_files(store, prefix), LIST_PAGE))
    readable = next((stored.key for stored in found if stored.size), "")
    if readable and isinstance(store, S3Storage):
        s3.read_byte(store, readable)
    elif readable:
        with _translated(readable), open_stream(store, readable) as stream:
            stream.read(1)
    return StoreCheck(len(found), len(found) == LIST_PAGE, readable)


def check_reachable(alias: str) -> None:
    """Ask a bucket briefly whether it lets us in; raises S3ProcessingError."""
    store = storages.create_storage(settings.STORAGES[alias])
    if isinstance(store, S3Storage):
        store.client_config = store.client_config.merge(s3.QUICK)
        next(iter(s3.list_objects(store, "", 1)), None)


def _bucket(store: S3Storage, name: str) -> S3Storage:
    """The store itself or one like it for another bucket, patient and stubborn.

    The prefix of the settings is one of their bucket: another is read from its root.
    """
    if name and name != store.bucket_name:
        options = settings.STORAGES["reports"].get("OPTIONS", {})
        store = S3Storage(**{**options, "bucket_name": name, "location": ""})
    store.client_config = store.client_config.merge(s3.CONFIG)
    return store


def _list_bucket(store: S3Storage, prefix: str) -> Iterator[StoredFile]:
    root = s3.full_key(store, "")
    for found in s3.list_objects(store, prefix, LIST_PAGE):
        key = found["Key"].removeprefix(root)
        if key and not key.endswith("/"):
            etag = found["ETag"].strip('"')
            yield StoredFile(key, found["Size"], etag, found["LastModified"])


def _folder(store: Storage) -> FileSystemStorage:
    if not isinstance(store, FileSystemStorage):
        raise ConfigurationError("The report store is neither a folder nor S3.")
    return store


def _list_folder(store: FileSystemStorage, prefix: str) -> Iterator[StoredFile]:
    """Walk the folder that the prefix names; what is below others is not read."""
    root = Path(store.location)
    if not root.is_dir():
        raise BucketMissingError(
            f"The folder {root} of the report store does not exist. Make it, or set "
            "REPORT_FOLDER to another one."
        )
    inside = prefix.rpartition("/")[0]
    with _translated(prefix):
        for folder, names, files in os.walk(store.path(inside), onerror=_raise):
            names[:] = sorted(name for name in names if not name.startswith("."))
            for name in sorted(files):
                path = Path(folder, name)
                key = path.relative_to(root).as_posix()
                if key.startswith(prefix) and _is_ready(path):
                    yield _stored(key, path.stat())


def _raise(error: OSError) -> None:
    """A folder of a prefix that is not there is like a prefix without files."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _is_ready(path: Path) -> bool:
    """Pass over hidden files, links and files that are still being copied."""
    is_partial = path.name.endswith((".part", ".tmp", ".crdownload"))
    is_hidden = path.name.startswith(".")
    return not is_hidden and not is_partial and path.is_file() and not path.is_symlink()


def _stored(key: str, status: os.stat_result) -> StoredFile:
    etag = f"{status.st_mtime_ns:x}-{status.st_size:x}"
    modified = datetime.fromtimestamp(status.st_mtime, UTC)
    return StoredFile(key, status.st_size, etag, modified)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """What a folder raises, in words."""
    try:
        yield
    except FileNotFoundError as exc:
        raise ObjectGoneError(
            "This file is no longer in the report store.", key=key
        ) from exc
    except PermissionError as exc:
        raise AccessDeniedError(
            "The system may not read this file or folder of the report store. Give it "
            "the right to, then try again.",
            key=key,
        ) from exc
    except SuspiciousFileOperation as exc:
        raise S3ProcessingError(
            "This prefix or key leads out of the report store.", key=key
        ) from exc
    except OSError as exc:
        raise S3ProcessingError(
            f"The report store cannot be read: {exc.strerror}.", key=key
        ) from exc
