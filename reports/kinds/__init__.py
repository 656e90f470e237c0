"""Report kinds: one declaration for each, read by one engine."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reports.kinds.asset_report import ASSET_REPORT
from reports.kinds.kind import Column, RefusedKind, ReportKind, normal_header
from reports.kinds.refused import REFUSED_KINDS
from reports.kinds.video_report import VIDEO_REPORT

KINDS = {kind.name: kind for kind in (VIDEO_REPORT, ASSET_REPORT)}

_SUFFIX = re.compile(r"(\.(zip|gz|csv|tsv|txt)| ?\(\d+\)| - copy)$", re.IGNORECASE)

__all__ = [
    "KINDS",
    "REFUSED_KINDS",
    "Column",
    "NameMatch",
    "RefusedKind",
    "ReportKind",
    "kind_of_header",
    "kind_of_name",
    "normal_header",
    "plain_name",
]


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
            return NameMatch(kind, match["owner"], match["version"] or "")
    for refused in REFUSED_KINDS:
        if refused.file_name and refused.file_name.match(base):
            return NameMatch(refused)
    return None


def kind_of_header(headers: Sequence[str]) -> ReportKind | RefusedKind | None:
    """Tell the kind by a row of normalised header cells.

    Refused kinds come first: revenue and claim reports have the required
    columns of a video report as well.
    """
    for refused in REFUSED_KINDS:
        if refused.matches(headers):
            return refused
    return next((kind for kind in KINDS.values() if kind.matches(headers)), None)
