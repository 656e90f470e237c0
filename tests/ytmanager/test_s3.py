"""S3 as it fails: each error in words, and reads that go on where they broke."""

import hashlib
import os

import pytest
from django.core.files.base import ContentFile

from tests.s3_server import Fault
from ytmanager import s3, storage
from ytmanager.exceptions import (
    AccessDeniedError,
    BucketMissingError,
    ClockSkewError,
    ConfigurationError,
    CredentialsError,
    ObjectArchivedError,
    ObjectChangedError,
    ObjectGoneError,
    S3ProcessingError,
    StoreBusyError,
    StoreUnreachableError,
    WrongRegionError,
)
from ytmanager.storage import check_store, find_file, list_files, open_stream, save_file


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(s3, "REOPEN_PAUSE", 0)


@pytest.fixture
def stored(bucket):
    """A file of 3 MB in the store: its key and its bytes."""
    data = os.urandom(3 << 20)
    return save_file(bucket, "in/a.csv", ContentFile(data)), data


def is_read(method, path):
    return method == "GET" and "list-type" not in path


def is_list(method, path):
    return "list-type" in path


REGION = "<Region>eu-west-1</Region>"
LIST_ERRORS = [
    ("NoSuchBucket", 404, BucketMissingError, "The bucket office does not exist"),
    ("AccessDenied", 403, AccessDeniedError, "s3:ListBucket is missing"),
    ("PermanentRedirect", 301, WrongRegionError, "another region"),
    ("InvalidAccessKeyId", 403, CredentialsError, "Check AWS_ACCESS_KEY_ID"),
    ("SignatureDoesNotMatch", 403, CredentialsError, "Check AWS_ACCESS_KEY_ID"),
    ("ExpiredToken", 400, CredentialsError, "have expired. Renew them"),
    ("RequestTimeTooSkewed", 403, ClockSkewError, "Set the clock of this machine"),
    ("Peculiar", 400, S3ProcessingError, "refused with the error Peculiar"),
]


@pytest.mark.parametrize(("code", "status", "error", "message"), LIST_ERRORS)
def test_error_of_a_list_is_told_apart(bucket, faulty, code, status, error, message):
    faulty.faults.append(Fault(code, status, matches=is_list, times=9))

    with pytest.raises(error, match=message) as raised:
        list(list_files(bucket))

    assert type(raised.value) is error
    assert not raised.value.retryable


def test_wrong_region_names_the_right_one(bucket, faulty):
    fault = Fault("AuthorizationHeaderMalformed", 400, REGION, times=9)
    faulty.faults.append(fault)

    with pytest.raises(WrongRegionError, match="is in the region eu-west-1"):
        list(list_files(bucket))


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("SlowDown", 503, StoreBusyError),
        ("Throttling", 400, StoreBusyError),
        ("InternalError", 500, StoreUnreachableError),
        ("RequestTimeout", 400, StoreUnreachableError),
    ],
)
def test_passing_error_is_worth_another_try(bucket, faulty, code, status, error):
    faulty.faults.append(Fault(code, status, times=99))

    with pytest.raises(error) as raised:
        list(list_files(bucket))

    assert raised.value.retryable


def test_short_throttling_is_not_even_noticed(bucket, faulty, stored):
    faulty.faults.append(Fault("SlowDown", 503, matches=is_list, times=1))

    assert [found.key for found in list_files(bucket)] == ["in/a.csv"]
    assert faulty.faults[0].hits == 1


@pytest.mark.parametrize(
    ("code", "status", "error", "message"),
    [
        ("AccessDenied", 403, AccessDeniedError, "s3:GetObject is missing"),
        ("ExpiredToken", 400, CredentialsError, "have expired"),
        ("InvalidObjectState", 403, ObjectArchivedError, "restore it in S3"),
    ],
)
def test_error_of_a_head_is_told_in_spite_of_its_empty_reply(
    bucket, faulty, stored, code, status, error, message
):
    faulty.faults.append(Fault(code, status, times=9))

    with pytest.raises(error, match=message):
        find_file(bucket, "in/a.csv")


def test_file_of_a_missing_bucket_is_told_from_a_missing_file(bucket, faulty):
    elsewhere = storage.get_report_store("elsewhere")

    with pytest.raises(BucketMissingError, match="The bucket elsewhere does not"):
        find_file(elsewhere, "in/a.csv")
    with pytest.raises(ObjectGoneError):
        find_file(bucket, "in/none.csv")


