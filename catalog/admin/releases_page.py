"""The page of one list of releases: its columns, its account, what was not taken."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from catalog import tasks
from catalog.admin.releases_upload import ADD, CONTROL, columns_of, page_of
from catalog.models import ReleaseList
from catalog.releases import uploads
from catalog.releases.columns import COLUMNS
from catalog.spreadsheets.mapping import LEFT_OUT
from ytmanager.admin import ModelAdmin, report_errors
from ytmanager.downloads import csv_download

CHOICES = [(LEFT_OUT, "Leave out"), *((n, c.label) for n, c in COLUMNS.items())]
State = ReleaseList.State
FINDINGS_SHOWN = 100
FINDINGS_HEADER = ("line", "column", "value", "reason")
# What the page shows of the account, in this order.
FIGURES = (
    ("row_count", "Rows"),
    ("added_count", "New releases"),
    ("changed_count", "Changed releases"),
    ("unchanged_count", "Unchanged releases"),
    ("repeated_count", "Repeated rows"),
    ("rejected_count", "Rows left out"),
    ("clear_count", "Videos with one match"),
    ("ambiguous_count", "Videos with several"),
    ("unmatched_count", "Releases without a video"),
)


class ColumnsForm(forms.Form):
    """One choice for each column of the file."""

    list_separator = forms.ChoiceField(
        label="Several artists or genres in one cell are separated by",
        choices=ReleaseList._meta.get_field("list_separator").choices or (),
        widget=forms.Select(CONTROL),
    )

    def __init__(self, release_list: ReleaseList, *args: Any) -> None:
        super().__init__(*args)
        self.release_list = release_list
        self.initial = {"list_separator": release_list.list_separator}
        for place, name in enumerate(release_list.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=release_list.header[place] or f"Column {place + 1}",
                choices=CHOICES,
                required=False,
                widget=forms.Select(CONTROL),
            )
            self.initial[f"column_{place}"] = name

    def chosen(self) -> list[str]:
        count = len(self.release_list.columns)
        return [self.cleaned_data[f"column_{place}"] for place in range(count)]

    def columns(self) -> list[dict[str, Any]]:
        """Each column with its choice and the first values in it."""
        samples = self.release_list.samples
        return [
            {
                "field": self[f"column_{place}"],
                "samples": [row[place] for row in samples if row[place]][:3],
            }
            for place in range(len(self.release_list.columns))
        ]


def findings_page(request: HttpRequest, release_list: ReleaseList) -> Page[Any]:
    """One page of what was not taken as it stands."""
    pages: Paginator[Any] = Paginator(release_list.findings, FINDINGS_SHOWN)
    return pages.get_page(request.GET.get("page"))


def finding_rows(release_list: ReleaseList) -> Iterator[tuple[Any, ...]]:
    """The same as rows of a file, with their header."""
    yield FINDINGS_HEADER
    for found in release_list.findings:
        yield tuple(found[name] for name in FINDINGS_HEADER)


class ReleaseListPage(ModelAdmin):
    """What people may do here are buttons that call services."""

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Callable[..., HttpResponse]) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(view)
            name = f"catalog_releaselist_{address}"
            made: URLPattern = path(f"<int:pk>/{address}/", wrapped, name=name)
            return made

        return [
            page("columns", self.columns_view),
            page("match", require_POST(self.match_view)),
            page("findings", self.findings_view),
            *super().get_urls(),
        ]

    def list_of(self, request: HttpRequest, pk: Any) -> ReleaseList:
        return get_object_or_404(ReleaseList.objects.visible_to(request.user), pk=pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Before anything else, a list asks what its columns are."""
        self.require(request, "catalog.view_releaselist")
        is_number = object_id.isascii() and object_id.isdigit()
        release_list = self.list_of(request, object_id if is_number else None)
        may = request.user.has_perm(ADD)
        if release_list.state == State.MAPPING and may:
            return HttpResponseRedirect(columns_of(release_list))
        counts = release_list.counts
        context = {
            **self.admin_site.each_context(request),
            "title": release_list.name,
            "opts": self.opts,
            "release_list": release_list,
            "figures": [(label, counts[n]) for n, label in FIGURES if n in counts],
            "findings": findings_page(request, release_list),
            "is_busy": release_list.state in ReleaseList.UNFINISHED,
            "may_load": may,
        }
        return TemplateResponse(request, "catalog/releases/page.html", context)

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows the suggestion with samples, POST takes the answers."""
        self.require(request, ADD)
        release_list = self.list_of(request, pk)
        sent = (request.POST,) if request.method == "POST" else ()
        form = ColumnsForm(release_list, *sent)
        if form.is_bound and form.is_valid():
            with report_errors(request):
                with transaction.atomic():
                    uploads.confirm_columns(
                        release_list,
                        form.chosen(),
                        list_separator=form.cleaned_data["list_separator"],
                    )
                    tasks.enqueue_release_list(release_list)
                return HttpResponseRedirect(page_of(release_list))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Columns of {release_list.name}",
            "opts": self.opts,
            "release_list": release_list,
            "form": form,
        }
        return TemplateResponse(request, "catalog/releases/columns.html", context)

    def findings_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: what was not taken as it stands, as CSV."""
        self.require(request, "catalog.view_releaselist")
        release_list = self.list_of(request, pk)
        rows = finding_rows(release_list)
        return cast(HttpResponse, csv_download(f"not_taken_{pk}.csv", rows))

    def match_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: match again, with the catalogue as it is now."""
        self.require(request, ADD)
        release_list = self.list_of(request, pk)
        with report_errors(request), transaction.atomic():
            uploads.request_matching(release_list)
            tasks.enqueue_release_list(release_list)
            messages.success(request, "The releases are being matched again.")
        return HttpResponseRedirect(page_of(release_list))
