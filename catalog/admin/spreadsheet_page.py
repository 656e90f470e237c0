"""The page of one sheet: its columns, its account, and what was not taken."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog import tasks
from catalog.admin.spreadsheet_mapping import MappingForm
from catalog.admin.spreadsheet_upload import page_of
from catalog.models import ChangeSet, Spreadsheet, SpreadsheetFinding
from catalog.querysets import SpreadsheetFindingQuerySet
from catalog.spreadsheets import uploads
from catalog.spreadsheets.columns import Target
from catalog.spreadsheets.reading import ENCODINGS, XLSX
from ytmanager.admin import ModelAdmin, actor_of, report_errors
from ytmanager.downloads import csv_download
from ytmanager.realtime.events import change_set_group
from ytmanager.realtime.log import current_position

IMPORT = ("catalog.add_spreadsheet", "catalog.bulk_edit_video")
FINDINGS_SHOWN = 100
FINDINGS_HEADER = ("line", "column", "value", "problem", "reason")
BATCH = 2000


class SpreadsheetPage(ModelAdmin):
    """Facts of a sheet; what people may do are buttons that call services."""

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponse]) -> URLPattern:
            name = f"catalog_spreadsheet_{address}"
            wrapped: Any = self.admin_site.admin_view(view)
            pattern: URLPattern = path(f"<int:pk>/{address}/", wrapped, name=name)
            return pattern

        return [
            page("columns", self.columns_view),
            page("encoding", require_POST(self.encoding_view)),
            page("compare", require_POST(self.compare_view)),
            page("findings", self.findings_view),
            *super().get_urls(),
        ]

    def sheet_of(self, request: HttpRequest, pk: Any) -> Spreadsheet:
        return get_object_or_404(Spreadsheet.objects.visible_to(request.user), pk=pk)

    def may_import(self, request: HttpRequest) -> bool:
        return request.user.has_perms(IMPORT)

    def require_import(self, request: HttpRequest) -> None:
        for permission in IMPORT:
            self.require(request, permission)

    # What the page shows

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Before anything else, a sheet asks what its columns are."""
        self.require(request, "catalog.view_spreadsheet")
        position = current_position()
        is_number = object_id.isascii() and object_id.isdigit()
        sheet = self.sheet_of(request, object_id if is_number else None)
        if sheet.state == Spreadsheet.State.MAPPING and self.may_import(request):
            return HttpResponseRedirect(
                reverse("admin:catalog_spreadsheet_columns", args=[sheet.pk])
            )
        context = {
            **self.admin_site.each_context(request),
            "title": sheet.name,
            "opts": self.opts,
            "live_position": position,
            **self.facts_of(request, sheet),
        }
        return TemplateResponse(request, "admin/catalog/spreadsheet_page.html", context)

    def facts_of(self, request: HttpRequest, sheet: Spreadsheet) -> dict[str, Any]:
        """Everything that the template shows."""
        counts, change_set = sheet.counts, sheet.change_set
        kinds = [
            (label, counts[kind])
            for kind, label in SpreadsheetFinding.Kind.choices
            if counts.get(kind)
        ]
        may_import = self.may_import(request)
        is_busy = sheet.state in Spreadsheet.UNFINISHED or (
            change_set is not None and change_set.state in ChangeSet.WAITING
        )
        return {
            "sheet": sheet,
            "counts": counts,
            "kinds": kinds,
            "finding_count": sum(count for _, count in kinds),
            "findings": list(sheet.findings.all()[:FINDINGS_SHOWN]),
            "repair_count": counts.get("repair", 0),
            "change_set": change_set,
            "has_plan": change_set is not None and bool(counts.get("edit_count")),
            "group": change_set_group(change_set.pk) if change_set else "",
            "may_compare": may_import and not is_busy,
            "is_busy": is_busy,
        }

    # Columns

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows the suggestion with samples, POST takes the answers."""
        self.require_import(request)
        sheet = self.sheet_of(request, pk)
        asked = request.POST.get("target") or request.GET.get("target") or sheet.target
        target = Target(asked) if asked in list(Target) else Target(sheet.target)
        form = MappingForm(sheet, target, request.POST or None)
        if request.method == "POST" and form.is_valid():
            with report_errors(request):
                with transaction.atomic():
                    uploads.confirm_columns(
                        sheet,
                        form.mapping(),
                        save_as=form.cleaned_data["save_as"].strip(),
                        actor=actor_of(request),
                    )
                    tasks.enqueue_comparison(sheet)
                return HttpResponseRedirect(page_of(sheet))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Columns of {sheet.name}",
            "opts": self.opts,
            "sheet": sheet,
            "form": form,
            "target": target.value,
            "targets": Spreadsheet.TARGETS,
            "encodings": ENCODINGS.items() if sheet.encoding != XLSX else (),
        }
        return TemplateResponse(
            request, "admin/catalog/spreadsheet_columns.html", context
        )

    def encoding_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: read the file in another encoding."""
        self.require_import(request)
        sheet = self.sheet_of(request, pk)
        encoding = request.POST.get("encoding", "")
        if encoding in ENCODINGS and sheet.state not in Spreadsheet.UNFINISHED:
            with report_errors(request):
                uploads.read_again(sheet, encoding=encoding)
        return HttpResponseRedirect(
            reverse("admin:catalog_spreadsheet_columns", args=[sheet.pk])
        )

    # Buttons

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: compare with the catalogue as it is now, with or without repairs."""
        self.require_import(request)
        sheet = self.sheet_of(request, pk)
        repairs = {"1": True, "0": False}.get(request.POST.get("repairs", ""))
        with report_errors(request), transaction.atomic():
            uploads.request_comparison(sheet, takes_repairs=repairs)
            tasks.enqueue_comparison(sheet)
            messages.success(request, "The sheet is being compared again.")
        return HttpResponseRedirect(page_of(sheet))

    def findings_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: what was not taken, as CSV, however much it is."""
        self.require(request, "catalog.view_spreadsheet")
        sheet = self.sheet_of(request, pk)
        rows = finding_rows(sheet.findings.all())
        return cast(HttpResponse, csv_download(f"not_taken_{sheet.pk}.csv", rows))


def finding_rows(findings: SpreadsheetFindingQuerySet) -> Iterator[tuple[Any, ...]]:
    """Header and rows in the order of the sheet, in constant memory."""
    yield FINDINGS_HEADER
    batch = list(findings[:BATCH])
    while batch:
        for found in batch:
            problem = found.get_kind_display()
            yield (found.line, found.column, found.value, problem, found.reason)
        batch = list(findings.after(batch[-1])[:BATCH])
