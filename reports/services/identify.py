"""Say what a file is: by its inner name, its outer name and its header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from reports.exceptions import (
    DuplicateColumnError,
    MissingColumnsError,
    RefusedFileError,
)
from reports.kinds import (
    KINDS,
    NameMatch,
    RefusedKind,
    ReportKind,
    kind_most_alike,
    kind_of_header,
    kind_of_name,
    normal_header,
    plain_name,
)

_DATE = re.compile(
    r"(?<!\d)(20\d\d)([-_]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
)
_UNKNOWN = (
    "None of the first 10 rows is the header of a report known here. "
    "Please send a video, asset, claim or asset conflict report of Content Manager."
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file is and what its names tell about it."""

    kind: ReportKind
    owner_name: str = ""
    version: str = ""
    data_on: date | None = None
    warnings: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """The name in the store and the name inside the wrapping."""

    outer: str
    inner: str
    matches: tuple[NameMatch, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = (kind_of_name(self.inner), kind_of_name(self.outer))
        object.__setattr__(self, "matches", tuple(match for match in found if match))

    @property
    def match(self) -> NameMatch | None:
        """The inner name speaks first."""
        return self.matches[0] if self.matches else None

    def of(self, kind: ReportKind) -> list[NameMatch]:
        """What the names say if they name this kind, in whatever layout."""
        return [
            match
            for match in self.matches
            if isinstance(match.kind, ReportKind) and match.kind.family == kind.family
        ]


class HeaderSearch:
    """Says whether a record is a header known here; remembers the nearest miss."""

    def __init__(self) -> None:
        self.nearest: list[str] | None = None
        self._known = 0

    def __call__(self, cells: Sequence[str]) -> bool:
        headers = [normal_header(cell) for cell in cells]
        if kind_of_header(headers) is not None:
            return True
        alike = kind_most_alike(headers)
        if alike and (known := len(alike.known(headers))) > self._known:
            self.nearest, self._known = list(cells), known
        return False


def identify(
    *, outer_name: str, inner_name: str, header: Sequence[str] | None, wanted: str = ""
) -> Identity:
    """Tell the kind; the header beats the names, and `wanted` is a person's choice.

    Raises RefusedFileError, MissingColumnsError or DuplicateColumnError with a
    message that says what the file is and where it belongs.
    """
    names = Names(outer_name, inner_name)
    headers = [normal_header(cell) for cell in header or ()]
    kind = _kind(names, headers, wanted)
    if repeated := kind.repeated(headers):
        raise DuplicateColumnError(
            f"The header names {_listed(repeated)} twice, so it is not clear which "
            "column counts. Please download the file again."
        )
    return Identity(
        kind=kind,
        owner_name=_owner(names, kind),
        version=_version(names, kind),
        data_on=date_of_name(inner_name) or date_of_name(outer_name),
        warnings=tuple(_warnings(names, kind, headers)),
        unknown=tuple(kind.unknown(headers)),
    )


def date_of_name(name: str) -> date | None:
    """The last date in a file name, such as 20260801 or 2026-08-01."""
    for year, _, month, day in reversed(_DATE.findall(plain_name(name))):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:  # 31 February
            continue
    return None


def _kind(names: Names, headers: Sequence[str], wanted: str) -> ReportKind:
    found = kind_of_header(headers)
    if isinstance(found, RefusedKind):
        raise RefusedFileError(found.message, kind=found.name)
    expected = KINDS.get(wanted) or (names.match.kind if names.match else None)
    if found is None:
        raise _refusal(expected, headers)
    if wanted and found.family != wanted:
        raise RefusedFileError(
            f"This is {_article(found)}, not {_article(KINDS[wanted])}.",
            kind=found.name,
        )
    return found


def _refusal(
    expected: ReportKind | RefusedKind | None, headers: Sequence[str]
) -> RefusedFileError | MissingColumnsError:
    if isinstance(expected, RefusedKind):
        return RefusedFileError(expected.message, kind=expected.name)
    alike = kind_most_alike(headers) or expected
    if alike is None:
        return RefusedFileError(_UNKNOWN)
    missing = alike.missing(headers)
    if not headers:
        found = "none of the first 10 rows is its header with the columns "
        found += _listed(missing)
    elif missing:
        found = f"the header lacks {_listed(missing)}"
    else:
        found = f"too few of its columns are there: {_listed(headers)}"
    how = "columns" if headers else "name"
    return MissingColumnsError(
        f"By its {how} this is {_article(alike)}, but {found}. "
        "Please download the report again and send it unchanged."
    )


def _owner(names: Names, kind: ReportKind) -> str:
    return next((match.owner for match in names.of(kind)), "")


def _version(names: Names, kind: ReportKind) -> str:
    return next(filter(None, (match.version for match in names.of(kind))), "")


def _warnings(names: Names, kind: ReportKind, headers: Sequence[str]) -> list[str]:
    warnings = []
    if names.match and names.match not in names.of(kind):
        other = names.match.kind.name.replace("_", " ")
        warnings.append(
            f"The file name says {other}, the header says {kind.label.lower()}; "
            "the header was trusted."
        )
    if unknown := kind.unknown(headers):
        warnings.append(
            f"Columns that are not known here were left out: {_listed(unknown)}."
        )
    return warnings


def _article(kind: ReportKind) -> str:
    label = kind.label.lower()
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown
