"""The report store, as a folder and as a bucket on a real S3 server."""

import hashlib
import os
import zipfile

import pytest
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from reports.reading import unpack
from ytmanager import storage
from ytmanager.exceptions import (
    BucketMissingError,
    ConfigurationError,
    S3ProcessingError,
)
from ytmanager.storage import (
    check_store,
    find_file,
    list_files,
    open_stream,
    save_file,
)


@pytest.fixture
def folder(report_store):
    return storage.get_report_store()


@pytest.fixture(params=["folder", "bucket"])
def store(request):
    return request.getfixturevalue(request.param)


def test_saved_file_is_listed_and_read_back(store):
    key = save_file(store, "in/a.csv", ContentFile(b"one,two"))

    listed = list(list_files(store, "in/"))
    with open_stream(store, key) as stream:
        content = stream.read()

    assert [(found.key, found.size) for found in listed] == [("in/a.csv", 7)]
    assert listed[0] == find_file(store, key)
    assert listed[0].last_modified.tzinfo
    assert content == b"one,two"


def test_prefix_limits_the_list(store):
    save_file(store, "in/a.csv", ContentFile(b"1"))
    save_file(store, "other/b.csv", ContentFile(b"2"))

    assert [found.key for found in list_files(store, "in/")] == ["in/a.csv"]


def test_same_name_is_kept_beside_the_first(store):
    first = save_file(store, "a.csv", ContentFile(b"1"))
    second = save_file(store, "a.csv", ContentFile(b"2"))

    assert first != second


def test_empty_store_has_no_files(store):
    assert list(list_files(store)) == []


def test_zip_in_the_store_is_unpacked_without_being_copied(store, tmp_path):
    data = os.urandom(3 << 20)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    key = save_file(store, "a.zip", ContentFile((tmp_path / "a.zip").read_bytes()))

    with open_stream(store, key) as stream:
        unpacked = unpack(stream, key)
        for _ in unpacked.chunks:
            pass

    assert unpacked.content_hash == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("use", [find_file, open_stream])
def test_missing_file_is_told(store, use):
    with pytest.raises(S3ProcessingError, match="no longer in the report store"):
        use(store, "gone.csv")


def test_hidden_and_partial_files_of_a_folder_are_passed_over(report_store, folder):
    for name in (".hidden", "a.csv.part", "b.csv"):
        (report_store / name).write_bytes(b"x")
    (report_store / ".git").mkdir()
    (report_store / ".git" / "c.csv").write_bytes(b"x")
    (report_store / "link.csv").symlink_to("/etc/hostname")

    assert [found.key for found in list_files(folder)] == ["b.csv"]


def test_object_replaced_while_it_is_read_is_noticed(bucket):
    key = save_file(bucket, "a.csv", ContentFile(b"1" * 10))
    stream = open_stream(bucket, key)
    bucket.connection.meta.client.put_object(
        Bucket="office", Key="cms/a.csv", Body=b"2" * 10
    )

    with pytest.raises(S3ProcessingError, match="was replaced"):
        stream.read()
    stream.close()


def test_list_over_several_pages_is_complete(bucket, monkeypatch):
    monkeypatch.setattr(storage, "LIST_PAGE", 2)
    for number in range(5):
        save_file(bucket, f"{number}.csv", ContentFile(b"x"))

    found = [item.key for item in list_files(bucket)]

    assert found == [f"{number}.csv" for number in range(5)]


def test_wrong_bucket_is_told(bucket):
    with pytest.raises(S3ProcessingError, match="The bucket elsewhere does not exist"):
        list(list_files(storage.get_report_store("elsewhere")))


def test_source_may_name_another_bucket_which_has_no_prefix_but_its_own(bucket):
    other = storage.get_report_store("elsewhere")

    assert isinstance(other, S3Storage)
    assert (other.bucket_name, other.location) == ("elsewhere", "")
    assert storage.get_report_store("office").location == "cms"


def test_prefix_of_a_folder_names_where_to_look(report_store, folder):
    for name in ("in/2026/a.csv", "in/b.csv", "other/c.csv"):
        save_file(folder, name, ContentFile(b"x"))

    assert {found.key for found in list_files(folder, "in/")} == {
        "in/2026/a.csv",
        "in/b.csv",
    }
    assert [found.key for found in list_files(folder, "in/2026/a")] == ["in/2026/a.csv"]
    assert list(list_files(folder, "none/x")) == []


def test_folder_that_does_not_exist_is_told(report_store, folder):
    report_store.rmdir()

    with pytest.raises(BucketMissingError, match="REPORT_FOLDER"):
        list(list_files(folder))


@pytest.mark.parametrize("use", [find_file, list_files])
def test_nothing_outside_the_folder_is_looked_at(folder, use):
    with pytest.raises(S3ProcessingError, match="leads out of the report store"):
        list(use(folder, "../secret/"))


def test_check_of_a_folder_reads_a_byte(report_store, folder):
    save_file(folder, "a.csv", ContentFile(b"1"))

    check = check_store(folder)

    assert (check.count, check.read_key) == (1, "a.csv")


def test_folder_has_no_other_bucket(folder):
    with pytest.raises(ConfigurationError, match="the report store is a folder"):
        storage.get_report_store("elsewhere")