def test_store_that_is_away_does_not_answer(bucket, faulty, stored):
    faulty.faults.append(Fault(cut_after=0, times=99))

    with pytest.raises(StoreUnreachableError, match="does not answer") as raised:
        list(list_files(bucket))

    assert raised.value.retryable


def test_address_that_is_none_is_a_matter_of_configuration(settings, bucket):
    options = settings.STORAGES["reports"]["OPTIONS"] | {"endpoint_url": "nonsense"}
    store = {**settings.STORAGES["reports"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "reports": store}

    with pytest.raises(ConfigurationError, match="AWS_S3_ENDPOINT_URL"):
        list(list_files(storage.get_report_store()))


def test_name_that_no_bucket_can_have_is_told(bucket):
    with pytest.raises(BucketMissingError, match="cannot be the name of a bucket"):
        list(list_files(storage.get_report_store("No Such Bucket!")))


def test_read_goes_on_where_the_connection_broke(bucket, faulty, stored):
    key, data = stored
    faulty.faults += [
        Fault(cut_after=cut, matches=is_read) for cut in (1_000_003, 5, 700_001)
    ]

    with open_stream(bucket, key) as stream:
        read = stream.read()

    assert hashlib.sha256(read).digest() == hashlib.sha256(data).digest()
    ranges = [ranged for _, path, ranged in faulty.requests if ranged]
    assert ranges[:3] == ["bytes=0-", "bytes=1000003-", "bytes=1000008-"]


def test_connection_that_never_holds_is_given_up(bucket, faulty, stored):
    faulty.faults.append(Fault(cut_after=0, matches=is_read, times=999))

    with (
        open_stream(bucket, stored[0]) as stream,
        pytest.raises(StoreUnreachableError, match="broke off again and again"),
    ):
        stream.read()


def test_store_that_is_busy_in_between_is_waited_for(bucket, faulty, stored):
    key, data = stored
    faulty.faults += [
        Fault(cut_after=10, matches=is_read),
        Fault("SlowDown", 503, matches=is_read, times=6),
    ]

    with open_stream(bucket, key) as stream:
        assert stream.read() == data


def test_file_that_is_deleted_while_it_is_read_is_told(bucket, faulty, stored):
    key, _ = stored
    faulty.faults.append(Fault(cut_after=10, matches=is_read))
    with open_stream(bucket, key) as stream:
        bucket.delete(key)

        with pytest.raises(ObjectGoneError):
            stream.read()


def test_file_that_is_replaced_while_it_is_read_is_never_mixed(bucket, faulty, stored):
    key, _ = stored
    with open_stream(bucket, key) as stream:
        stream.read(10)
        s3.client_of(bucket).put_object(
            Bucket="office", Key=f"cms/{key}", Body=b"2" * (3 << 20)
        )
        stream.seek(2 << 20)

        with pytest.raises(ObjectChangedError) as raised:
            stream.read()

    assert raised.value.retryable


def test_check_lists_a_page_and_reads_a_byte(bucket, faulty, stored):
    save_file(bucket, "in/0-empty.csv", ContentFile(b""))
    faulty.requests.clear()

    check = check_store(bucket, "in/")

    assert (check.count, check.has_more, check.read_key) == (2, False, "in/a.csv")
    assert [ranged for _, _, ranged in faulty.requests] == ["", "bytes=0-0"]


def test_check_of_a_store_that_may_only_be_listed_fails(bucket, faulty, stored):
    faulty.faults.append(Fault("AccessDenied", 403, matches=is_read, times=9))

    with pytest.raises(AccessDeniedError, match="s3:GetObject is missing"):
        check_store(bucket)


def test_check_of_a_large_bucket_reads_one_page(bucket, faulty, monkeypatch):
    monkeypatch.setattr(storage, "LIST_PAGE", 2)
    for number in range(5):
        save_file(bucket, f"{number}.csv", ContentFile(b"x"))
    faulty.requests.clear()

    check = check_store(bucket)

    assert (check.count, check.has_more) == (2, True)
    assert len([path for _, path, _ in faulty.requests if "list-type" in path]) == 1
