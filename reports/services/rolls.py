"""When a report lists all assets, claims or conflicts of ownership of its owner."""

from functools import partial
from typing import cast, get_args

from catalog.observations.run import Roll, RollOf
from reports.models import Report
from reports.services import cells, shrinkage
from reports.services.staging import RawTable
from reports.wording import counted, verb

_NOUNS = {
    "assets": ("asset", "assets"),
    "claims": ("claim", "claims"),
    "ownership": ("conflict of ownership", "conflicts of ownership"),
}


def roll_of(report: Report, raw: RawTable) -> Roll | None:
    """Tell what the file lists; None when it lists videos or proves something."""
    listed = raw.kind.lists_all
    if listed not in get_args(RollOf):
        return None
    return Roll(
        of=cast(RollOf, listed),
        are_gone=partial(_are_gone, report, _NOUNS[listed]),
        also_listed=_rejected_keys(raw),
    )


def _are_gone(
    report: Report, nouns: tuple[str, str], listed: int, missing: int
) -> bool:
    """A row that could not be cut into cells may be any of what is missing."""
    if missing and report.row_errors.filter(is_rejected=True, column="").exists():
        warning = (
            f"{counted(missing, *nouns)} of before {verb(missing, 'is', 'are')} not in "
            "this file, but rows of it could not be read: nothing was marked as ended."
        )
        report.warnings = list(dict.fromkeys([*report.warnings, warning]))
        return False
    return shrinkage.are_gone(report, noun=nouns[1], listed=listed, missing=missing)


def _rejected_keys(raw: RawTable) -> str:
    """SQL of the keys of rows that lack something else."""
    key = cells.expression(raw, raw.kind.key)
    rows = (
        f"FROM {raw.name} r JOIN {raw.beside('rows')} w ON w.line = r.line "
        f"WHERE w.key IS NULL AND {key} IS NOT NULL"
    )
    return f"SELECT {key} {rows}".replace("%", "%%")
