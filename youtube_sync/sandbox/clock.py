"""The sandbox's clock: real time plus an offset that tests may move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from youtube_sync.sandbox.state import Store

PACIFIC = ZoneInfo("America/Los_Angeles")


def _real_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    def __init__(
        self, store: Store, source: Callable[[], datetime] | None = None
    ) -> None:
        self._store, self._source = store, source or _real_now

    def now(self) -> datetime:
        offset = (self._store.get("setting", "clock") or {}).get("offset_seconds", 0)
        return self._source() + timedelta(seconds=offset)

    def advance(self, seconds: float) -> None:
        stored = self._store.get("setting", "clock") or {"offset_seconds": 0}
        stored["offset_seconds"] += seconds
        self._store.put("setting", "clock", stored)

    def pacific_day(self) -> str:
        return self.now().astimezone(PACIFIC).date().isoformat()


def as_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_moment(text: str) -> datetime:
    """Read an ISO 8601 moment; a missing offset raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(UTC)
