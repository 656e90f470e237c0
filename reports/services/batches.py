"""Ask for the import of many files at once, in a few statements."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from reports.models import Report
from reports.querysets import ReportQuerySet
from reports.services.progress import EVENT
from reports.services.requests import AFRESH
from ytmanager.realtime.events import EVERYONE, Event, report_group
from ytmanager.realtime.log import record

# A report that asks something would only ask again.
STARTABLE = tuple(s for s in Report.STARTABLE if s != Report.State.NEEDS_ANSWER)


def request_imports(
    *,
    reports: ReportQuerySet,
    actor: AbstractBaseUser | None,
    is_dry_run: bool = False,
) -> list[Report]:
    """Let every file wait that can be imported now, and return these.

    The rest stays as it is. The caller enqueues the jobs in the same transaction.
    Rows are locked in key order, and one event tells of all of them.
    """
    with transaction.atomic():
        rows = reports.filter(state__in=STARTABLE).order_by("pk")
        startable = list(rows.select_for_update(of=("self",)))
        if startable:
            _let_wait(startable, actor, is_dry_run=is_dry_run)
    return startable


def _let_wait(
    reports: list[Report], actor: AbstractBaseUser | None, *, is_dry_run: bool
) -> None:
    now, person_pk = timezone.now(), actor.pk if actor else None
    pks = [report.pk for report in reports]
    Report.objects.filter(pk__in=pks).update(
        state=Report.State.WAITING,
        requested_by_id=person_pk,
        requested_at=now,
        updated_at=now,
        is_dry_run=is_dry_run,
        **AFRESH,
    )
    for report in reports:
        report.requested_by_id = person_pk
    payload = {"state": Report.State.WAITING.value, "count": len(pks)}
    record(Event(EVENT, payload), groups=[EVERYONE, *map(report_group, pks)])
