"""Data access of reports: conditions, look-ups and transitions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from catalog.models import HighlightCount
from catalog.querysets import ScopeView, VisibleMixin
from reports.exceptions import ReportNotFoundError, ReportStateError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.models import (  # noqa: F401 - base classes name them
        Report,
        ReportRowError,
        ReportSource,
    )


def came_at() -> Combinable:
    """The moment of which a file speaks when only its age in the store tells."""
    lag = timedelta(hours=settings.REPORT_LAG_HOURS)
    moment = models.DateTimeField()
    return ExpressionWrapper(F("last_modified") - lag, output_field=moment)


class ReportSourceQuerySet(VisibleMixin, models.QuerySet["ReportSource"]):
    """Places in which report files arrive."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the content owners in the scope."""
        return self.filter(scope.owner())

    def active(self) -> Self:
        return self.filter(is_active=True)


class ReportQuerySet(VisibleMixin, models.QuerySet["Report"]):
    """Report files."""

    def within(self, scope: ScopeView) -> Self:
        """Of content owners in the scope; a source tells it where a file does not.

        And a person's own uploads, until somebody else's rows are found in them.
        """
        by_source = Q(content_owner=None) & scope.owner("source__content_owner")
        own = Q(content_owner=None, source=None, requested_by=scope.user_pk)
        return self.filter(scope.owner() | by_source | own)

    def get_by_pk(self, pk: int) -> Report:
        """Return one report; raises ReportNotFoundError."""
        try:
            return self.get(pk=pk)
        except self.model.DoesNotExist as exc:
            raise ReportNotFoundError(report=pk) from exc

    def for_list(self) -> Self:
        return self.select_related(
            "source", "content_owner", "requested_by", "waits_for"
        ).defer("header", "question", "answers", "dry_run")

    def available(self) -> Self:
        return self.filter(state=self.model.State.AVAILABLE)

    def of_automatic_sources(self) -> Self:
        """Files that nobody has to start."""
        return self.filter(source__is_active=True, source__imports_automatically=True)

    def imported(self) -> Self:
        return self.filter(state__in=self.model.IMPORTED)

    def newest_imported(self) -> Self:
        """Imported reports that no newer one of their kind and owner followed.

        The same content again after another says that things went back.
        """
        newer = self.model.objects.imported().filter(
            kind=OuterRef("kind"),
            content_owner=OuterRef("content_owner"),
            as_of__gt=OuterRef("as_of"),
        )
        return self.imported().exclude(Exists(newer))

    def started(self) -> Self:
        """Reports that somebody or a schedule began to import."""
        return self.exclude(state=self.model.State.AVAILABLE)

    def with_highlights(self) -> Self:
        """Imported reports that changed something which people act on."""
        counts = HighlightCount.objects.filter(observation=OuterRef("observation"))
        return self.filter(Exists(counts))

    def needing_attention(self) -> Self:
        """Reports that somebody should answer, repeat or mend."""
        return self.filter(state__in=self.model.ATTENTION)

    def unfinished(self) -> Self:
        """Reports that a worker has or should have."""
        return self.filter(state__in=self.model.UNFINISHED)

    def running_for(self, owner_pk: int | None) -> Self:
        """Reports of a content owner that are being imported, longest first."""
        of_source = Q(content_owner=None, source__content_owner=owner_pk)
        return self.filter(
            Q(content_owner=owner_pk) | of_source, state__in=self.model.RUNNING
        ).order_by("started_at", "pk")

    def waiting_for(self, report: Report) -> Self:
        """Reports of the same content owner that wait until this one has ended."""
        return self.filter(waits_for=report, state=self.model.State.WAITING)

    def not_parked(self) -> Self:
        """Without those that have no job because they wait for another report."""
        return self.exclude(state=self.model.State.WAITING, waits_for__isnull=False)

    def waited_for_in_vain(self) -> Self:
        """Reports that have ended and for which others still wait."""
        waiting = self.model.objects.filter(
            waits_for=OuterRef("pk"), state=self.model.State.WAITING
        )
        return self.exclude(state__in=self.model.UNFINISHED).filter(Exists(waiting))

    def without_job(self, living: models.QuerySet[Any]) -> Self:
        """Reports whose job is none of the living ones."""
        return self.exclude(Exists(living.filter(pk=OuterRef("job_id"))))

    def in_turn(self) -> Self:
        """Waiting reports in the order of the queue: hand-started ones first."""
        by_nobody = ExpressionWrapper(
            Q(requested_by=None), output_field=models.BooleanField()
        )
        return self.order_by(by_nobody, "job_id", "pk")

    def ahead_of(self, report: Report) -> Self:
        """Reports that workers take, or have taken, before this waiting one."""
        waiting = Q(state=self.model.State.WAITING, retry_at=None)
        by_hand = Q(requested_by__isnull=False)
        earlier = Q(requested_at__lt=report.requested_at)
        is_before = by_hand & earlier if report.requested_by_id else by_hand | earlier
        running = Q(state__in=self.model.RUNNING)
        return self.filter(running | waiting & is_before).exclude(pk=report.pk)

    def oldest_first(self) -> Self:
        """By the date of the data, told or named, else by when the file came."""
        return self.order_by(
            Coalesce("as_of", Cast("named_on", models.DateTimeField()), came_at()),
            "last_modified",
            "pk",
        )

    def with_content_of(self, report: Report) -> Self:
        """Imported reports of the same content, kind and content owner."""
        return (
            self.newest_imported()
            .filter(
                content_hash=report.content_hash,
                kind=report.kind,
                content_owner=report.content_owner,
            )
            .exclude(pk=report.pk)
        )

    def maybe_with_content_of(self, report: Report, sizes: Iterable[int]) -> Self:
        """Imported reports whose content may be the same, going by its size."""
        newest = self.newest_imported().filter(content_size__in=sizes)
        return newest.exclude(pk=report.pk)

    def stored_as(self, report: Report) -> Self:
        """Imported reports with the same bytes in the store, going by the ETag.

        The ETag of a folder names a moment, not a content, and counts for the
        same key only.
        """
        same = Q(key=report.key) | Q(etag__regex=r"^[0-9a-f]{32}(-\d+)?$")
        return (
            self.newest_imported()
            .filter(same, bucket=report.bucket, etag=report.etag, size=report.size)
            .exclude(pk=report.pk)
        )

    def move(
        self, report: Report, states: Iterable[str], to: str, **values: Any
    ) -> None:
        """Change the state of one report that is in one of `states`.

        Exactly one process wins; the others get ReportStateError.
        """
        values |= {"state": to, "updated_at": timezone.now()}
        if not self.filter(pk=report.pk, state__in=states).update(**values):
            report.refresh_from_db(fields=["state"])
            raise ReportStateError(
                f"The report is {report.get_state_display().lower()}; "
                "this cannot be done with it now.",
                report=report.pk,
                state=report.state,
            )
        for name, value in values.items():
            setattr(report, name, value)


class RowErrorQuerySet(VisibleMixin, models.QuerySet["ReportRowError"]):
    """Rows and values that were not taken."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the reports that the person sees."""
        reports: Any = self.model._meta.get_field("report").related_model
        return self.filter(report__in=reports.objects.within(scope).values("pk"))

    def of_reports_ended_before(self, moment: datetime) -> Self:
        return self.filter(report__finished_at__lt=moment)

    def after(self, error: ReportRowError) -> Self:
        """What stands behind this one in the order of the file."""
        return self.filter(
            Q(line__gt=error.line) | Q(line=error.line, pk__gt=error.pk),
            line__gte=error.line,
        )

    def rejected_rows(self) -> Self:
        return self.filter(is_rejected=True)
