"""Import many files at once, and say what happened to each of them."""

from collections import defaultdict
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from reports import tasks
from reports.exceptions import ReportStateError
from reports.models import Report
from reports.services.requests import request_import
from ytmanager.admin import ModelAdmin, actor_of
from ytmanager.templatetags.figures import thousands

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

    actions = ("import_selected",)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("reports.import_report")

    @admin.action(description="Import selected reports", permissions=["import"])
    def import_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let each file wait for a worker, oldest first."""
        outcomes: defaultdict[str, list[str]] = defaultdict(list)
        for report in queryset.order_by("last_modified", "pk"):
            outcomes[start_import(request, report)].append(report.name)
        for outcome, (level, text, advice) in OUTCOMES.items():
            if names := outcomes[outcome]:
                messages.add_message(request, level, sentence(names, text) + advice)


def start_import(request: HttpRequest, report: Report) -> str:
    """Ask for one import: its state and its job together or neither."""
    if report.state == Report.State.NEEDS_ANSWER:
        return ASKS
    try:
        with transaction.atomic():
            request_import(report=report, actor=actor_of(request))
            tasks.enqueue_import(report)
    except ReportStateError:
        return refusal_of(report)
    return WAITS


def refusal_of(report: Report) -> str:
    """Why a file cannot be imported, by the state that it turned out to have."""
    if report.state in Report.IMPORTED:
        return IMPORTED
    return RUNS if report.state in Report.UNFINISHED else OTHER


def sentence(names: list[str], text: str) -> str:
    """Such as "3 files will be imported: a, b and c."."""
    is_one = len(names) == 1
    said = text.format(
        files="1 file" if is_one else f"{thousands(len(names))} files",
        is_are="is" if is_one else "are",
        was_were="was" if is_one else "were",
    )
    return f"{said}: {listed(names)}."


def listed(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return f"{shown} and {thousands(more)} more" if more > 0 else shown
