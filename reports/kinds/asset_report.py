"""The full asset report: music, non-music, the names of 2014 to 2016, a2 and a3."""

from catalog.value_types import ListValue
from catalog.values import (
    AssetId,
    Count,
    Flag,
    Isrc,
    PipeList,
    SpaceList,
    Text,
    Upc,
)
from reports.kinds.kind import VERSION, Column, ReportKind, file_names

_LABELS = ListValue("|,")
_COUNTRIES = ListValue("|, ")

ASSET_REPORT = ReportKind(
    name="asset_report",
    label="Asset report",
    file_name=file_names(rf"asset_full_report_(?P<owner>.+)_L{VERSION}", "asset"),
    key="asset_id",
    lists_all="assets",
    required=("asset_id", "asset_type"),
    signature=frozenset(
        {
            "metadata_origination",
            "match_policy",
            "is_merged",
            "ownership",
            "active_claims",
            "approx_daily_views",
            "active_reference_id",
        }
    ),
    columns=(
        Column("asset_id", AssetId, facts="asset"),
        Column("asset_type", Text, facts="asset"),
        Column("asset_title", Text, "title", "asset", aliases=("song",)),
        Column("status", Text, facts="asset"),
        Column("artist", PipeList, facts="asset"),
        Column("label", Text, facts="asset"),
        Column("album", Text, facts="asset"),
        Column("upc", Upc, facts="asset"),
        Column("isrc", Isrc, facts="asset"),
        # v1.3: ours, and the one that YouTube chose among all providers.
        Column("your_isrc", Isrc, "provided_isrc", "asset"),
        Column("display_isrc", Isrc, "displayed_isrc", "asset"),
        Column("custom_id", Text, facts="asset"),
        Column("grid", Text, facts="asset"),
        Column("match_policy", Text, facts="asset"),
        Column("ownership", Text, facts="asset"),
        Column("is_merged", Flag, facts="asset", aliases=("is_merged_asset",)),
        Column("metadata_origination", Text, facts="asset"),
        Column(
            "constituent_asset_id",
            SpaceList,
            "constituent_asset_ids",
            "asset",
            aliases=("constituent_asset_ids",),
        ),
        Column(
            "active_reference_id",
            SpaceList,
            "active_reference_ids",
            "asset",
            aliases=("active_reference_ids",),
        ),
        Column(
            "inactive_reference_id",
            SpaceList,
            "inactive_reference_ids",
            "asset",
            aliases=("inactive_reference_ids",),
        ),
        Column(
            "embedded_asset_id",
            SpaceList,
            "embedded_asset_ids",
            "asset",
            aliases=("embedded_asset_ids",),
        ),
        Column("asset_label", _LABELS, "labels", "asset", aliases=("asset_labels",)),
        Column(
            "conflicting_country_code",
            _COUNTRIES,
            "conflicting_countries",
            "asset",
            aliases=("conflicting_territories",),
        ),
        Column(
            "active_claims",
            Count,
            "active_claim_count",
            "asset",
            aliases=("number_of_claims",),
        ),
        Column(
            "approx_daily_views",
            Count,
            facts="asset",
            aliases=("recent_daily_average",),
        ),
    ),
    ignored=frozenset(
        {
            "season",
            "episode_title",
            "tms",
            "conflicting_owner",
            "approx_daily_engaged_views",
            "sr_approx_daily_engaged_views",
            "other_isrc",
        }
    ),
)
