"""What each column of a sheet is: suggested from its header; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.spreadsheets.cells import CLEAR_TOKEN, LIST_SEPARATOR
from catalog.spreadsheets.columns import COLUMNS, KEYS, ROW_VERSION, Target, fields_of

LEFT_OUT = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A name of `COLUMNS` or '' for each column of a sheet, and how to read it."""

    target: Target
    columns: tuple[str, ...]
    key: str
    clear_token: str = CLEAR_TOKEN
    list_separator: str = LIST_SEPARATOR

    @property
    def key_place(self) -> int:
        return self.columns.index(self.key)

    @property
    def version_place(self) -> int | None:
        """Where the row version is; only our own sheets have it."""
        if ROW_VERSION not in self.columns:
            return None
        return self.columns.index(ROW_VERSION)

    @property
    def field_places(self) -> dict[str, int]:
        """The columns that may change something, by field."""
        known = fields_of(self.target)
        return {
            name: place
            for place, name in enumerate(self.columns)
            if name in known and name != self.key
        }


def plain_header(text: str) -> str:
    """A header without case, blanks and punctuation: `Video ID` is `videoid`."""
    return re.sub(r"[\W_]+", "", text.lower())


def is_header(cells: Sequence[str]) -> int:
    """How many cells of a row name something that is known here."""
    return max(len(list(filter(None, suggest_columns(cells, t)))) for t in Target)


def suggest_mapping(
    header: Sequence[str], samples: Sequence[Sequence[str]] = ()
) -> Mapping:
    """The reading that changes most; a person looks at it before it is used."""
    readings = [suggest_for(target, header, samples) for target in Target]
    return max(readings, key=lambda m: (bool(m.key), len(m.field_places)))


def suggest_for(
    target: Target, header: Sequence[str], samples: Sequence[Sequence[str]] = ()
) -> Mapping:
    """Columns by their headers; an unknown one may show an identifier by its shape."""
    columns = suggest_columns(header, target)
    for place, name in enumerate(columns):
        cells = [row[place] for row in samples if row[place]]
        shape = "" if name or not cells else _shape_of(cells, target)
        if shape and shape not in columns:
            columns[place] = shape
    key = next((name for name in KEYS[target] if name in columns), "")
    return Mapping(target, tuple(columns), key)


def _shape_of(cells: Sequence[str], target: Target) -> str:
    """The identifier that every one of these cells looks like."""
    for name, pattern in _SHAPES[target].items():
        if all(pattern.fullmatch(cell) for cell in cells):
            return name
    return LEFT_OUT


def suggest_columns(header: Sequence[str], target: Target) -> list[str]:
    """Each column by its own header or by what others call it, each once."""
    spellings = _SPELLINGS[target]
    plain = [plain_header(cell) for cell in header]
    found = [LEFT_OUT] * len(plain)
    for rank in range(2):  # our own headers go before synonyms
        for place, text in enumerate(plain):
            name = spellings[rank].get(text, LEFT_OUT)
            if name and not found[place] and name not in found:
                found[place] = name
    return found


def is_own_export(header: Sequence[str]) -> bool:
    """Whether the sheet came from here, so that nobody needs to look at columns."""
    own = _SPELLINGS[Target.VIDEOS][0]
    names = [own.get(plain_header(cell)) for cell in header]
    return None not in names and {"video_id", ROW_VERSION} <= set(names)


def problems_of(mapping: Mapping) -> list[str]:
    """What a person has to mend before the sheet can be read."""
    problems = []
    chosen = [name for name in mapping.columns if name]
    headers = COLUMNS[mapping.target]
    for name in (n for n in headers if chosen.count(n) > 1):
        problems.append(f"Two columns are {headers[name].header}. Leave one out.")
    if unknown := set(chosen) - set(headers):
        problems.append(f"There is no field {', '.join(sorted(unknown))}.")
    if mapping.key not in KEYS[mapping.target] or mapping.key not in chosen:
        names = ", ".join(key.label for key in KEYS[mapping.target].values())
        problems.append(f"Choose the column that tells which row is meant: {names}.")
    elif not mapping.field_places:
        problems.append("No column changes anything. Choose at least one field.")
    if not mapping.clear_token.strip():
        problems.append("Enter the word that clears a value, for example [clear].")
    return problems


def _spellings(target: Target) -> tuple[dict[str, str], dict[str, str]]:
    own: dict[str, str] = {}
    others: dict[str, str] = {}
    for name, column in COLUMNS[target].items():
        own[plain_header(column.header)] = name
        for spelling in (name, *column.synonyms):
            others.setdefault(plain_header(spelling), name)
    return own, others


_SPELLINGS = {target: _spellings(target) for target in Target}

# A custom ID may look like anything, and so may a video ID without an address.
_ADDRESS = r"https?://\S*(?:youtu[.]be/|[?&]v=|/shorts/|/video/)[\w-]{11}\S*"
_SHAPES = {
    Target.VIDEOS: {
        "video_id": re.compile(_ADDRESS),
        "asset_id": re.compile("A[0-9]{15}"),
        "isrc": re.compile("[A-Z]{2}-?[A-Z0-9]{3}-?[0-9]{2}-?[0-9]{5}"),
    },
    Target.CHANNELS: {"channel_id": re.compile("UC[A-Za-z0-9_-]{22}")},
}
