"""Upload a sheet: an edited export, label copy, the office's channel list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog import tasks
from catalog.models import Spreadsheet
from catalog.spreadsheets.uploads import receive_sheet
from ytmanager.admin import ModelAdmin, actor_of, report_errors

CONTROL = {"class": "ytm-text"}
ACCEPTED = ".csv,.tsv,.txt,.xlsx"


def page_of(sheet: Spreadsheet) -> str:
    return reverse("admin:catalog_spreadsheet_change", args=[sheet.pk])


class SheetForm(forms.Form):
    """The file, and why."""

    file = forms.FileField(
        label="Spreadsheet",
        max_length=200,
        help_text="An export that you edited, a label copy, or the list of channels: "
        "CSV or Excel (.xlsx). Each row needs a video ID, an asset ID, a custom ID or "
        "an ISRC; a list of channels needs their IDs.",
        widget=forms.ClearableFileInput({**CONTROL, "accept": ACCEPTED}),
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=2000,
        help_text="Shown in the history of each video.",
        widget=forms.Textarea({**CONTROL, "rows": 2}),
    )


class SpreadsheetUpload(ModelAdmin):
    """The page behind "Import a spreadsheet"."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take the file, then show its columns or what it would change."""
        self.require(request, "catalog.add_spreadsheet")
        self.require(request, "catalog.bulk_edit_video")
        form = SheetForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            with report_errors(request):
                return self.receive(request, form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "title": "Import a spreadsheet",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(
            request, "admin/catalog/spreadsheet_upload.html", context
        )

    def receive(self, request: HttpRequest, chosen: dict[str, Any]) -> HttpResponse:
        with transaction.atomic():
            sheet = receive_sheet(
                file=chosen["file"],
                actor=actor_of(request),
                reason=chosen["reason"].strip(),
            )
            tasks.enqueue_comparison(sheet)
        messages.success(request, f"{sheet.name} is here. Nothing is changed yet.")
        return HttpResponseRedirect(page_of(sheet))
