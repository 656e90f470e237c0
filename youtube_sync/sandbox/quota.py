"""Units spent per Pacific day."""

from __future__ import annotations

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.clock import Clock
from youtube_sync.sandbox.messages import Request
from youtube_sync.sandbox.settings import Settings
from youtube_sync.sandbox.state import Doc, Store

GENERAL = "units"
# Buckets of their own, by the setting that holds their size.
BUCKETS = {
    "search": ("daily_searches", "Search Queries"),
    "stats": ("daily_stats_calls", "Video batch stats queries"),
}


class Quota:
    """The general bucket and small ones; a day starts at Pacific midnight."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store, self._clock, self._settings = store, clock, settings

    def spent_today(self, bucket: str = GENERAL) -> int:
        return int(self._today().get(bucket, 0))

    def spent_in_all(self) -> int:
        return sum(
            int(day.get(GENERAL, 0)) for day in self._store.all("quota").values()
        )

    def charge(self, request: Request, units: int) -> None:
        """Book `units` on this request; raise quotaExceeded if too few are left."""
        if self.spent_today() + units > self._settings["daily_units"]:
            raise errors.quota_exceeded()
        self._book(GENERAL, units)
        request.units += units

    def charge_bucket(self, bucket: str) -> None:
        """Book one call on a bucket of its own; raise 429 once it is empty."""
        setting, metric = BUCKETS[bucket]
        limit = self._settings[setting]
        if self.spent_today(bucket) >= limit:
            raise errors.daily_bucket_exceeded(limit, metric)
        self._book(bucket, 1)

    def charge_failed(self, request: Request, units: int) -> None:
        """A refused request costs its price as well, unless it was booked already."""
        if request.units == 0:
            self._book(GENERAL, units)
            request.units += units

    def _today(self) -> Doc:
        return self._store.get("quota", self._clock.pacific_day()) or {}

    def _book(self, bucket: str, units: int) -> None:
        booked = self._today()
        booked[bucket] = int(booked.get(bucket, 0)) + units
        self._store.put("quota", self._clock.pacific_day(), booked)
