"""The page behind "Export": which columns, which kind of file."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.admin.export_page import ExportPage, FormatForm
from catalog.admin.video_actions import selected
from catalog.querysets import VideoQuerySet
from catalog.spreadsheets.columns import VIDEO_COLUMNS
from catalog.spreadsheets.export import ALWAYS, FORMATS, export_videos
from ytmanager.admin import actor_of, report_errors

VIEW = "catalog.view_video"
MOST_TICKED = 200
# Long texts make a sheet hard to read; who wants them ticks them.
_USUALLY_LEFT_OUT = {"description", "tags", "notes"}


def _choices(is_editable: bool) -> list[tuple[str, str]]:
    return [
        (name, column.header)
        for name, column in VIDEO_COLUMNS.items()
        if name not in ALWAYS and (column.field is not None) is is_editable
    ]


class ExportForm(FormatForm):
    """Columns and format of a sheet."""

    field_order = ("editable", "readable", "file_format")

    editable = forms.MultipleChoiceField(
        label="Columns that can be edited in the sheet",
        choices=lambda: _choices(is_editable=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    readable = forms.MultipleChoiceField(
        label="Columns to read",
        help_text="An import leaves these alone.",
        choices=lambda: _choices(is_editable=False),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def usual_columns() -> dict[str, Any]:
    """What is ticked when the page opens."""
    editable = [n for n, _ in _choices(is_editable=True) if n not in _USUALLY_LEFT_OUT]
    return {"editable": editable, "readable": ["channel_name"]}


class VideoExport(ExportPage):
    """Export what a list shows, or the rows that somebody ticked."""

    export_advice = (
        "Video ID and row version are always there: by them an import knows which "
        "video a row is and how old its values are."
    )

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """GET asks for columns, POST answers with the file."""
        self.require(request, VIEW)
        ticked = [pk for pk in request.POST.getlist("ticked") if pk.isdecimal()]
        try:
            videos, count = self.videos_to_export(request, ticked[:MOST_TICKED])
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:catalog_video_changelist"))
        form = ExportForm(request.POST if "file_format" in request.POST else None)
        if form.is_bound and form.is_valid():
            with report_errors(request):
                return self.send(request, videos, count, form.cleaned_data)
        return self.ask_for_columns(request, form, count, ticked)

    def videos_to_export(
        self, request: HttpRequest, ticked: list[str]
    ) -> tuple[VideoQuerySet, int]:
        """The ticked rows, or all that the filters in the address let through."""
        if ticked:
            rows = self.get_queryset(request).filter(pk__in=ticked)
            return selected(rows), len(ticked)
        changelist = self.get_changelist_instance(request)
        return selected(changelist.queryset), changelist.result_count

    def ask_for_columns(
        self, request: HttpRequest, form: ExportForm, count: int, ticked: list[str]
    ) -> TemplateResponse:
        shown = form if form.is_bound else ExportForm(initial=usual_columns())
        is_about = not ticked and count > 20_000
        return self.ask(request, shown, count, is_about=is_about, ticked=ticked)

    def send(
        self,
        request: HttpRequest,
        videos: VideoQuerySet,
        count: int,
        chosen: dict[str, Any],
    ) -> HttpResponse:
        kind = FORMATS[chosen["file_format"]]
        chunks = export_videos(
            videos=videos,
            columns=[*chosen["editable"], *chosen["readable"]],
            file_format=kind,
            actor=actor_of(request),
            count=count,
        )
        return self.file_of(chunks, kind)

    @admin.action(description="Export as a spreadsheet…", permissions=["view"])
    def export_ticked(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse:
        """Ask for the columns; all rows of the filter if the person chose them all."""
        if request.POST.get("select_across") == "1":
            filtered = self.with_query("export", request.GET.urlencode())
            return HttpResponseRedirect(filtered)
        ticked = request.POST.getlist("_selected_action")[:MOST_TICKED]
        return self.ask_for_columns(request, ExportForm(), len(ticked), ticked)
