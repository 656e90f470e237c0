"""Import many files at once, and say what happened to each of them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from reports import tasks
from reports.models import Report
from reports.querysets import ReportQuerySet
from reports.wording import counted, verb
from ytmanager.admin import ModelAdmin, actor_of
from ytmanager.templatetags.figures import thousands

BATCH = 500
NAMED = 5
WAITS, RUNS, IMPORTED, ASKS, OTHER = "waits", "runs", "imported", "asks", "other"
OUTCOMES = {
    WAITS: (messages.SUCCESS, "{files} will be imported", ""),
    RUNS: (messages.INFO, "{files} {is_are} being imported already", ""),
    IMPORTED: (
        messages.INFO,
        "{files} {was_were} imported before",
        " The same file again would change nothing.",
    ),
    ASKS: (
        messages.WARNING,
        "{files} cannot go on before a question is answered",
        " Open the report to answer it.",
    ),
    OTHER: (messages.WARNING, "{files} cannot be imported now", ""),
}


class ImportAction(ModelAdmin):
    """The action of the list, behind its permission."""

    actions = ("import_selected", "check_selected")

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("reports.import_report")

    @admin.action(description="Import selected reports", permissions=["import"])
    def import_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let the files wait for a worker, oldest first."""
        self.start(request, queryset)

    @admin.action(
        description="Check selected reports without importing", permissions=["import"]
    )
    def check_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Count what the files would change, and write nothing."""
        self.start(request, queryset, is_dry_run=True)

    def start(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        *,
        is_dry_run: bool = False,
    ) -> None:
        outcomes: defaultdict[str, list[str]] = defaultdict(list)
        oldest_first = cast(ReportQuerySet, queryset).oldest_first()
        pks = list(oldest_first.values_list("pk", flat=True))
        for batch in batched(pks):
            start_imports(request, batch, outcomes, is_dry_run=is_dry_run)
        for outcome, (level, text, advice) in OUTCOMES.items():
            if names := outcomes[outcome]:
                if is_dry_run and outcome in {WAITS, OTHER}:
                    text = text.replace("imported", "checked")
                said = sentence(names, text)
                messages.add_message(request, level, said + advice)


def batched(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


def start_imports(
    request: HttpRequest,
    pks: list[int],
    outcomes: dict[str, list[str]],
    *,
    is_dry_run: bool,
) -> None:
    """Ask for a batch of imports: states and jobs together or neither."""
    started = tasks.start_imports(pks, actor_of(request), is_dry_run=is_dry_run)
    outcomes[WAITS] += [report.name for report in started]
    others = Report.objects.filter(pk__in=pks).exclude(
        pk__in=[report.pk for report in started]
    )
    for name, state in others.order_by("pk").values_list("name", "state"):
        outcomes[refusal_of(state)].append(name)


def refusal_of(state: str) -> str:
    """Why a file cannot be imported now."""
    if state in Report.IMPORTED:
        return IMPORTED
    if state == Report.State.NEEDS_ANSWER:
        return ASKS
    return RUNS if state in Report.UNFINISHED else OTHER


def sentence(names: list[str], text: str) -> str:
    """Such as "3 files will be imported: a, b and c."."""
    said = text.format(
        files=counted(len(names), "file"),
        is_are=verb(len(names), "is", "are"),
        was_were=verb(len(names), "was", "were"),
    )
    return f"{said}: {listed(names)}."


def listed(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return f"{shown} and {thousands(more)} more" if more > 0 else shown
