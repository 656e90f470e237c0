"""Switches of the sandbox, kept in its state so that a restart keeps them."""

from __future__ import annotations

from typing import Any

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.state import Store

DEFAULTS: dict[str, Any] = {
    "daily_units": 10_000,
    "daily_searches": 100,
    "daily_stats_calls": 10_000,
    "default_privacy": "public",
    "audio_language_wiped": True,
    "stale_read_seconds": 0,
    "duplicate_page_items": False,
    "patch_broken": True,
    "content_id_enabled": True,
    # 7 is what a consent screen in the state "Testing" gives; 0: for good.
    "refresh_token_days": 0,
}


class Settings:
    def __init__(self, store: Store) -> None:
        self._store = store

    def __getitem__(self, name: str) -> Any:
        return self.all()[name]

    def all(self) -> dict[str, Any]:
        return DEFAULTS | (self._store.get("setting", "switches") or {})

    def update(self, changes: dict[str, Any]) -> None:
        unknown = set(changes) - set(DEFAULTS)
        if unknown:
            raise errors.bad_value(f"Unknown switches: {', '.join(sorted(unknown))}")
        stored = self._store.get("setting", "switches") or {}
        self._store.put("setting", "switches", stored | changes)
