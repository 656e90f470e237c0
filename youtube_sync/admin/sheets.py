"""The spreadsheets of a plan: download them, and give YouTube's answer back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from youtube_sync.content_manager import TEMPLATES
from youtube_sync.models import PushPlan
from youtube_sync.services import sheet_results, sheets
from ytmanager.admin import ModelAdmin, actor_of, report_errors
from ytmanager.downloads import file_download

PERMISSION = "catalog.push_video"
UNKNOWN_SHOWN = 5


class ResultsForm(forms.Form):
    """The two files that Content Manager gives for one upload."""

    report_file = forms.FileField(
        label="Status file", help_text="report-….csv", widget=forms.FileInput
    )
    errors_file = forms.FileField(
        label="Errors file",
        help_text="errors-….csv, where there is one",
        required=False,
        widget=forms.FileInput,
    )


class SheetPages(ModelAdmin):
    """GET lists the files of a plan; POST reads the results of their upload."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.sheets_view)
        download: Any = self.admin_site.admin_view(self.sheet_view)
        return [
            path("<int:pk>/sheets/", page, name="youtube_sync_pushplan_sheets"),
            path(
                "<int:pk>/sheets/<slug:template>/<int:number>.csv",
                download,
                name="youtube_sync_pushplan_sheet",
            ),
            *super().get_urls(),
        ]

    def sheets_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.require(request, PERMISSION)
        plan = self.plan(request, pk)
        form = ResultsForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            with report_errors(request):
                self.read(request, plan, form.cleaned_data)
            address = reverse("admin:youtube_sync_pushplan_sheets", args=[pk])
            return HttpResponseRedirect(address)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Spreadsheets for Content Manager",
            "opts": self.opts,
            "plan": plan,
            "overview": sheets.overview(plan),
            "form": form,
        }
        return TemplateResponse(request, "youtube_sync/sheets.html", context)

    def read(self, request: HttpRequest, plan: PushPlan, files: dict[str, Any]) -> None:
        errors = files.get("errors_file")
        told = sheet_results.read_results(
            plan=plan,
            actor=actor_of(request),
            report=files["report_file"].read(),
            errors=errors.read() if errors else b"",
        )
        text = f"{told.done:,} taken in, {told.failed:,} refused."
        messages.success(request, text)
        if told.unknown:
            names = ", ".join(told.unknown[:UNKNOWN_SHOWN])
            text = f"Rows of no item that waits here, {len(told.unknown):,}: {names}"
            messages.warning(request, text)

    def sheet_view(
        self, request: HttpRequest, pk: int, template: str, number: int
    ) -> HttpResponseBase:
        """One file; nothing of the plan changes by a download."""
        self.require(request, PERMISSION)
        plan = self.plan(request, pk)
        if template not in TEMPLATES or number < 1:
            raise Http404
        name = f"plan-{plan.pk}-{template}-{number}.csv"
        rows = sheets.sheet(plan, TEMPLATES[template], number)
        return file_download(name, rows, "text/csv; charset=utf-8")

    def plan(self, request: HttpRequest, pk: int) -> PushPlan:
        plans = PushPlan.objects.visible_to(request.user).for_list()
        found: PushPlan = get_object_or_404(plans, pk=pk)
        return found
