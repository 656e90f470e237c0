"""The asset conflict report, v1.2 and v1.3 (a2, a3): who else owns our assets where.

An asset has one row for each other owner, and sometimes for each merged part.
"""

from catalog.value_types import ListValue
from catalog.values import (
    AssetId,
    Count,
    Flag,
    Isrc,
    PipeList,
    SpaceList,
    Text,
    Timestamp,
)
from reports.kinds.kind import VERSION, Column, ReportKind, file_names

_COUNTRIES = ListValue("|, ")

ASSET_CONFLICT_REPORT = ReportKind(
    name="asset_conflict_report",
    label="Asset conflict report",
    file_name=file_names(
        rf"asset_conflict_report_(?P<owner>.+?)(?:_[A-Z](?=_v\d|_\d|$))?{VERSION}"
        r"(?:_\d{8})?$",
        "asset_conflict",
    ),
    key="asset_id",
    required=("asset_id",),
    telltales=("conflicting_owner", "conflicting_country_code"),
    signature=frozenset(
        {
            "ownership_last_updated",
            "ownership_origination",
            "other_ownership_last_updated",
            "other_ownership_origination",
        }
    ),
    lists_all="ownership",
    columns=(
        Column("asset_id", AssetId, facts="asset"),
        Column("conflicting_owner", Text, "other_owner", "ownership"),
        Column("conflicting_country_code", _COUNTRIES, "countries", "ownership"),
        Column("ownership_last_updated", Timestamp, "owned_since", "ownership"),
        Column("ownership_origination", Text, "origination", "ownership"),
        Column(
            "other_ownership_last_updated", Timestamp, "other_owned_since", "ownership"
        ),
        Column("other_ownership_origination", Text, "other_origination", "ownership"),
        Column("approx_daily_views", Count, "daily_views", "ownership"),
        Column("conflicting_owner_isrc", Isrc, "other_isrc", "ownership"),
        Column("conflicting_owner_asset_title", Text, "other_title", "ownership"),
        Column("conflicting_owner_artist", PipeList, "other_artist", "ownership"),
        Column("lifetime_views_in_conflict", Count, "lifetime_views", "ownership"),
        Column(
            "engaged_views_in_conflict", Count, "engaged_views_in_conflict", "ownership"
        ),
        Column(
            "lifetime_engaged_views_in_conflict",
            Count,
            "lifetime_engaged_views",
            "ownership",
        ),
        Column("asset_type", Text, facts="asset"),
        Column("custom_id", Text, facts="asset"),
        Column("metadata_origination", Text, facts="asset"),
        Column("match_policy", Text, facts="asset"),
        Column("is_merged", Flag, facts="asset"),
        Column("asset_labels", ListValue("|,"), "labels", "asset", ("asset_label",)),
        Column("active_claims", Count, "active_claim_count", "asset"),
        Column("constituent_asset_id", SpaceList, "constituent_asset_ids", "asset"),
    ),
    ignored=frozenset(
        {
            "season",
            "episode_title",
            "tms",
            "approx_daily_engaged_views",
            "sr_approx_daily_engaged_views",
        }
    ),
)
