"""Data access of reports: conditions, look-ups and transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from catalog.querysets import VisibleMixin
from reports.exceptions import ReportNotFoundError, ReportStateError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.models import (  # noqa: F401 - base classes name them
        Report,
        ReportRowError,
        ReportSource,
    )


class ReportSourceQuerySet(VisibleMixin, models.QuerySet["ReportSource"]):
    """Places in which report files arrive."""

    def active(self) -> Self:
        return self.filter(is_active=True)


class ReportQuerySet(VisibleMixin, models.QuerySet["Report"]):
    """Report files."""

    def get_by_pk(self, pk: int) -> Report:
        """Return one report; raises ReportNotFoundError."""
        try:
            return self.get(pk=pk)
        except self.model.DoesNotExist as exc:
            raise ReportNotFoundError(report=pk) from exc

    def for_list(self) -> Self:
        return self.select_related("source", "content_owner", "requested_by").defer(
            "header", "question", "answers"
        )

    def available(self) -> Self:
        return self.filter(state=self.model.State.AVAILABLE)

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

    def unfinished(self) -> Self:
        """Reports that a worker has or should have."""
        return self.filter(state__in=self.model.UNFINISHED)

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


class RowErrorQuerySet(models.QuerySet["ReportRowError"]):
    """Rows and values that were not taken."""

    def after(self, error: ReportRowError) -> Self:
        """What stands behind this one in the order of the file."""
        return self.filter(
            Q(line__gt=error.line) | Q(line=error.line, pk__gt=error.pk),
            line__gte=error.line,
        )

    def rejected_rows(self) -> Self:
        return self.filter(is_rejected=True)
