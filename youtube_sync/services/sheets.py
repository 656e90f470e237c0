"""The other route: a plan as Content Manager spreadsheets, and their results back."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Q

from catalog import fields
from catalog.models import Asset
from youtube_sync.content_manager import NO_TEMPLATE, TEMPLATES, Template, template_of
from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.services.plan_items import NO_CONTENT_ID

BATCH = 1000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One item and what of it can be written into which template."""

    item: PlanItem
    template: Template | None
    wanted: dict[str, Any]
    problems: dict[str, str]


@dataclass(slots=True)
class Overview:
    """The files of a plan, and what none of them can carry."""

    rows: Counter[str] = field(default_factory=Counter)
    problems: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def problem_list(self) -> list[tuple[str, str, int]]:
        """Field, reason and how often; templates cannot ask a Counter for `items`."""
        return [(name, why, n) for (name, why), n in sorted(self.problems.items())]

    @property
    def files(self) -> list[tuple[Template, int, int]]:
        """Template, number of the file (from 1) and its rows."""
        limit = settings.CONTENT_MANAGER_ROWS
        return [
            (TEMPLATES[name], start // limit + 1, min(limit, count - start))
            for name, count in sorted(self.rows.items())
            for start in range(0, count, limit)
        ]


def sheet_rows(plan: PushPlan) -> Iterator[SheetRow]:
    """What a plan could send by spreadsheet, item by item, in the plan's order."""
    waiting = plan.items.filter(
        Q(state=PlanItem.State.PENDING)
        | Q(state=PlanItem.State.BLOCKED, blocked_by=NO_CONTENT_ID)
    )
    last = 0
    while batch := list(waiting.after(last, BATCH)):
        last = batch[-1].pk
        assets = [item.target_id for item in batch if item.is_asset]
        rows = Asset.objects.filter(asset_id__in=assets)
        types = dict(rows.values_list("asset_id", "asset_type"))
        for item in batch:
            yield _sheet_row(item, types.get(item.target_id, ""))


def _sheet_row(item: PlanItem, asset_type: str) -> SheetRow:
    wanted = item.wanted
    template = template_of(is_asset=item.is_asset, asset_type=asset_type, wanted=wanted)
    problems = {
        name: template.problem(name, value) if template else NO_TEMPLATE
        for name, value in wanted.items()
    }
    problems = {name: problem for name, problem in problems.items() if problem}
    writable = {name: v for name, v in wanted.items() if name not in problems}
    return SheetRow(item, template if writable else None, writable, problems)


def overview(plan: PushPlan) -> Overview:
    """Count rows by template, and what cannot be written, by field and reason."""
    found = Overview()
    for row in sheet_rows(plan):
        if row.template is not None:
            found.rows[row.template.name] += 1
        for name, problem in row.problems.items():
            found.problems[fields.PUSHABLE[name].label, problem] += 1
    return found


def sheet(plan: PushPlan, template: Template, number: int) -> Iterator[bytes]:
    """The bytes of one file, the header first; `number` counts from 1."""
    limit = settings.CONTENT_MANAGER_ROWS
    own = (row for row in sheet_rows(plan) if row.template is template)
    chosen = islice(own, (number - 1) * limit, number * limit)
    yield _line(template.header)
    for row in chosen:
        yield _line(template.row(row.item.target_id, row.wanted))


def _line(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
