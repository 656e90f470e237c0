"""Fact tables: unlogged tables that one observation fills and the merge reads.

NULL in a fact column says nothing; '' and {} are observed empty values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from catalog import fields
from catalog.models import Observation

ADS_FLAGS = tuple(
    f"{name}_enabled"
    for name in (
        "third_party_ads",
        "display_ads",
        "sponsored_cards",
        "overlay_ads",
        "nonskippable_video_ads",
        "long_nonskippable_video_ads",
        "skippable_video_ads",
        "prerolls",
        "midrolls",
        "postrolls",
        "in_video_ads",
    )
)
COUNTERS = ("view_count", "comment_count", "like_count", "engaged_view_count")
# Observed-only columns of a video, by the fact group whose age they share.
OBSERVED_ONLY = {
    "snippet": {
        "length_seconds": "integer",
        "uploaded_at": "timestamptz",
        "published_at": "timestamptz",
        "is_live_stream": "boolean",
        "thumbnail_url": "text",
    },
    "status": dict.fromkeys(
        ("ratings_allowed", "comments_allowed", *ADS_FLAGS), "boolean"
    ),
    "localizations": {"localizations": "jsonb"},
    "claims": {
        "claimed_status": "text",
        "claimed_by_this_owner": "boolean",
        "claimed_by_another_owner": "boolean",
        "other_owners_claiming": "text",
        "effective_policy": "text",
    },
}
VIDEO_FACTS: dict[str, str] = {
    "video_id": "text",
    "channel_id": "text",
    "channel_title": "text",
    **{name: str(field.shape) for name, field in fields.PUSHABLE.items()},
    **{name: sql for group in OBSERVED_ONLY.values() for name, sql in group.items()},
    **dict.fromkeys(COUNTERS, "bigint"),
    # Of the reply to a push: the values that were sent, by field name.
    "sent": "jsonb",
    # Of a report: a hash of the row's cells.
    "fingerprint": "bigint",
}
# What only a claim report says.
CLAIM_DETAILS: dict[str, str] = {
    "status_detail": "text",
    "claim_type": "text",
    "claimed_at": "timestamptz",
    **{
        f"{side}_policy_{action}": "text[]"
        for side in ("claim", "asset")
        for action in ("monetize", "track", "block")
    },
    "is_shorts_eligible": "boolean",
    **dict.fromkeys(
        ("reference_id", "video_title", "video_channel_id", "video_channel_title"),
        "text",
    ),
    "view_count": "bigint",
    "engaged_view_count": "bigint",
}
CLAIM_FACTS: dict[str, str] = {
    **dict.fromkeys(
        (
            "claim_id",
            "video_id",
            "asset_id",
            "status",
            "origin",
            "content_type",
            "policy",
        ),
        "text",
    ),
    "is_partner_provided": "boolean",
    **CLAIM_DETAILS,
    # Of a deleted video, which the claim report names elsewhere.
    "deleted_video_id": "text",
}
ASSET_FACTS: dict[str, str] = {
    **dict.fromkeys(("asset_id", "asset_type", "title", "status"), "text"),
    **{name: str(fields.PUSHABLE[name].shape) for name in fields.ASSET_PART},
    **dict.fromkeys(
        ("grid", "match_policy", "ownership", "metadata_origination"), "text"
    ),
    "is_merged": "boolean",
    **dict.fromkeys(
        (
            "constituent_asset_ids",
            "active_reference_ids",
            "inactive_reference_ids",
            "embedded_asset_ids",
            "labels",
            "conflicting_countries",
        ),
        "text[]",
    ),
    "active_claim_count": "integer",
    "approx_daily_views": "bigint",
    # `isrc` is what we provided; where a source tells it apart, these two are it
    # and what YouTube displays.
    "provided_isrc": "text",
    "displayed_isrc": "text",
    "sent": "jsonb",
}
OWNERSHIP_FACTS: dict[str, str] = {
    "asset_id": "text",
    "other_owner": "text",
    "countries": "text[]",
    "owned_since": "timestamptz",
    "origination": "text",
    "other_owned_since": "timestamptz",
    "other_origination": "text",
    "other_title": "text",
    "other_artist": "text[]",
    "other_isrc": "text",
    "daily_views": "bigint",
    "engaged_views_in_conflict": "bigint",
    "lifetime_views": "bigint",
    "lifetime_engaged_views": "bigint",
    "line": "bigint",
}
# Videos that are Shorts, and the name of the report that proves it.
SHORTS_FACTS: dict[str, str] = {"video_id": "text", "proof": "text"}

ALWAYS_THERE = 3


@dataclass(frozen=True, slots=True)
class FactTables:
    """Names of the fact tables of one observation, ready for SQL.

    The first three always exist; the others only where a report fills them.
    """

    videos: str
    claims: str
    assets: str
    ownership: str
    shorts: str


def create_fact_tables(observation: Observation) -> FactTables:
    """Create the empty tables; left-overs of a killed run are replaced."""
    names = [f"staging.{kind}_{observation.pk}" for kind in _COLUMNS]
    tables = FactTables(*names)
    drop_fact_tables(tables)
    with connection.cursor() as cursor:
        for name in names[:ALWAYS_THERE]:
            columns = _columns_of(name)
            columns_sql = ", ".join(
                f"{c} {sql_type}" for c, sql_type in columns.items()
            )
            cursor.execute(f"CREATE UNLOGGED TABLE {name} ({columns_sql})")
    return tables


def make_fact_table(table: str, values: Mapping[str, str], rows: str) -> None:
    """Fill an empty fact table with `SELECT values rows`.

    A column without a value is NULL. CREATE TABLE AS may compute the values in
    parallel, INSERT may not.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            f"CREATE UNLOGGED TABLE {table} AS "
            f"SELECT {_select_list(table, values)} {rows}"
        )


def _select_list(table: str, values: Mapping[str, str]) -> str:
    return ", ".join(
        f"({values.get(name, 'NULL')})::{sql_type} AS {name}"
        for name, sql_type in _columns_of(table).items()
    )


def drop_fact_tables(tables: FactTables) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(astuple(tables))}")


def copy_facts(table: str, facts: Iterable[Mapping[str, Any]]) -> None:
    """COPY dictionaries of normalised values into one fact table."""
    columns = _columns_of(table)
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for fact in facts:
            copy.write_row(_row(fact, columns))


def _columns_of(table: str) -> dict[str, str]:
    return _COLUMNS[table.removeprefix("staging.").split("_")[0]]


def _row(fact: Mapping[str, Any], columns: Mapping[str, str]) -> list[Any]:
    """The fact's values in column order; raises KeyError for unknown columns."""
    if unknown := set(fact) - set(columns):
        raise KeyError(f"not a fact column: {', '.join(sorted(unknown))}")
    return [
        Jsonb(fact[name])
        if sql_type == "jsonb" and fact.get(name) is not None
        else fact.get(name)
        for name, sql_type in columns.items()
    ]


_COLUMNS = {
    "videos": VIDEO_FACTS,
    "claims": CLAIM_FACTS,
    "assets": ASSET_FACTS,
    "ownership": OWNERSHIP_FACTS,
    "shorts": SHORTS_FACTS,
}
