"""The report store: a folder or an S3 bucket behind one django-storages alias.

Files are listed and streamed; none is ever held or copied as a whole.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from storages.backends.s3 import S3Storage

from ytmanager.exceptions import ConfigurationError, S3ProcessingError

READ_BYTES = 1 << 20
REOPEN_LIMIT = 3
LIST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One object of the store. `etag` changes whenever its content may have."""

    key: str
    size: int
    etag: str
    last_modified: datetime


def get_report_store(bucket: str = "") -> Storage:
    """Return the store of report files; `bucket` names another S3 bucket."""
    store: Storage = storages["reports"]
    if not bucket or bucket == getattr(store, "bucket_name", ""):
        return store
    if not isinstance(store, S3Storage):
        raise ConfigurationError(
            "This report source names an S3 bucket, but the report store is a folder. "
            "Set S3_BUCKET or leave the bucket of the source empty."
        )
    options = settings.STORAGES["reports"].get("OPTIONS", {})
    other: Storage = S3Storage(**{**options, "bucket_name": bucket})
    return other


def list_files(store: Storage, prefix: str = "") -> Iterator[StoredFile]:
    """List the files below `prefix` in key order.

    Raises S3ProcessingError when the store cannot be read; an empty list means
    that there is nothing.
    """
    if isinstance(store, S3Storage):
        return _list_bucket(store, prefix)
    return _list_folder(_folder(store), prefix)


def find_file(store: Storage, key: str) -> StoredFile:
    """Return one file; raises S3ProcessingError when it is not there."""
    if isinstance(store, S3Storage):
        with _translated(key):
            head = _client(store).head_object(
                Bucket=store.bucket_name, Key=_full_key(store, key)
            )
        return StoredFile(
            key, head["ContentLength"], head["ETag"].strip('"'), head["LastModified"]
        )
    with _translated(key):
        return _stored(key, Path(_folder(store).path(key)).stat())


def open_stream(store: Storage, key: str) -> BinaryIO:
    """Open a file for reading in constant memory; the stream can seek.

    Raises S3ProcessingError, also while reading.
    """
    if isinstance(store, S3Storage):
        return io.BufferedReader(_S3Object(store, key), READ_BYTES)
    with _translated(key):
        return Path(_folder(store).path(key)).open("rb")


def save_file(store: Storage, key: str, content: "File[bytes]") -> str:
    """Stream a file into the store and return the key under which it is kept."""
    with _translated(key):
        return str(store.save(key, content))


def _folder(store: Storage) -> FileSystemStorage:
    if not isinstance(store, FileSystemStorage):
        raise ConfigurationError("The report store is neither a folder nor S3.")
    return store


def _list_folder(store: FileSystemStorage, prefix: str) -> Iterator[StoredFile]:
    root = Path(store.location)
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            key = path.relative_to(root).as_posix()
            if key.startswith(prefix) and _is_ready(path):
                yield _stored(key, path.stat())


def _is_ready(path: Path) -> bool:
    """Pass over hidden files, links and files that are still being copied."""
    is_partial = path.name.endswith((".part", ".tmp", ".crdownload"))
    is_hidden = path.name.startswith(".")
    return not is_hidden and not is_partial and path.is_file() and not path.is_symlink()


def _stored(key: str, status: os.stat_result) -> StoredFile:
    etag = f"{status.st_mtime_ns:x}-{status.st_size:x}"
    modified = datetime.fromtimestamp(status.st_mtime, UTC)
    return StoredFile(key, status.st_size, etag, modified)


def _list_bucket(store: S3Storage, prefix: str) -> Iterator[StoredFile]:
    root = _full_key(store, "")
    pages = (
        _client(store)
        .get_paginator("list_objects_v2")
        .paginate(
            Bucket=store.bucket_name,
            Prefix=root + prefix,
            PaginationConfig={"PageSize": LIST_PAGE},
        )
    )
    with _translated(prefix):
        for page in pages:
            for found in page.get("Contents", []):
                key = found["Key"].removeprefix(root)
                if key and not key.endswith("/"):
                    yield StoredFile(
                        key,
                        found["Size"],
                        found["ETag"].strip('"'),
                        found["LastModified"],
                    )


def _client(store: S3Storage) -> Any:
    return store.connection.meta.client


def _full_key(store: S3Storage, key: str) -> str:
    root = str(store.location or "").strip("/")
    return f"{root}/{key}" if root else key


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as exc:
        code = exc.response.get("Error", {}).get("Code", "")
        if code in {"404", "NoSuchKey"}:
            raise S3ProcessingError(
                "This file is no longer in the report store.", key=key
            ) from exc
        raise S3ProcessingError(
            f"The report store refused ({code}). Please check bucket and credentials.",
            key=key,
        ) from exc
    except (BotoCoreError, Boto3Error) as exc:
        raise S3ProcessingError(
            "The report store does not answer. Please try again later.", key=key
        ) from exc
    except FileNotFoundError as exc:
        raise S3ProcessingError(
            "This file is no longer in the report store.", key=key
        ) from exc
    except OSError as exc:
        raise S3ProcessingError(
            f"The report store cannot be read: {exc.strerror}.", key=key
        ) from exc


class _S3Object(io.RawIOBase):
    """Reads an object front to back with one request, and one more per seek.

    The ETag of the first reply is demanded of all others, so that a file that
    is replaced meanwhile is noticed and never mixed. A broken connection is
    taken up again where it broke.
    """

    def __init__(self, store: S3Storage, key: str) -> None:
        self._client, self._bucket = _client(store), store.bucket_name
        self._key, self._position = _full_key(store, key), 0
        self._body: Any = None
        with _translated(self._key):
            head = self._client.head_object(Bucket=self._bucket, Key=self._key)
        self._size, self._etag = head["ContentLength"], head["ETag"]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}
        position: int = start[whence] + offset
        if position != self._position:
            self._drop()
        self._position = position
        return position

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._position)
        if wanted <= 0:
            return 0
        data = self._read(wanted)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._drop()
        super().close()

    def _read(self, wanted: int) -> bytes:
        for attempt in range(1, REOPEN_LIMIT + 1):
            with _translated(self._key):
                try:
                    if data := self._opened().read(wanted):
                        return bytes(data)
                except BotoCoreError:
                    if attempt == REOPEN_LIMIT:
                        raise
            self._drop()
        raise S3ProcessingError("The report store broke off.", key=self._key)

    def _opened(self) -> Any:
        if self._body is None:
            reply = self._client.get_object(
                Bucket=self._bucket,
                Key=self._key,
                Range=f"bytes={self._position}-",
                IfMatch=self._etag,
            )
            self._body = reply["Body"]
        return self._body

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
