"""Take gzip and zip wrappings off, told by magic bytes and never by the name."""

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from reports.exceptions import DamagedFileError, EmptyFileError, RefusedFileError

CHUNK_BYTES = 1 << 20
MAX_DEPTH = 3
SMALLEST_GZIP_BYTES = 18
MAX_UNPACKED_BYTES = 32 << 30
# Reports pack 5 to 30 times. Only a file made for harm packs this well.
MAX_RATIO = 250
RATIO_FREE_BYTES = 64 << 20

_DAMAGED_GZIP = (
    "The gzip file ends in the middle or is damaged. Please download it again."
)
_DAMAGED_ZIP = "The zip archive is incomplete or damaged. Please download it again."
_TOO_LARGE = (
    "The file unpacks to far more than a report can be, so reading it was stopped."
)


@dataclass(slots=True)
class Unpacked:
    """The innermost file: its name and its bytes, hashed while they are read."""

    name: str
    chunks: Iterator[bytes]
    size: int | None = None
    bytes_read: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    @property
    def content_hash(self) -> str:
        """SHA-256 of all bytes read so far."""
        return self._hash.hexdigest()

    def hashed(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._hash.update(chunk)
            self.bytes_read += len(chunk)
            yield chunk


def unpack(stream: BinaryIO, name: str, packed_size: int | None = None) -> Unpacked:
    """Find the report inside `stream` (seekable) and stream its bytes.

    Raises DamagedFileError, EmptyFileError and RefusedFileError, also while
    the bytes are being read.
    """
    if packed_size is None:
        packed_size = stream.seek(0, 2)
        stream.seek(0)
    unpacked = _unwrap(stream, name, packed_size, depth=0)
    unpacked.chunks = unpacked.hashed(_bounded(unpacked.chunks, packed_size))
    return unpacked


def _unwrap(stream: BinaryIO, name: str, size: int | None, depth: int) -> Unpacked:
    if depth > MAX_DEPTH:
        raise RefusedFileError("This archive holds archives within archives.")
    magic = stream.read(4)
    stream.seek(0)
    if not magic:
        raise EmptyFileError("This file is empty: it has 0 bytes.")
    if magic[:2] == b"\x1f\x8b":
        plain: BinaryIO = gzip.GzipFile(fileobj=stream, mode="rb")  # type: ignore[assignment]
        inner = name[:-3] if name.lower().endswith(".gz") else name
        return _inside(plain, inner, _gzip_size(stream) if depth == 0 else None, depth)
    if magic in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _unzip(stream, depth)
    return Unpacked(name, _read(stream), size)


def _gzip_size(stream: BinaryIO) -> int | None:
    """The unpacked size by the last 4 bytes; a hint, for it may be wrong."""
    if stream.seek(0, 2) < SMALLEST_GZIP_BYTES:
        stream.seek(0)
        return None
    stream.seek(-4, 2)
    size = int.from_bytes(stream.read(4), "little")
    stream.seek(0)
    return size


def _inside(stream: BinaryIO, name: str, size: int | None, depth: int) -> Unpacked:
    with _clear_errors():
        return _unwrap(stream, name, size, depth + 1)


def _unzip(stream: BinaryIO, depth: int) -> Unpacked:
    with _clear_errors():
        archive = zipfile.ZipFile(stream)
        member = _choose_member(archive)
        opened: BinaryIO = archive.open(member)  # type: ignore[assignment]
    return _inside(opened, member.filename, member.file_size, depth)


def _choose_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    names = archive.namelist()
    if "xl/workbook.xml" in names:
        raise RefusedFileError(
            "This is an Excel workbook. Reports are CSV files; please send the file "
            "as YouTube delivered it."
        )
    members = [info for info in archive.infolist() if not _is_junk(info)]
    if not members:
        raise EmptyFileError("The zip archive holds no file.")
    tables = [info for info in members if _looks_like_table(info.filename)]
    chosen = tables or members
    if len(chosen) > 1:
        shown = ", ".join(info.filename for info in chosen[:5])
        raise RefusedFileError(
            f"The zip archive holds {len(chosen)} files ({shown}). "
            "Please send one report in one archive."
        )
    if chosen[0].flag_bits & 1:
        raise RefusedFileError("The zip archive is protected by a password.")
    return chosen[0]


def _is_junk(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.replace("\\", "/").split("/")
    return (
        info.is_dir()
        or "__MACOSX" in parts
        or parts[-1].startswith(".")
        or parts[-1].lower() in {"thumbs.db", "desktop.ini"}
    )


def _looks_like_table(name: str) -> bool:
    endings = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".gz", ".csv.zip")
    return name.lower().endswith(endings)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Turn what the packers raise into words."""
    try:
        yield
    except (zipfile.BadZipFile, NotImplementedError) as exc:
        raise DamagedFileError(_DAMAGED_ZIP) from exc
    except (EOFError, gzip.BadGzipFile, zlib.error) as exc:
        raise DamagedFileError(_DAMAGED_GZIP) from exc


def _read(stream: BinaryIO) -> Iterator[bytes]:
    while True:
        with _clear_errors():
            chunk = stream.read(CHUNK_BYTES)
        if not chunk:
            return
        yield chunk


def _bounded(chunks: Iterator[bytes], packed_size: int) -> Iterator[bytes]:
    allowed = max(RATIO_FREE_BYTES, packed_size * MAX_RATIO)
    allowed = min(allowed, MAX_UNPACKED_BYTES)
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > allowed:
            raise RefusedFileError(_TOO_LARGE)
        yield chunk
