"""What a report kind is: names, columns and where each cell belongs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from catalog.value_types import ValueType

# Whom a cell describes. "subject": the one asset of its row, the video when the
# row has no asset, and nobody when it has several (only one set of asset values
# is given then, and the file does not say whose).
Facts = Literal["video", "claim", "asset", "subject"]


def normal_header(cell: str) -> str:
    """`Video ID`, ` video_id ` and a cell with a BOM are all `video_id`."""
    return re.sub(r"[\W_]+", "_", cell.replace("\ufeff", "").casefold()).strip("_")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its value type and the fact column that it fills."""

    name: str
    value_type: ValueType
    into: str = ""
    facts: Facts = "video"
    aliases: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        return self.into or self.name


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report that can be imported.

    `key` names the column of which every value becomes one fact row; `asset_ids`
    the column that lists the assets of a row, if there is one. `signature` are
    columns of which at least two, besides the required ones, tell this kind.
    """

    name: str
    label: str
    file_name: re.Pattern[str]
    key: str
    required: tuple[str, ...]
    signature: frozenset[str]
    columns: tuple[Column, ...]
    ignored: frozenset[str] = frozenset()
    asset_ids: str = ""
    newest: str = ""
    spellings: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spellings = {name: name for name in self.ignored}
        for column in self.columns:
            spellings |= dict.fromkeys(column.aliases, column.name)
        spellings |= {column.name: column.name for column in self.columns}
        object.__setattr__(self, "spellings", spellings)

    def matches(self, headers: Iterable[str]) -> bool:
        """Say whether a header row (normalised) is one of this kind."""
        known = {self.spellings.get(header, header) for header in headers}
        return known >= set(self.required) and len(known & self.signature) >= 2

    def positions(self, headers: Sequence[str]) -> dict[str, int]:
        """Map known column names to places; a name beats its aliases."""
        places: dict[str, int] = {}
        for place, header in enumerate(headers):
            name = self.spellings.get(header)
            if name and (name not in places or header == name):
                places[name] = place
        return places

    def repeated(self, headers: Sequence[str]) -> list[str]:
        """List the known columns that are there more than once."""
        known = [header for header in headers if header in self.spellings]
        return sorted({header for header in known if known.count(header) > 1})

    def unknown(self, headers: Sequence[str]) -> list[str]:
        return [header for header in headers if header not in self.spellings]


@dataclass(frozen=True, slots=True)
class RefusedKind:
    """A file that people send by mistake: how to know it and what to say."""

    name: str
    message: str
    headers: tuple[frozenset[str], ...] = ()
    file_name: re.Pattern[str] | None = None

    def matches(self, headers: Iterable[str]) -> bool:
        found = set(headers)
        return any(found >= wanted for wanted in self.headers)
