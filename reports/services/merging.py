"""The last step of an import: facts and merge, all or nothing."""

from dataclasses import asdict

import structlog
from django.db import OperationalError, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected, SerializationFailure

from catalog.choices import Source
from catalog.exceptions import FactsMovedError
from catalog.models import Observation
from catalog.observations import merge, staging
from catalog.observations.run import MergeCounts
from reports.models import Report
from reports.services import cells, rows
from reports.services.facts import fill_facts
from reports.services.falling_counts import ask_about_falling_counts
from reports.services.listings import listing_of
from reports.services.progress import record_state
from reports.services.rolls import roll_of
from reports.services.staging import RawTable

logger = structlog.get_logger(__name__)

ATTEMPTS = 5
_COUNTED = {field.name for field in Report._meta.fields}


def merge_rows(report: Report, raw: RawTable) -> None:
    """Merge staged rows and complete the report in one transaction.

    A crash leaves either the old state or the new one. Deadlocks end the whole
    transaction and are tried again. Raises QuestionError when most view counts
    fall, before anything is merged.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                _merge_rows(report, raw)
            return
        except FactsMovedError:
            rows.judge_all(raw)
            logger.warning("merge_tried_again", report_pk=report.pk, attempt=attempt)
        except OperationalError as exc:
            is_lock = isinstance(exc.__cause__, DeadlockDetected | SerializationFailure)
            if not is_lock or attempt == ATTEMPTS:
                raise
            logger.warning("merge_tried_again", report_pk=report.pk, attempt=attempt)


def _merge_rows(report: Report, raw: RawTable) -> None:
    cells.use_memory()
    assert report.content_owner is not None
    assert report.as_of is not None
    observation = Observation.objects.create(
        content_owner=report.content_owner, source=Source.REPORT, as_of=report.as_of
    )
    tables = staging.create_fact_tables(observation)
    with rows.joined_by_hash():
        repeated = fill_facts(raw, tables)
    ask_about_falling_counts(report, tables, repeated)
    counts = merge.merge_facts(
        observation=observation,
        tables=tables,
        listing=listing_of(report, raw),
        roll=roll_of(report, raw),
        repeated=repeated,
    )
    staging.drop_fact_tables(tables)
    _complete(report, observation, counts)


def _complete(report: Report, observation: Observation, counts: MergeCounts) -> None:
    for name, value in asdict(counts).items():
        if name in _COUNTED:
            setattr(report, name, value)
    report.observation = observation
    report.finished_at = timezone.now()
    has_errors = report.rows_rejected or report.values_rejected
    report.state = (
        Report.State.COMPLETED_WITH_ERRORS if has_errors else Report.State.COMPLETED
    )
    report.save()
    record_state(report)
    logger.info(
        "report_tried" if report.is_dry_run else "report_imported",
        report_pk=report.pk,
        rows_read=report.rows_read,
        rows_rejected=report.rows_rejected,
        **asdict(counts),
    )
