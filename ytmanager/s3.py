"""What S3 adds to the report store: errors in words, pages, reads that resume."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from botocore import exceptions as boto
from botocore.config import Config
from storages.backends.s3 import S3Storage

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

logger = structlog.get_logger(__name__)

# The library tries these requests again by itself: throttling, 5xx, time-outs.
CONFIG = Config(
    connect_timeout=10,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 4},
    tcp_keepalive=True,
)
# For a probe, which has no time: one try, and a short one.
QUICK = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 1})
REOPEN_LIMIT = 5
REOPEN_PAUSE = 0.2  # seconds, doubled each time
LISTING, READING, WRITING = "s3:ListBucket", "s3:GetObject", "s3:PutObject"

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_CODES: dict[str, type[S3ProcessingError]] = {
    "NoSuchBucket": BucketMissingError,
    "InvalidBucketName": BucketMissingError,
    "PermanentRedirect": WrongRegionError,
    "TemporaryRedirect": WrongRegionError,
    "AuthorizationHeaderMalformed": WrongRegionError,
    "IllegalLocationConstraintException": WrongRegionError,
    "InvalidAccessKeyId": CredentialsError,
    "SignatureDoesNotMatch": CredentialsError,
    "InvalidToken": CredentialsError,
    "ExpiredToken": CredentialsError,
    "TokenRefreshRequired": CredentialsError,
    "RequestTimeTooSkewed": ClockSkewError,
    "RequestExpired": ClockSkewError,
    "NoSuchKey": ObjectGoneError,
    "PreconditionFailed": ObjectChangedError,
    "InvalidRange": ObjectChangedError,
    "InvalidObjectState": ObjectArchivedError,
    "SlowDown": StoreBusyError,
    "Throttling": StoreBusyError,
    "ThrottlingException": StoreBusyError,
    "RequestLimitExceeded": StoreBusyError,
    "TooManyRequests": StoreBusyError,
    "RequestTimeout": StoreUnreachableError,
}
_STATUSES: dict[int, type[S3ProcessingError]] = {
    301: WrongRegionError,
    307: WrongRegionError,
    403: AccessDeniedError,
    404: ObjectGoneError,
    412: ObjectChangedError,
    416: ObjectChangedError,
    429: StoreBusyError,
    503: StoreBusyError,
}
_MESSAGES: dict[type[S3ProcessingError], str] = {
    BucketMissingError: (
        "The bucket {bucket} does not exist. Check its name in the report source or "
        "in S3_BUCKET."
    ),
    AccessDeniedError: (
        "The credentials do not allow this with the bucket {bucket}: {doing} is "
        "missing. Give them this permission, then try again."
    ),
    WrongRegionError: (
        "The bucket {bucket} is in {region}. Set AWS_S3_REGION_NAME accordingly and "
        "start the system again."
    ),
    CredentialsError: (
        "The report store does not accept the credentials. Check AWS_ACCESS_KEY_ID "
        "and AWS_SECRET_ACCESS_KEY, then start the system again."
    ),
    ClockSkewError: (
        "The clock of this machine and that of the report store are too far apart. "
        "Set the clock of this machine, then try again."
    ),
}
_EXPIRED = (
    "The credentials of the report store have expired. Renew them, then start the "
    "system again."
)
_ABSENT = (
    "There are no credentials for the report store. Set AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY, then start the system again."
)


def client_of(store: S3Storage) -> Any:
    """The S3 client; raises ConfigurationError for an address that is none."""
    try:
        return store.connection.meta.client
    except ValueError as exc:
        raise ConfigurationError(
            "AWS_S3_ENDPOINT_URL is not an address such as https://s3.example.com."
        ) from exc


def full_key(store: S3Storage, key: str) -> str:
    root = str(store.location or "").strip("/")
    return f"{root}/{key}" if root else key


def list_objects(
    store: S3Storage, prefix: str, page_size: int
) -> Iterator[dict[str, Any]]:
    """Objects below a prefix with their full keys, page by page."""
    with translated(store, LISTING):
        pages = client_of(store).get_paginator("list_objects_v2")
        for page in pages.paginate(
            Bucket=store.bucket_name,
            Prefix=full_key(store, prefix),
            PaginationConfig={"PageSize": page_size},
        ):
            # The library takes a reply that was cut before its first byte for an
            # empty list.
            if "IsTruncated" not in page:
                raise StoreUnreachableError(key=prefix)
            yield from page.get("Contents", [])


def head_of(store: S3Storage, key: str) -> tuple[int, str, datetime]:
    """Size, ETag as the store writes it, and the moment of the last change.

    A reply to HEAD has no body that would say what is wrong, so a GET asks again.
    """
    place = {"Bucket": store.bucket_name, "Key": full_key(store, key)}
    client = client_of(store)
    with translated(store, READING, key):
        try:
            head = client.head_object(**place)
        except boto.ClientError as exc:
            if _status(exc) == 404:
                client.head_bucket(Bucket=store.bucket_name)
            else:
                client.get_object(**place, Range="bytes=0-0")["Body"].close()
            raise
    return head["ContentLength"], head["ETag"], head["LastModified"]


def read_byte(store: S3Storage, key: str) -> bytes:
    """The first byte of an object that is not empty."""
    place = {"Bucket": store.bucket_name, "Key": full_key(store, key)}
    with translated(store, READING, key):
        body = client_of(store).get_object(**place, Range="bytes=0-0")["Body"]
        data: bytes = body.read(1)
        body.close()
    return data


@contextmanager
def translated(store: S3Storage, doing: str, key: str = "") -> Iterator[None]:
    """Turn what the library raises into what a person can do about it."""
    try:
        yield
    except boto.ClientError as exc:
        raise _of_reply(exc, store, doing, key) from exc
    except boto.BotoCoreError as exc:
        raise _of_library(exc, store, key) from exc


def _of_reply(
    exc: boto.ClientError, store: S3Storage, doing: str, key: str
) -> S3ProcessingError:
    code, status = _code(exc), _status(exc)
    found = _CODES.get(code) or _STATUSES.get(status)
    if exc.operation_name == "HeadBucket" and found is ObjectGoneError:
        found = BucketMissingError
    if found is None:
        found = StoreUnreachableError if status >= 500 else S3ProcessingError
    message = _MESSAGES.get(found, "")
    if code in {"ExpiredToken", "TokenRefreshRequired"}:
        message = _EXPIRED
    if found is S3ProcessingError:
        message = "The report store refused with the error {code}."
    told = {"bucket": store.bucket_name, "doing": doing, "code": code or status}
    return found(message.format(region=_region(exc), **told), key=key, code=code)


def _of_library(
    exc: boto.BotoCoreError, store: S3Storage, key: str
) -> S3ProcessingError:
    if isinstance(exc, boto.NoCredentialsError | boto.PartialCredentialsError):
        return CredentialsError(_ABSENT)
    if isinstance(exc, boto.CredentialRetrievalError | boto.TokenRetrievalError):
        return CredentialsError(_MESSAGES[CredentialsError])
    if isinstance(exc, boto.ParamValidationError):
        return BucketMissingError(
            f"{store.bucket_name} cannot be the name of a bucket. Check the source."
        )
    if isinstance(exc, boto.NoRegionError | boto.InvalidRegionError):
        return WrongRegionError("Set AWS_S3_REGION_NAME to the region of the bucket.")
    return StoreUnreachableError(key=key)


def _code(exc: boto.ClientError) -> str:
    return str(exc.response.get("Error", {}).get("Code", ""))


def _status(exc: boto.ClientError) -> int:
    return int(exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _region(exc: boto.ClientError) -> str:
    """Where the bucket is, as far as the store says."""
    headers = exc.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    told = exc.response.get("Error", {}).get("Region")
    name = told or headers.get("x-amz-bucket-region")
    return f"the region {name}" if name else "another region than the one that is set"


class S3Object(io.RawIOBase):
    """Reads an object front to back with one request, and one more per seek.

    The ETag of the first reply is demanded of all others, so that a file that
    is replaced meanwhile is noticed and never mixed. A broken connection is
    taken up again where it broke.
    """

    def __init__(self, store: S3Storage, key: str) -> None:
        self._store, self._key, self._position = store, key, 0
        self._body: Any = None
        self._size, self._etag, _ = head_of(store, key)

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
        """Read on; each call may take up a broken connection some times."""
        for attempt in range(REOPEN_LIMIT):
            try:
                with translated(self._store, READING, self._key):
                    if data := self._opened().read(wanted):
                        return bytes(data)
            except S3ProcessingError as exc:
                if not isinstance(exc, StoreUnreachableError | StoreBusyError):
                    raise
            self._drop()
            logger.warning(
                "s3_stream_broke_off", key=self._key, position=self._position
            )
            time.sleep(REOPEN_PAUSE * 2**attempt)
        raise StoreUnreachableError(
            "The report store broke off again and again while the file was read.",
            key=self._key,
        )

    def _opened(self) -> Any:
        if self._body is None:
            reply = client_of(self._store).get_object(
                Bucket=self._store.bucket_name,
                Key=full_key(self._store, self._key),
                Range=f"bytes={self._position}-",
                IfMatch=self._etag,
            )
            self._body = reply["Body"]
        return self._body

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
