"""Records of pushes: items, attempts and the ledger, read-only."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.columns import badge
from youtube_sync.admin.columns import StateColumn, plan_address, video_link
from youtube_sync.models import MetadataSync, PlanItem, QuotaEntry
from youtube_sync.templatetags.push_values import TONES, units
from ytmanager.admin import ReadOnlyAdminMixin


class TargetColumns(ReadOnlyAdminMixin, StateColumn):
    """What an item or an attempt is about."""

    list_display_links = None
    search_fields = ("target_id__exact",)
    search_help_text = "Video ID or asset ID"

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        own = {"plan", "video", "item__plan"}
        return lookup in own or super().lookup_allowed(lookup, value, request)

    @admin.display(description="Target", ordering="target_id")
    def target(self, row: PlanItem | MetadataSync) -> SafeString:
        return format_html(
            '<a class="ytm-link" href="{}/change/">{} {}</a>',
            row.pk,
            row.get_target_kind_display(),
            row.target_id,
        )

    @admin.display(description="Video")
    def video_column(self, row: PlanItem | MetadataSync) -> SafeString:
        return video_link(row.video)

    @admin.display(description="Fields")
    def field_names(self, row: PlanItem | MetadataSync) -> str:
        return row.field_labels


@admin.register(PlanItem)
class PlanItemAdmin(TargetColumns):
    """Items of all plans; the page of a plan links to its own."""

    list_display = (
        "target",
        "video_column",
        "plan_column",
        "field_names",
        "state_badge",
        "price",
        "reason",
    )
    list_select_related = ("video", "plan")
    list_filter = ("state", "target_kind")
    readonly_fields = ("values_table",)
    fields = (("video", "plan"), "values_table", "finished_at")

    @admin.display(description="State", ordering="state")
    def state_badge(self, row: PlanItem) -> SafeString:
        return badge(row.state_label, TONES.get(row.state, ""))

    @admin.display(description="Values")
    def values_table(self, item: PlanItem) -> SafeString:
        return render_to_string("youtube_sync/items.html", {"items": [item]})

    @admin.display(description="Plan")
    def plan_column(self, item: PlanItem) -> SafeString:
        return format_html(
            '<a class="ytm-link" href="{}">{}</a>', plan_address(item.plan), item.plan
        )

    @admin.display(description="Price", ordering="price_units")
    def price(self, item: PlanItem) -> str:
        return units(item.price_units)

    @admin.display(description="Message")
    def reason(self, item: PlanItem) -> str:
        return item.message or item.blocked_by


@admin.register(MetadataSync)
class MetadataSyncAdmin(TargetColumns):
    """Every attempt to write to YouTube, with what stood there before."""

    list_display = (
        "target",
        "video_column",
        "field_names",
        "state_badge",
        "units",
        "created_at",
        "error",
    )
    list_select_related = ("video", "item__plan")
    list_filter = ("state", "target_kind")
    readonly_fields = ("history", "values_sent", "image")
    fields = (
        ("video", "item"),
        "history",
        ("state", "units"),
        "error",
        "values_sent",
        "image",
        ("created_at", "finished_at"),
    )

    @admin.display(description="History")
    def history(self, sync: MetadataSync) -> SafeString:
        address = reverse("admin:catalog_change_changelist")
        return format_html(
            '<a class="ytm-link" href="{}?video={}">Changes of this video</a>',
            address,
            sync.video_id,
        )

    @admin.display(description="Values sent")
    def values_sent(self, sync: MetadataSync) -> SafeString:
        return render_to_string("youtube_sync/values_sent.html", {"sync": sync})

    @admin.display(description="Everything that stood there before")
    def image(self, sync: MetadataSync) -> SafeString:
        text = json.dumps(sync.pre_image, ensure_ascii=False, indent=2)
        return format_html(
            "<details><summary>Show</summary>"
            '<pre style="white-space: pre-wrap">{}</pre></details>',
            text,
        )


@admin.register(QuotaEntry)
class QuotaEntryAdmin(ReadOnlyAdminMixin, StateColumn):
    """The ledger of quota units, per Pacific day."""

    list_display = ("quota_on", "call", "units", "state_badge", "plan", "created_at")
    list_select_related = ("plan",)
    list_filter = ("state", "call", "project")
    date_hierarchy = "quota_on"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
