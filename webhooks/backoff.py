"""When a delivery that failed is tried again."""

from __future__ import annotations

import random
from datetime import timedelta

WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
LONGEST_WAIT = WAITS[-1]
MAX_ATTEMPTS = len(WAITS) + 1
JITTER = 0.1


def wait_after(attempt_count: int, *, asked: timedelta | None) -> timedelta | None:
    """How long to wait after so many attempts; None: it was the last one.

    An endpoint may ask for more time (Retry-After), up to a day.
    """
    if attempt_count >= MAX_ATTEMPTS:
        return None
    wait = WAITS[attempt_count - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return max(wait, min(asked or wait, LONGEST_WAIT))
