"""What a report kind is: names, columns and where each cell belongs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from catalog.value_types import ValueType

# `v1-3`, `v1_1`, a bare digit, or nothing at all.
VERSION = r"(?:_(?P<version>v?\d{1,2}(?:[-_]\d{1,2})?))?"

# Whom a cell describes. "subject": the one asset of its row, the video when the
# row has no asset, and nobody when it has several (only one set of asset values
# is given then, and the file does not say whose).
Facts = Literal["video", "claim", "asset", "subject", "ownership", "short"]
# What a kind lists completely, so that what it leaves out has ended.
Listing = Literal["", "videos", "assets", "claims", "ownership"]


def normal_header(cell: str) -> str:
    """`Video ID`, ` video_id ` and a cell with a BOM are all `video_id`."""
    return re.sub(r"[\W_]+", "_", cell.replace("\ufeff", "").casefold()).strip("_")


def file_names(studio: str, report_type: str) -> re.Pattern[str]:
    """Names of a report: the Studio download's and those of its API twins.

    `studio` has the groups `owner` and `version`. Bulk downloads are named
    `<owner ID>_content_owner_<report type>_a3_<month>`, tables `p_content_owner_...`.
    """
    twin = (
        rf"(?:p_|(?P<owner_id>.+?)_)?content_owner_{report_type}"
        r"_(?P<api_version>a\d{1,2})"
    )
    return re.compile(rf"(?:{studio}|{twin})(?![A-Za-z0-9-])", re.IGNORECASE)


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
    the column that lists the assets of a row, if there is one. `required` cells
    make a row; `telltales` are columns that a header must have as well.
    `signature` are columns of which at least two, besides these, tell this kind.
    """

    name: str
    label: str
    file_name: re.Pattern[str]
    key: str
    required: tuple[str, ...]
    signature: frozenset[str]
    columns: tuple[Column, ...]
    telltales: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    asset_ids: str = ""
    newest: str = ""
    # A column that holds the video's ID when YouTube deleted the video.
    video_stand_in: str = ""
    # What the file lists completely, for its content owner.
    lists_all: Listing = ""
    # Rows about videos that are not in the catalogue cannot create them.
    is_for_known_videos: bool = False
    # A layout of another kind: whoever asks for that one gets this one as well.
    variant_of: str = ""
    spellings: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spellings = {name: name for name in self.ignored}
        for column in self.columns:
            spellings |= dict.fromkeys(column.aliases, column.name)
        spellings |= {column.name: column.name for column in self.columns}
        object.__setattr__(self, "spellings", spellings)

    @property
    def family(self) -> str:
        """The name that all layouts of one report share."""
        return self.variant_of or self.name

    @property
    def header_columns(self) -> tuple[str, ...]:
        """The columns without which a header is not one of this kind."""
        return tuple(dict.fromkeys((*self.required, *self.telltales)))

    def matches(self, headers: Iterable[str]) -> bool:
        """Say whether a header row (normalised) is one of this kind."""
        known = self.known(headers)
        return (
            known >= set(self.header_columns)
            and len(known & self.signature - set(self.header_columns)) >= 2
        )

    def known(self, headers: Iterable[str]) -> set[str]:
        """Name the columns of this kind that a header row has."""
        return {self.spellings[h] for h in headers if h in self.spellings}

    def missing(self, headers: Iterable[str]) -> list[str]:
        """Name the columns that a header row of this kind would have to have."""
        known = self.known(headers)
        return [name for name in self.header_columns if name not in known]

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
    """A file that people send by mistake: how to know it and what to say.

    `rank` orders refusals: a message about one report speaks before one about a
    whole family of reports (the lowest number first).
    """

    name: str
    message: str
    headers: tuple[frozenset[str], ...] = ()
    file_name: re.Pattern[str] | None = None
    rank: int = 0

    def marks(self, headers: Iterable[str]) -> list[frozenset[str]]:
        """The sets of columns by which a header row is known as this kind."""
        found = set(headers)
        return [wanted for wanted in self.headers if found >= wanted]
