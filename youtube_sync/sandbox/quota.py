"""Units spent per Pacific day."""

from __future__ import annotations

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.clock import Clock
from youtube_sync.sandbox.messages import Request
from youtube_sync.sandbox.settings import Settings
from youtube_sync.sandbox.state import Store


class Quota:
    """The general bucket; a day's spending starts at Pacific midnight."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store, self._clock, self._settings = store, clock, settings

    def spent_today(self) -> int:
        stored = self._store.get("quota", self._clock.pacific_day()) or {}
        return int(stored.get("units", 0))

    def spent_in_all(self) -> int:
        return sum(int(day["units"]) for day in self._store.all("quota").values())

    def charge(self, request: Request, units: int) -> None:
        """Book `units` on this request; raise quotaExceeded if too few are left."""
        spent = self.spent_today()
        if spent + units > self._settings["daily_units"]:
            raise errors.quota_exceeded()
        self._book(request, spent, units)

    def charge_at_least_one(self, request: Request) -> None:
        """Every request costs a unit, an invalid one too."""
        if request.units == 0:
            self._book(request, self.spent_today(), 1)

    def _book(self, request: Request, spent: int, units: int) -> None:
        self._store.put("quota", self._clock.pacific_day(), {"units": spent + units})
        request.units += units
