"""Wrappings are told by their bytes; damaged and hostile ones in words."""

import gzip
import hashlib
import io
import zipfile

import pytest

from reports.exceptions import DamagedFileError, EmptyFileError, RefusedFileError
from reports.reading import unpack, unpacking

pytestmark = pytest.mark.unit

TEXT = b"video_id,channel_id\n" * 1000


def zipped(members, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def content(data, name="report.csv"):
    unpacked = unpack(io.BytesIO(data), name)
    return unpacked, b"".join(unpacked.chunks)


@pytest.mark.parametrize(
    ("data", "inner"),
    [
        (TEXT, "r.csv.gz"),
        (gzip.compress(TEXT), "r.csv"),
        (gzip.compress(TEXT[:50]) + gzip.compress(TEXT[50:]), "r.csv"),
        (zipped({"video.csv": TEXT}), "video.csv"),
        (zipped({"video.csv.gz": gzip.compress(TEXT)}), "video.csv"),
        (gzip.compress(zipped({"a/video.csv": TEXT})), "a/video.csv"),
    ],
    ids=["plain", "gzip", "two gzip members", "zip", "gzip in zip", "zip in gzip"],
)
def test_every_wrapping_gives_the_same_bytes_and_hash(data, inner):
    unpacked, found = content(data, "r.csv.gz")

    assert found == TEXT
    assert unpacked.name == inner
    assert unpacked.content_hash == hashlib.sha256(TEXT).hexdigest()


def test_junk_members_of_a_zip_are_passed_over():
    data = zipped(
        {
            "__MACOSX/._video.csv": b"junk",
            ".DS_Store": b"junk",
            "folder/": b"",
            "readme.txt": b"hello",
            "folder/video.csv": TEXT,
        }
    )

    unpacked, found = content(data)

    assert (unpacked.name, found) == ("folder/video.csv", TEXT)


def test_zip_with_several_reports_is_refused_with_their_names():
    with pytest.raises(RefusedFileError, match=r"holds 2 files \(a.csv, b.csv\)"):
        content(zipped({"a.csv": TEXT, "b.csv": TEXT}))


def test_zip_without_files_is_empty():
    with pytest.raises(EmptyFileError, match="holds no file"):
        content(zipped({"__MACOSX/x": b"junk"}))


def test_workbook_is_refused_by_name():
    with pytest.raises(RefusedFileError, match="Excel workbook"):
        content(zipped({"xl/workbook.xml": b"<x/>"}))


def test_empty_file_is_told():
    with pytest.raises(EmptyFileError, match="0 bytes"):
        content(b"")


def test_truncated_gzip_is_damaged():
    packed = gzip.compress(bytes(range(256)) * 4000)

    with pytest.raises(DamagedFileError, match="ends in the middle"):
        content(packed[:-20])


@pytest.mark.parametrize("length", [2, 3, 10, 17])
def test_gzip_cut_within_its_header_is_damaged(tmp_path, length):
    path = tmp_path / "r.csv.gz"
    path.write_bytes(gzip.compress(b"")[:length])

    # A real file: seeking before its start fails, unlike in a BytesIO.
    with path.open("rb") as stream, pytest.raises(DamagedFileError):
        list(unpack(stream, path.name).chunks)


def test_gzip_with_a_wrong_checksum_is_damaged():
    packed = gzip.compress(TEXT)

    with pytest.raises(DamagedFileError, match="gzip file"):
        content(packed[:-8] + b"\0" * 8)


def test_truncated_zip_is_damaged():
    with pytest.raises(DamagedFileError, match="zip archive is incomplete"):
        content(zipped({"a.csv": TEXT})[:-30])


def test_zip_with_a_wrong_checksum_is_damaged():
    packed = bytearray(zipped({"a.csv": TEXT}))
    packed[45] ^= 0xFF

    with pytest.raises(DamagedFileError):
        content(bytes(packed))


def test_bomb_is_stopped(monkeypatch):
    monkeypatch.setattr(unpacking, "RATIO_FREE_BYTES", 1 << 20)

    with pytest.raises(RefusedFileError, match="far more than a report"):
        content(gzip.compress(b"0" * (8 << 20)))


def test_archives_within_archives_end():
    data = TEXT
    for _ in range(6):
        data = gzip.compress(data)

    with pytest.raises(RefusedFileError, match="archives within archives"):
        content(data)
