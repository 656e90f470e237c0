"""Uploaded sheets and what they could not give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from catalog.querysets.visibility import ScopeView, VisibleMixin

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        Spreadsheet,
        SpreadsheetFinding,
    )


class SpreadsheetQuerySet(VisibleMixin, models.QuerySet["Spreadsheet"]):
    """Uploaded sheets."""

    def within(self, scope: ScopeView) -> Self:
        """A person's own: what others uploaded may name any video."""
        return self.filter(actor=scope.user_pk)

    def for_list(self) -> Self:
        return self.select_related("actor", "change_set", "mapping").defer("samples")

    def unfinished(self) -> Self:
        """Sheets that a worker has to compare."""
        return self.filter(state__in=self.model.UNFINISHED)


class SpreadsheetFindingQuerySet(VisibleMixin, models.QuerySet["SpreadsheetFinding"]):
    """Rows and cells of sheets that were not taken."""

    def within(self, scope: ScopeView) -> Self:
        """Those of a person's own sheets."""
        return self.filter(spreadsheet__actor=scope.user_pk)

    def after(self, finding: SpreadsheetFinding) -> Self:
        """What follows in the order of the sheet."""
        later_cell = Q(line=finding.line, pk__gt=finding.pk)
        return self.filter(Q(line__gt=finding.line) | later_cell)
