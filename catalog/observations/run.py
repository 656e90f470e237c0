"""State of one merge: its cursor, its observation and its tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.db import connection

from catalog.choices import Source
from catalog.models import Observation
from catalog.observations.staging import FactTables

RollOf = Literal["assets", "claims", "ownership"]


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What a merge did; conflicts and pinned values are counted in fields."""

    videos_new: int = 0
    videos_changed: int = 0
    videos_counters_only: int = 0
    videos_unchanged: int = 0
    videos_older: int = 0
    conflicts: int = 0
    pinned_kept: int = 0
    agreed: int = 0
    channels_new: int = 0
    assets_new: int = 0
    assets_changed: int = 0
    assets_ended: int = 0
    claims_new: int = 0
    claims_changed: int = 0
    claims_ended: int = 0
    ownership_new: int = 0
    ownership_changed: int = 0
    ownership_ended: int = 0
    shorts_found: int = 0
    # Only of facts that list every video of their owner.
    videos_listed: int = 0
    videos_missing: int = 0
    videos_back: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """Says that the facts list every video of their content owner.

    `are_gone` hears how many videos were listed before and how many of these are
    missing now, and answers whether they are gone; it may raise to stop the merge.
    `also_listed` is SQL that selects IDs of videos whose rows could not be read.
    `claims_are_gone` answers the same for claims on the videos that are listed; it
    is None where the facts name no claims. `claims_unread` is SQL that selects IDs
    of videos that may have claims which could not be read.
    """

    are_gone: Callable[[int, int], bool]
    also_listed: str = ""
    claims_are_gone: Callable[[int, int], bool] | None = None
    claims_unread: str = ""


@dataclass(frozen=True, slots=True)
class Roll:
    """Says that the facts are a list of assets, claims or conflicts of ownership.

    What it leaves out has ended if `are_gone` says so (see Listing); `also_listed`
    is SQL that selects asset or claim IDs of rows that could not be read.
    """

    of: RollOf
    are_gone: Callable[[int, int], bool]
    also_listed: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Facts of known videos that were merged before, counters apart.

    `table` has a row for each of these videos: its key `pk`, the `fingerprint` that
    was merged, `counted_as_of` and `differs` of its counters, and the counters.
    `columns` are the fact columns of which the facts speak. `channels` is SQL that
    selects what channels are made of: their ID, title and policies of their videos.
    """

    table: str
    columns: frozenset[str]
    channels: str


@dataclass(slots=True)
class MergeRun:
    """One merge inside one transaction."""

    observation: Observation
    tables: FactTables
    # Fact columns that hold at least one value; the others say nothing at all.
    known: frozenset[str] = frozenset()
    known_of_assets: frozenset[str] = frozenset()
    # What `tables.videos` leaves out; see `fingerprints`.
    repeated: Repeated | None = None
    # YouTube ids of videos whose primary asset is judged again.
    reconsidered: tuple[str, ...] = ()
    listing: Listing | None = None
    roll: Roll | None = None
    # A newer list of the same was merged before.
    is_roll_outdated: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def has_asset_facts_of_its_own(self) -> bool:
        """Whether asset facts come from a source about assets, not from a remark."""
        return not self.known and (self.roll is None or self.roll.of == "assets")

    def execute(self, sql: str) -> int:
        """Run one statement; returns the number of rows it touched.

        A percent sign in `sql` must be doubled; see `params` for the names.
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, self.params)
            return int(cursor.rowcount)

    def value(self, sql: str) -> Any:
        """The first column of the only row."""
        return self.rows(sql)[0][0]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, self.params)
            return list(cursor.fetchall())

    def make_table(self, name: str, select: str, *, key: str = "pk") -> int:
        """A temporary table of this transaction; returns its row count.

        Without a key it is only read from its first row to its last.
        """
        self.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        count = self.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}")
        if count and key:
            self.execute(f"CREATE INDEX ON pg_temp.{name} ({key})")
            self.execute(f"ANALYZE pg_temp.{name}")
        return count

    @contextmanager
    def without_nested_loops(self, *, when: bool) -> Iterator[None]:
        """Join by hash: rows that this merge inserted are in no statistics yet.

        The planner takes 100,000 of them for two and looks each up by itself.
        """
        if when:
            self.execute("SET LOCAL enable_nestloop = off")
        yield
        if when:
            self.execute("SET LOCAL enable_nestloop TO DEFAULT")

    @property
    def is_api_read(self) -> bool:
        return self.observation.source in {Source.REFRESH, Source.PUSH_READ}

    @property
    def params(self) -> dict[str, Any]:
        return {
            "as_of": self.observation.as_of,
            "observation": self.observation.pk,
            "owner": self.observation.content_owner_id,
            "reconsidered": list(self.reconsidered),
            "grace": f"{settings.PUSH_GRACE_MINUTES} minutes",
            "is_api_read": self.is_api_read,
        }
