"""A dry run: the whole merge in a transaction that is rolled back."""

from django.db import transaction
from django.utils import timezone

from catalog.models import ContentOwner
from catalog.observations.preview import sample_of_merge
from reports.models import Report
from reports.services.merging import merge_rows
from reports.services.owners import creating
from reports.services.progress import record_state
from reports.services.staging import RawTable

SAMPLE_VIDEOS = 25


def try_rows(report: Report, raw: RawTable, owner: ContentOwner) -> None:
    """Count what the rows would change and keep a sample; nothing else is written.

    Raises what the merge raises, for example its questions.
    """
    before = report.content_owner
    try:
        with transaction.atomic(), creating(owner, report):
            merge_rows(report, raw)
            assert report.observation is not None, "a merge has one"
            sample = sample_of_merge(report.observation, SAMPLE_VIDEOS)
            transaction.set_rollback(True)
    finally:
        report.content_owner, report.observation = before, None
    report.state = Report.State.CHECKED
    report.dry_run = {**sample, "checked_at": timezone.now().isoformat()}
    with transaction.atomic():
        report.save()
        record_state(report)
