"""The page of one report: how far it is, its account, and its buttons."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from reports import tasks
from reports.admin.account import account_of
from reports.admin.answers import AnswerForm, answer_form
from reports.admin.columns import data_day, duration, kind_shown, page_of
from reports.admin.states import State, advice_for, badge_of, leaving
from reports.models import Report
from reports.querysets import ReportQuerySet
from reports.services.progress import progress_of
from reports.services.rejects import rejects_of
from reports.services.requests import (
    answer_question,
    cancel_import,
    force_of,
    request_import,
)
from reports.services.told import Wording
from ytmanager.admin import ModelAdmin, actor_of, report_errors
from ytmanager.downloads import csv_download
from ytmanager.realtime.events import report_group
from ytmanager.realtime.log import current_position

REJECTS_SHOWN = 50
CHECK, FORCE = "check", "force"
IMPORT_PERMISSION = "reports.import_report"
CANCELLABLE = (State.WAITING, State.READING, State.NEEDS_ANSWER)
CHECKABLE = (State.AVAILABLE, State.FAILED, State.CANCELLED, State.CHECKED)
PANEL_TONES = {State.FAILED: "bad", State.REFUSED: "bad", State.NEEDS_ANSWER: "warn"}
# What was tried before is not what one usually wants to do next.
AGAIN = (State.FAILED, State.CANCELLED, State.REFUSED)
STARTABLE = (State.AVAILABLE, State.CHECKED, *AGAIN)


class ReportPage(ModelAdmin):
    """Read-only facts; what people may do are buttons that call services."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """None: the template shows the facts, so that they stay live."""
        return []

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponse]) -> URLPattern:
            name = f"reports_report_{address}"
            wrapped = self.admin_site.admin_view(view)
            return path(f"<int:pk>/{address}/", wrapped, name=name)

        return [
            page("import", require_POST(self.import_view)),
            page("cancel", require_POST(self.cancel_view)),
            page("answer", require_POST(self.answer_view)),
            page("rejects", self.rejects_view),
            *super().get_urls(),
        ]

    # What the page shows

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Note the position of the event log before the report is read."""
        extra = {"live_position": current_position(), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        report = kwargs.get("obj")
        if report is not None:
            context.update(self.facts_of(request, report))
        return super().render_change_form(request, context, *args, **kwargs)

    def facts_of(self, request: HttpRequest, report: Report) -> dict[str, Any]:
        """Everything that the template shows."""
        may_import = request.user.has_perm(IMPORT_PERMISSION)
        is_stopping = report.cancel_requested_at and report.state in Report.UNFINISHED
        progress, wording = progress_of(report), Wording(request.user)
        return {
            "error_message": wording.text(report.error_message),
            "warnings": wording.texts(report.warnings),
            "sample": wording.sample(report.dry_run),
            "duplicate_of": seen_or_none(request, report.duplicate_of),
            "report": report,
            "state_badge": badge_of(report),
            "advice": advice_for(report),
            "live_group": report_group(report.pk),
            "leaving": leaving(report),
            "kind": kind_shown(report),
            "data_day": data_day(report),
            "tone": PANEL_TONES.get(State(report.state), ""),
            "progress": progress,
            "time_left": duration(progress["seconds_left"]),
            "time_taken": time_taken(report),
            "ahead_count": ahead_of(report),
            "is_stopping": is_stopping,
            "account": account_of(report, request),
            "answer_form": answer_form(request, report) if may_import else None,
            "rejects": list(report.row_errors.all()[:REJECTS_SHOWN]),
            "may_start": may_import and report.state in STARTABLE,
            "may_check": may_import and report.state in CHECKABLE,
            "force": force_label(report) if may_import else "",
            "starts_again": report.state in AGAIN,
            "may_cancel": may_import
            and report.state in CANCELLABLE
            and not is_stopping,
        }

    # Buttons

    def report_of(self, request: HttpRequest, pk: int) -> Report:
        reports = cast(ReportQuerySet, self.get_queryset(request))
        return get_object_or_404(reports, pk=pk)

    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: let a worker import the file, or check what that would do."""
        self.require(request, IMPORT_PERMISSION)
        report = self.report_of(request, pk)
        with report_errors(request):
            how = request.POST.get("how", "")
            with transaction.atomic():
                request_import(
                    report=report,
                    actor=actor_of(request),
                    is_dry_run=how == CHECK,
                    is_forced=how == FORCE,
                )
                tasks.enqueue_import(report)
            done = "checked; nothing is written" if how == CHECK else "imported"
            messages.success(request, f"{report.name} will be {done}.")
        return HttpResponseRedirect(page_of(report))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: stop an import that waits, reads or asks."""
        self.require(request, IMPORT_PERMISSION)
        report = self.report_of(request, pk)
        with report_errors(request):
            cancel_import(report=report, actor=actor_of(request))
            messages.success(request, "The import is being stopped.")
        return HttpResponseRedirect(page_of(report))

    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: take the answer and let the import go on."""
        self.require(request, IMPORT_PERMISSION)
        report = self.report_of(request, pk)
        form = answer_form(request, report)
        if form is None:
            messages.error(request, "This report asks nothing any more.")
        elif not form.is_valid():
            messages.error(request, first_error(form))
        else:
            with report_errors(request):
                with transaction.atomic():
                    answer_question(
                        report=report, answer=form.value, actor=actor_of(request)
                    )
                    tasks.enqueue_import(report)
                messages.success(request, "Thank you. The import goes on.")
        return HttpResponseRedirect(page_of(report))

    def rejects_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: what was left out, as CSV, however much it is."""
        self.require(request, "reports.view_report")
        report = self.report_of(request, pk)
        return cast(
            HttpResponse, csv_download(f"rejects_{report.pk}.csv", rejects_of(report))
        )


def seen_or_none(request: HttpRequest, report: Report | None) -> Report | None:
    """A report that another one names, for who sees it."""
    if report is None:
        return None
    return Report.objects.visible_to(request.user).filter(pk=report.pk).first()


def force_label(report: Report) -> str:
    """The button with which a person sets a rule aside; "": there is none."""
    if not force_of(report):
        return ""
    is_duplicate = report.state == State.DUPLICATE
    return "Import again" if is_duplicate else "Import the readable rows anyway"


def first_error(form: AnswerForm) -> str:
    """Why an answer was not taken."""
    errors: Any = form.errors.get("answer", ["Please answer the question."])
    return str(errors[0])


def time_taken(report: Report) -> str:
    if report.started_at is None or report.finished_at is None:
        return ""
    seconds = (report.finished_at - report.started_at).total_seconds()
    return duration(seconds) if seconds >= 1 else "less than a second"


def ahead_of(report: Report) -> int:
    """How many files are imported before this one, if it waits."""
    if report.state != State.WAITING or report.requested_at is None:
        return 0
    if report.waits_for_id or report.retry_at:
        return 0
    return Report.objects.ahead_of(report).count()
