"""How much of a file may be bad before nothing of it is taken."""

from django.conf import settings

from reports.exceptions import EmptyFileError, TooManyBadRowsError
from reports.models import Report
from reports.wording import counted

ANYWAY = "any_bad_rows"  # a person's word that the good rows are to be taken


def check_share_of_bad_rows(report: Report) -> None:
    """Raise TooManyBadRowsError above the share that the office accepts.

    A person may take the good rows anyway; the report's warnings keep who it was.
    """
    if not report.rows_read:
        raise EmptyFileError(
            "This file has a header and no rows: there is nothing to import."
        )
    limit = settings.MAX_BAD_ROW_PERCENT
    percent = 100 * report.rows_rejected / report.rows_read
    if percent <= limit:
        return
    found = (
        f"{report.rows_rejected:,} of {counted(report.rows_read, 'row')} "
        f"({percent:.0f} %) cannot be read; at most {limit} % are accepted."
    )
    person = report.answers.get(ANYWAY)
    if person is None or not report.rows_imported:
        raise TooManyBadRowsError(
            f"{found} Nothing was changed.",
            rejected=report.rows_rejected,
            read=report.rows_read,
        )
    report.warnings.append(f"{found} {person} had the others imported anyway.")
