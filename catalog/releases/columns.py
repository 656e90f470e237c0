"""What a list of releases can hold, and what other systems call it; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import fields
from catalog.spreadsheets.mapping import plain_header


@dataclass(frozen=True, slots=True)
class ReleaseColumn:
    """One column of a list; `sql_type` is its type in the staging table."""

    name: str
    label: str
    synonyms: tuple[str, ...]
    sql_type: str = "text"

    @property
    def check(self) -> Callable[[Any], list[str]]:
        """The limits of the video's field that it may fill."""
        field = fields.EDITABLE.get(self.name)
        no_check: Callable[[Any], list[str]] = _nothing
        return field.check if field and self.name != "title" else no_check


def _nothing(value: Any) -> list[str]:
    return []


_ALL = (
    ReleaseColumn("isrc", "ISRC", ("isrc code", "track isrc", "recording isrc")),
    ReleaseColumn(
        "upc",
        "UPC",
        ("ean", "upc ean", "upc/ean", "ean/upc", "barcode", "gtin", "product upc"),
    ),
    ReleaseColumn(
        "artist",
        "Artist",
        (
            "artists",
            "artist name",
            "main artist",
            "display artist",
            "track artist",
            "performer",
        ),
        "text[]",
    ),
    ReleaseColumn(
        "title",
        "Title",
        ("track title", "track", "song", "song title", "recording title", "track name"),
    ),
    ReleaseColumn(
        "album",
        "Album",
        ("album title", "release title", "release", "product title", "product"),
    ),
    ReleaseColumn("label", "Label", ("label name", "record label", "imprint")),
    ReleaseColumn(
        "genre", "Genre", ("genres", "main genre", "primary genre"), "text[]"
    ),
    ReleaseColumn(
        "length_seconds",
        "Duration",
        ("length", "duration seconds", "track length", "track duration", "time"),
        "integer",
    ),
)
COLUMNS = {column.name: column for column in _ALL}
# The fields of a video that a release can fill. Its title is no video's title.
FILLS = ("isrc", "upc", "artist", "album", "label", "genre")
assert set(FILLS) < set(fields.PUSHABLE), "names go into SQL"


def suggest_columns(header: Sequence[str]) -> list[str]:
    """A name or '' for each column, by its own name or a synonym, each once."""
    plain = [plain_header(cell) for cell in header]
    found = [""] * len(plain)
    for spellings in (_OWN, _OTHERS):
        for place, text in enumerate(plain):
            name = spellings.get(text, "")
            if name and not found[place] and name not in found:
                found[place] = name
    return found


def is_header(cells: Sequence[str]) -> int:
    """How many cells of a row name something that is known here."""
    return len(list(filter(None, suggest_columns(cells))))


def problems_of(columns: Sequence[str]) -> list[str]:
    """What a person has to mend before the list can be read."""
    chosen = [name for name in columns if name]
    problems = [
        f"Two columns are {COLUMNS[name].label}. Leave one out."
        for name in COLUMNS
        if chosen.count(name) > 1
    ]
    if set(chosen) - set(COLUMNS):
        problems.append("One of the columns is not known. Choose again.")
    if "isrc" not in chosen and not {"title", "artist"} <= set(chosen):
        problems.append(
            "Videos are found by ISRC, or by title and artist. Choose the column of "
            "the ISRC, or those of title and artist."
        )
    return problems


_OWN = {plain_header(column.label): name for name, column in COLUMNS.items()}
_OTHERS = {
    plain_header(spelling): name
    for name, column in COLUMNS.items()
    for spelling in (name, *column.synonyms)
}
