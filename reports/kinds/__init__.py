"""Report kinds: one declaration for each, read by one engine.

Every module of this folder may declare kinds, imported or refused; adding one
needs no change elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

from reports.kinds.kind import Column, RefusedKind, ReportKind, normal_header

_SUFFIX = re.compile(r"(\.(zip|gz|csv|tsv|txt)| ?\(\d+\)| - copy)$", re.IGNORECASE)

Kind = TypeVar("Kind", ReportKind, RefusedKind)

# A header that has fewer columns of a kind is no near miss of it.
LEAST_ALIKE = 3

__all__ = [
    "KINDS",
    "REFUSED_KINDS",
    "Column",
    "NameMatch",
    "RefusedKind",
    "ReportKind",
    "kind_most_alike",
    "kind_of_header",
    "kind_of_name",
    "normal_header",
    "plain_name",
]


def _modules() -> Iterator[ModuleType]:
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        yield import_module(f"{__name__}.{module.name}")


def _declared(cls: type[Kind]) -> list[Kind]:
    """Every instance that a module names, alone or in a tuple; each once."""
    found: dict[str, Kind] = {}
    for module in _modules():
        for value in vars(module).values():
            for kind in value if isinstance(value, tuple) else (value,):
                if isinstance(kind, cls) and found.setdefault(kind.name, kind) != kind:
                    raise RuntimeError(f"two report kinds are named {kind.name}")
    return list(found.values())


def _pattern_length(kind: ReportKind | RefusedKind) -> int:
    return len(kind.file_name.pattern) if kind.file_name else 0


# A name may hold another one (`ADJ_video_summary`, `video_summary`): the longer
# pattern is asked first.
KINDS = {
    kind.name: kind
    for kind in sorted(
        _declared(ReportKind),
        key=lambda kind: (-_pattern_length(kind), bool(kind.variant_of), kind.name),
    )
}
REFUSED_KINDS = tuple(
    sorted(_declared(RefusedKind), key=lambda kind: (kind.rank, kind.name))
)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """What a file name says."""

    kind: ReportKind | RefusedKind
    owner: str = ""
    version: str = ""


def plain_name(name: str) -> str:
    """Cut folders, wrappings, `.csv` and a browser's copy mark off a name."""
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2].strip()
    while (shorter := _SUFFIX.sub("", base)) != base:
        base = shorter.rstrip()
    return base


def kind_of_name(name: str) -> NameMatch | None:
    """Tell the kind by a file name; None when the name says nothing."""
    base = plain_name(name)
    for kind in KINDS.values():
        if match := kind.file_name.match(base):
            told = {name: value or "" for name, value in match.groupdict().items()}
            owner = told.get("owner") or told.get("owner_id", "")
            version = told.get("version") or told.get("api_version", "")
            return NameMatch(kind, owner, version)
    for refused in REFUSED_KINDS:
        if refused.file_name and refused.file_name.match(base):
            return NameMatch(refused)
    return None


def kind_of_header(headers: Sequence[str]) -> ReportKind | RefusedKind | None:
    """Tell the kind by a row of normalised header cells.

    It is the one that knows most columns; a header of one kind that lacks a
    required column is not taken for a poorer one of another. A refused kind goes
    first, since revenue files have the columns of a video report as well; but not
    for columns that the found kind itself declares.
    """
    matching = [kind for kind in KINDS.values() if kind.matches(headers)]
    best = max(matching, key=lambda kind: len(kind.known(headers)), default=None)
    alike = kind_most_alike(headers)
    if best and alike and len(alike.known(headers)) > len(best.known(headers)):
        best = None
    declared = set(best.spellings) if best else set()
    for refused in REFUSED_KINDS:
        if any(not mark <= declared for mark in refused.marks(headers)):
            return refused
    return best


def kind_most_alike(headers: Sequence[str]) -> ReportKind | None:
    """The kind of which a header row has most columns; None if that is few."""
    best = max(KINDS.values(), key=lambda kind: len(kind.known(headers)))
    return best if len(best.known(headers)) >= LEAST_ALIKE else None
