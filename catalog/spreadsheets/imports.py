"""A worker compares one sheet with the catalogue and plans its edits.

It can be killed at any line: the next one begins anew and ends the same.
"""

from collections.abc import Callable

import structlog
from django.db import DatabaseError, OperationalError
from django.db.models import Count

from catalog.changesets import sources
from catalog.changesets.sources import PlanSource
from catalog.exceptions import PlanFailedError
from catalog.models import ChangeSet, Spreadsheet
from catalog.services import applying, change_sets
from catalog.services.alarms import sound_alarm
from catalog.spreadsheets import comparing, matching, reading, staging
from catalog.spreadsheets.columns import Target
from catalog.spreadsheets.uploads import PLANNER
from ytmanager.exceptions import YouTubeCMSError
from ytmanager.locks import session_lock
from ytmanager.realtime.events import BulkProgress, change_set_group
from ytmanager.realtime.publish import publish_progress
from ytmanager.storage import get_report_store, open_stream

logger = structlog.get_logger(__name__)

SHEET_LOCKS = 0x534854  # first key of the advisory locks: "SHT"
State = Spreadsheet.State


def run_comparison(*, sheet: Spreadsheet) -> None:
    """Compare one waiting sheet and plan its change set; once at a time.

    What cannot be read is *failed*, with the reason.
    """
    with session_lock(SHEET_LOCKS, sheet.pk) as is_ours:
        sheet.refresh_from_db()
        if is_ours and sheet.state in Spreadsheet.UNFINISHED:
            _run(sheet)


def _run(sheet: Spreadsheet) -> None:
    tables = staging.tables_of(sheet)
    sheet.state = State.READING
    sheet.save(update_fields=["state", "updated_at"])
    try:
        sheet.findings.all().delete()
        sheet.counts = _compare(sheet, tables)
        _plan(sheet)
    except YouTubeCMSError as exc:
        _fail(sheet, exc.message)
    except OperationalError:
        raise  # the connection is gone: the job is found and queued again
    except DatabaseError as exc:
        logger.exception("spreadsheet_not_compared", spreadsheet_pk=sheet.pk)
        _fail(sheet, f"The database could not compare this sheet: {exc}")
    else:
        sheet.state = State.COMPARED
        logger.info("spreadsheet_compared", spreadsheet_pk=sheet.pk, **sheet.counts)
    staging.drop_tables(tables)
    sheet.save(update_fields=["state", "error", "counts", "updated_at"])
    _tell(sheet)


def _fail(sheet: Spreadsheet, reason: str) -> None:
    sheet.state, sheet.error = State.FAILED, reason
    logger.warning("spreadsheet_refused", spreadsheet_pk=sheet.pk, reason=reason)
    if sheet.is_about_channels:
        # The clean-up of custom IDs follows from it, and people wait for neither.
        work = f"Reading of the channel list {sheet.name}"
        sound_alarm("error", work, reason, sheet.change_set)


def _compare(sheet: Spreadsheet, tables: staging.Tables) -> dict[str, int]:
    """Rows into matches into edits; returns the account of the sheet."""
    mapping = sheet.as_mapping
    look = reading.Sheet(
        sheet.encoding, sheet.delimiter, sheet.header, sheet.header_line
    )
    staging.create_tables(tables, len(sheet.header))
    with open_stream(get_report_store(), sheet.key) as stream:
        rows = reading.read_rows(stream, look)
        row_count = staging.copy_rows(tables, rows, mapping, _teller(sheet))
    matched_count = matching.match_rows(sheet, mapping, tables)
    comparing.find_different_cells(mapping, tables)
    outdated_count = comparing.judge_cells(sheet, mapping, tables)
    comparing.list_contradictions(sheet, mapping, tables)
    edits = staging.fetch(f"SELECT count(*) FROM {tables.edits}")
    return {
        "row_count": row_count,
        "matched_count": matched_count,
        "outdated_count": outdated_count,
        "edit_count": edits[0][0],
        **_finding_counts(sheet),
    }


def _finding_counts(sheet: Spreadsheet) -> dict[str, int]:
    kinds = sheet.findings.order_by().values("kind").annotate(count=Count("pk"))
    return {row["kind"]: row["count"] for row in kinds}


def _plan(sheet: Spreadsheet) -> None:
    """Plan at once: this is a worker already. Without edits there is no plan."""
    change_set = sheet.change_set
    assert change_set is not None, "request_comparison made one"
    if sheet.counts["edit_count"]:
        change_sets.request_plan(change_set, is_small=True)
    elif change_set.state in ChangeSet.UNDECIDED:
        change_sets.discard(change_set)


@sources.planner(PLANNER)
def plan_source(change_set: ChangeSet) -> PlanSource:
    """The edits of a sheet; raises PlanFailedError once they are planned."""
    sheet = Spreadsheet.objects.get(pk=change_set.plan_source["spreadsheet"])
    edits = staging.tables_of(sheet).edits
    if staging.fetch("SELECT to_regclass(%s)", [edits])[0][0] is None:
        raise PlanFailedError(
            "Open the spreadsheet and let it be compared again to plan this anew."
        )
    mapping = sheet.as_mapping
    is_video = mapping.target is Target.VIDEOS
    return PlanSource(
        sql=f"SELECT pk, field, new, expected, findings FROM {edits}",
        params=(),
        fields=tuple(mapping.field_places),
        target=sources.Target.VIDEO if is_video else sources.Target.CHANNEL,
        is_checked=True,
        has_expected=True,
        has_findings=True,
    )


def _teller(sheet: Spreadsheet) -> Callable[[int], None]:
    """What tells open pages how many rows were read; nothing of it is logged."""
    change_set_pk = sheet.change_set_id or 0

    def tell(row_count: int) -> None:
        payload = BulkProgress(
            change_set=change_set_pk, state=State.READING.value, row_count=row_count
        )
        publish_progress(change_set_group(change_set_pk), "bulk.progress", payload)

    return tell


def _tell(sheet: Spreadsheet) -> None:
    """Open pages fetch themselves again, whatever became of the sheet."""
    if sheet.change_set is not None:
        sheet.change_set.refresh_from_db()
        applying.record_state(sheet.change_set)
