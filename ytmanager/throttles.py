"""How often one person or token may ask, told in the standard headers.

`RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` as in the draft of
the IETF's httpapi group, `Retry-After` beside a 429. The counters are in the
cache; while that is down nobody is held back.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import BaseThrottle

from ytmanager.models import ApiToken

if TYPE_CHECKING:
    # REST framework's views import this module while they are being made.
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.views import APIView

WINDOW = 60  # seconds


class WindowThrottle(BaseThrottle):
    """So many requests in each minute; reads and writes count apart."""

    def __init__(self) -> None:
        self.limit, self.used, self.reset = 0, 0, WINDOW

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; costs one round trip to the cache."""
        is_read = request.method in SAFE_METHODS
        self.limit = settings.API_READS if is_read else settings.API_WRITES
        now = int(time.time())
        self.reset = WINDOW - now % WINDOW
        kind = "read" if is_read else "write"
        key = f"throttle:{kind}:{caller_of(request)}:{now // WINDOW}"
        with suppress(RedisError, OSError):
            cache.add(key, 0, timeout=2 * WINDOW)
            with suppress(ValueError):  # the minute ended between the two
                self.used = cache.incr(key)
        request.throttle = self  # type: ignore[attr-defined]
        return self.used <= self.limit

    def wait(self) -> float:
        return float(self.reset)


def caller_of(request: Request) -> str:
    """A token has a budget of its own, beside that of its owner's pages."""
    if isinstance(request.auth, ApiToken):
        return f"token:{request.auth.digest[:32]}"
    return f"user:{request.user.pk}"


def tell_limits(request: Request, response: Response) -> None:
    """Say in the answer's headers how much of the minute is left."""
    throttle = getattr(request, "throttle", None)
    if throttle is None:
        return
    response["RateLimit-Limit"] = str(throttle.limit)
    response["RateLimit-Remaining"] = str(max(0, throttle.limit - throttle.used))
    response["RateLimit-Reset"] = str(throttle.reset)
