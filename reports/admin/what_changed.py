"""The page "What changed" of a report: counts, ranked rows, channels, CSV."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from catalog.models import Channel, Highlight, HighlightKind
from reports.admin.columns import data_day
from reports.admin.highlight_lines import line_of
from reports.models import Report
from reports.querysets import ReportQuerySet
from reports.services import what_changed
from reports.services.what_changed import Selection
from ytmanager.admin import ModelAdmin
from ytmanager.downloads import csv_download

PER_PAGE = 50
CHANNELS_OFFERED = 100
NEEDED = ("reports.view_report", "catalog.view_highlight")


@dataclass(frozen=True, slots=True)
class Card:
    """One kind with its count, and the address that shows only it."""

    label: str
    count: int
    address: str
    is_chosen: bool


class WhatChanged(ModelAdmin):
    """For everybody who sees reports; nothing is changed here."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/changes/",
                wrap(self.changes_view),
                name="reports_report_changes",
            ),
            path(
                "<int:pk>/changes/csv/",
                wrap(self.changes_csv_view),
                name="reports_report_changes_csv",
            ),
            path(
                "changes/latest/",
                wrap(self.latest_changes_view),
                name="reports_report_latest_changes",
            ),
            *super().get_urls(),
        ]

    def changes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the counts, and either rows or channels."""
        report = self.compared_report(request, pk)
        chosen = selection_of(request)
        is_by_channel = request.GET.get("view") == "channels"
        context = {
            **self.admin_site.each_context(request),
            "title": f"What changed: {report}",
            "opts": self.opts,
            "report": report,
            "day": data_day(report),
            "predecessor": what_changed.predecessor_of(report),
            "chosen": chosen,
            "kind_label": dict(HighlightKind.choices).get(chosen.kind, ""),
            "is_by_channel": is_by_channel,
            "cards": cards_of(report, chosen),
            "address": address_of(chosen),
            "channels_address": address_of(Selection(), view="channels"),
            "csv_address": reverse("admin:reports_report_changes_csv", args=[pk])
            + address_of(chosen),
        }
        context |= (
            channels_page(request, report)
            if is_by_channel
            else rows_page(request, report, chosen)
        )
        return TemplateResponse(request, "reports/what_changed.html", context)

    def changes_csv_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the same rows as CSV."""
        report = self.compared_report(request, pk)
        rows = what_changed.csv_rows_of(report, request.user, selection_of(request))
        return cast(HttpResponse, csv_download(f"changes_{report.pk}.csv", rows))

    def latest_changes_view(self, request: HttpRequest) -> HttpResponse:
        """GET: the newest comparison for the channel of `?channel=`."""
        self.require_all(request)
        visible = Channel.objects.visible_to(request.user)
        channel = get_object_or_404(visible, channel_id=request.GET.get("channel", ""))
        report = what_changed.latest_of(channel, request.user)
        if report is None:
            messages.info(request, "No report listed the videos of this channel yet.")
            return HttpResponseRedirect(reverse("admin:reports_report_changelist"))
        page = reverse("admin:reports_report_changes", args=[report.pk])
        return HttpResponseRedirect(page + address_of(Selection(channel=channel)))

    def compared_report(self, request: HttpRequest, pk: int) -> Report:
        """A report that was imported, by an address that may name no such one."""
        self.require_all(request)
        reports = cast(ReportQuerySet, self.get_queryset(request))
        return get_object_or_404(reports.imported(), pk=pk)

    def require_all(self, request: HttpRequest) -> None:
        for permission in NEEDED:
            self.require(request, permission)


def selection_of(request: HttpRequest) -> Selection:
    """What the address asks for; what is not known there asks for nothing."""
    kind = request.GET.get("kind", "")
    channel_id = request.GET.get("channel", "")
    channels = Channel.objects.visible_to(request.user)
    return Selection(
        kind=kind if kind in HighlightKind.values else "",
        channel=channels.filter(channel_id=channel_id).first() if channel_id else None,
        text=request.GET.get("q", "").replace("\0", "").strip()[:200],
    )


def address_of(chosen: Selection, **more: Any) -> str:
    """The query string of a selection."""
    query = {
        "kind": chosen.kind,
        "channel": chosen.channel.channel_id if chosen.channel else "",
        "q": chosen.text,
        **more,
    }
    return "?" + urlencode({name: value for name, value in query.items() if value})


def cards_of(report: Report, chosen: Selection) -> list[Card]:
    """All kinds that were found, then each of them."""
    counts = what_changed.counts_of(report, chosen.channel)
    kinds = [("", "Everything", sum(counts.values()))]
    kinds += [
        (kind, label, counts[kind])
        for kind, label in HighlightKind.choices
        if kind in counts
    ]
    return [
        Card(
            label,
            count,
            address_of(Selection(kind, chosen.channel, chosen.text)),
            kind == chosen.kind,
        )
        for kind, label, count in kinds
    ]


def rows_page(
    request: HttpRequest, report: Report, chosen: Selection
) -> dict[str, Any]:
    """One page of ranked rows."""
    rows = what_changed.highlights_of(report, request.user, chosen).for_list()
    page = page_of_list(request, rows)
    sums = what_changed.channels_of(report).exclude(channel=None)[:CHANNELS_OFFERED]
    offered = Channel.objects.filter(pk__in=[row["channel"] for row in sums])
    return {
        "page": page,
        "lines": [line_of(cast(Highlight, row)) for row in page],
        "channels": offered.only("channel_id", "name").order_by("name"),
        "next_address": address_of(chosen, p=page.number + 1),
        "previous_address": address_of(chosen, p=page.number - 1),
        "is_cut": is_cut(report, chosen, page.paginator.count),
    }


def is_cut(report: Report, chosen: Selection, kept: int) -> bool:
    """Whether more was counted than was kept (a search cannot tell)."""
    counts = what_changed.counts_of(report, chosen.channel)
    counted = counts.get(chosen.kind, 0) if chosen.kind else sum(counts.values())
    return not chosen.text and counted > kept


def channels_page(request: HttpRequest, report: Report) -> dict[str, Any]:
    """One page of channels, the largest first."""
    page = page_of_list(request, what_changed.channels_of(report))
    labels = dict(HighlightKind.choices)
    lines = [
        (
            line,
            address_of(Selection(channel=line.channel)) if line.channel else "",
            [
                (labels[kind], line.counts[kind])
                for kind in HighlightKind.values
                if kind in line.counts
            ],
        )
        for line in what_changed.lines_of(report, list(page))
    ]
    return {
        "page": page,
        "lines": lines,
        "next_address": address_of(Selection(), view="channels", p=page.number + 1),
        "previous_address": address_of(Selection(), view="channels", p=page.number - 1),
    }


def page_of_list(request: HttpRequest, rows: Any) -> Any:
    """A page number that is none is the first, one too high the last."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("p", "1")[:6])
