"""Assets and claims: what the CMS says, read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin import columns
from catalog.admin.filters import DateRangeFilter, field_filter, having
from catalog.admin.import_filters import ENDED_IN, NEW_IN
from catalog.admin.kept_options import KeptValuesFilter, OwnerFilter
from catalog.models import Asset, Claim
from catalog.querysets import OwnershipConflictQuerySet
from catalog.templatetags.catalog_values import countries
from ytmanager.admin import ModelAdmin, ReadOnlyAdminMixin, SearchedRowsMixin
from ytmanager.templatetags.figures import thousands

VIDEOS_SHOWN = 50

MISSING = field_filter(
    "missing",
    "Missing",
    (
        ("isrc", "No ISRC", lambda assets: assets.exclude(isrc__gt="")),
        ("upc", "No UPC", lambda assets: assets.exclude(upc__gt="")),
        ("artist", "No artist", lambda assets: assets.exclude(artist__len__gt=0)),
    ),
)
ASSET_STATE = field_filter(
    "listed",
    "Listed",
    (
        ("yes", "Listed", lambda assets: assets.listed()),
        ("ended", "No longer listed", having(ended_at__isnull=False)),
        ("merged", "Merged into another asset", having(merged_into__isnull=False)),
    ),
)
CLAIM_STATE = field_filter(
    "state",
    "State",
    (
        ("active", "Still claimed", lambda claims: claims.active()),
        ("ended", "Ended", having(ended_at__isnull=False)),
    ),
)


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdminMixin, SearchedRowsMixin, ModelAdmin):
    """Assets with the metadata that we provided."""

    list_display = (
        "asset",
        "credits",
        "identifiers",
        "label",
        "asset_type",
        "status",
        "claims_count",
        "daily_views",
    )
    list_display_links = None
    list_select_related = ("content_owner",)
    list_filter = (
        MISSING,
        ASSET_STATE,
        ("asset_type", KeptValuesFilter),
        ("status", KeptValuesFilter),
        ("content_owner", OwnerFilter),
        NEW_IN,
        ENDED_IN,
    )
    search_fields = ("title",)
    search_help_text = "Asset IDs, ISRCs, UPCs, or words of the title"
    sortable_by = ("asset",)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        asset = kwargs.get("obj")
        if asset is not None:
            context["asset"] = asset
            context["merged_assets"] = asset.merged_assets.all()[:VIDEOS_SHOWN]
            context["ownership_conflicts"] = _ownership_conflicts(asset, request)
            videos = asset.primary_videos.visible_to(request.user)
            context["primary_videos"] = videos.select_related("channel")[:VIDEOS_SHOWN]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="Asset", ordering="asset_id")
    def asset(self, asset: Asset) -> SafeString:
        link = columns.page_link(asset, asset.title or asset.asset_id)
        quiet = format_html('<span class="ytm-quiet">{}</span>', asset.asset_id)
        name = format_html("<strong>{}</strong>", link)
        return columns.lines(name, quiet, _state_badge(asset))

    @admin.display(description="Artist")
    def credits(self, asset: Asset) -> str | None:
        return ", ".join(asset.artist or ()) or None

    @admin.display(description="ISRC, UPC")
    def identifiers(self, asset: Asset) -> SafeString | None:
        return columns.lines(asset.isrc, asset.upc) or None

    @admin.display(description="Active claims")
    def claims_count(self, asset: Asset) -> str:
        return thousands(asset.active_claim_count)

    @admin.display(description="Daily views")
    def daily_views(self, asset: Asset) -> str:
        return thousands(asset.approx_daily_views)


def _ownership_conflicts(
    asset: Asset, request: HttpRequest
) -> OwnershipConflictQuerySet | None:
    """Open ones first; None for somebody who may not see them."""
    if not request.user.has_perm("catalog.view_ownershipconflict"):
        return None
    conflicts: OwnershipConflictQuerySet = asset.ownership_conflicts.all()
    return conflicts.visible_to(request.user).open_first()[:VIDEOS_SHOWN]


def _state_badge(asset: Asset) -> SafeString | None:
    if asset.merged_into_id:
        return columns.badge("merged", "warn", "Another asset took its place.")
    if asset.ended_at:
        hint = f"Asset reports leave it out since {asset.ended_at:%Y-%m-%d}."
        return columns.badge("no longer listed", "warn", hint)
    return None


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdminMixin, SearchedRowsMixin, ModelAdmin):
    """Claims on our own and on other people's videos."""

    list_display = (
        "claim",
        "video",
        "asset_link",
        "policy_shown",
        "views",
        "content_type",
        "origin",
        "status_shown",
    )
    list_display_links = None
    list_select_related = ("asset",)
    list_filter = (
        CLAIM_STATE,
        ("as_of", DateRangeFilter),
        ("content_owner", OwnerFilter),
        NEW_IN,
        ENDED_IN,
    )
    search_fields = ("claim_id",)
    search_help_text = "Claim IDs, video IDs or asset IDs"
    ordering = ("-pk",)
    sortable_by = ()

    @admin.display(description="Claim")
    def claim(self, claim: Claim) -> SafeString:
        return format_html(
            '<a class="ytm-link" href="{}/change/">{}</a>',
            claim.pk,
            claim.claim_id or "without ID",
        )

    @admin.display(description="Video")
    def video(self, claim: Claim) -> SafeString:
        """A search finds the video when it is ours."""
        if not claim.video_id:
            return columns.badge("deleted", hint="YouTube no longer names the video.")
        link = format_html(
            '<a class="ytm-link" href="../video/?hidden=all&amp;q={}">{}</a>',
            claim.video_id,
            claim.video_title or claim.video_id,
        )
        return columns.lines(link, claim.video_channel_title)

    @admin.display(description="Asset")
    def asset_link(self, claim: Claim) -> SafeString:
        return columns.page_link(claim.asset)

    @admin.display(description="Policy")
    def policy_shown(self, claim: Claim) -> SafeString | None:
        """By country where the claim report told it, else the policy's name."""
        where = [
            f"{action.capitalize()} in {countries(listed)}"
            for action, listed in claim.countries_by_action.items()
        ]
        return columns.lines(*where or [claim.policy]) or None

    @admin.display(description="Views")
    def views(self, claim: Claim) -> str:
        return thousands(claim.view_count)

    @admin.display(description="Status")
    def status_shown(self, claim: Claim) -> SafeString | None:
        ended = claim.ended_at and columns.badge(f"ended {claim.ended_at:%Y-%m-%d}")
        return columns.lines(claim.status, claim.status_detail, ended) or None
