"""`Idempotency-Key`: a request that is sent again is answered again, not done again.

The key, the work and the answer commit in one transaction. A second request with
the same key waits for the first one, then gets its answer. What is refused or
fails leaves no key: nothing was done, so it may be tried again.
"""

import hashlib
import json
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ytmanager.exceptions import ConcurrencyError, IdempotencyKeyError
from ytmanager.models import IdempotentRequest

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 200
LOCK_TIMEOUT = "5s"


class AlreadyDone(Exception):  # noqa: N818 - no error: it carries the answer
    """The request was carried out before; `response` is its answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def has_key(method: str | None, headers: Any) -> bool:
    """Whether a request wants to be carried out once."""
    return method not in SAFE_METHODS and HEADER in headers


def begin(request: Request) -> IdempotentRequest:
    """Take the key in the caller's transaction.

    Raises AlreadyDone, IdempotencyKeyError for another request with this key,
    ConcurrencyError while the first one takes its time, and ValidationError.
    """
    key, fingerprint = _key(request), _fingerprint(request)
    wanted = {"user": request.user, "key": key}
    try:
        with transaction.atomic():
            _wait_shortly()
            return IdempotentRequest.objects.create(fingerprint=fingerprint, **wanted)
    except IntegrityError:
        earlier = IdempotentRequest.objects.get(**wanted)
    except OperationalError as exc:
        if isinstance(exc.__cause__, LockNotAvailable):
            raise ConcurrencyError("This request is being carried out.") from exc
        raise
    if earlier.fingerprint != fingerprint:
        raise IdempotencyKeyError
    raise AlreadyDone(_answer_of(earlier))


def _wait_shortly() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


def finish(remembered: IdempotentRequest, response: Response) -> None:
    """Keep the answer beside the key."""
    remembered.status = response.status_code
    remembered.location = response.get("Location", "")
    remembered.body = JSONRenderer().render(response.data).decode()
    remembered.save(update_fields=["status", "location", "body"])


def _key(request: Request) -> str:
    key: str = request.headers[HEADER].strip()
    if not key.isascii() or not key.isprintable() or not 0 < len(key) <= LONGEST:
        message = f"Use 1 to {LONGEST} printable ASCII characters."
        raise ValidationError({HEADER: [message]})
    return key


def _fingerprint(request: Request) -> str:
    """Of what is asked for; an uploaded file counts by its size."""
    is_upload = request.content_type.startswith("multipart/")
    length = request.headers.get("Content-Length", "")
    body = length.encode() if is_upload else request.body
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + body).hexdigest()


def _answer_of(earlier: IdempotentRequest) -> Response:
    headers = {REPLAYED: "true"}
    if earlier.location:
        headers["Location"] = earlier.location
    return Response(
        json.loads(earlier.body) if earlier.body else None,
        status=earlier.status,
        headers=headers,
    )
