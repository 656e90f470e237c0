"""What a report changed that people act on, ranked by daily views.

Candidates are collected while the values before and after are both known; at the
end all of them are counted by channel, and the first of each kind are kept.
"""

from django.conf import settings

from catalog.choices import Source
from catalog.models.highlight import HighlightKind
from catalog.observations.run import MergeRun
from catalog.observations.videos import POLICY
from catalog.view_methods import ViewMethod, method_between

# Older rows are dropped; their counts stay.
KEPT_DAYS = 90
# Over the life of the video; unknown where its beginning is.
DAILY_OF_NEW = (
    "CASE WHEN coalesce(f.published_at, f.uploaded_at) IS NOT NULL "
    "THEN (f.view_count / greatest(1, date_part('day', %(as_of)s::timestamptz "
    "- coalesce(f.published_at, f.uploaded_at))))::bigint END"
)
_NAMES = r"regexp_split_to_array(nullif(btrim({}), ''), '\s*[|,;]\s*')"


def is_wanted(run: MergeRun) -> bool:
    """Only reports are compared; single reads and replies are not."""
    return run.observation.source == Source.REPORT


def begin(run: MergeRun) -> None:
    """Make the empty table of candidates."""
    if is_wanted(run):
        run.make_table(
            "highlights",
            "SELECT ''::text AS kind, 0::bigint AS video_pk, 0::bigint AS asset_pk, "
            "''::text AS field, '0'::jsonb AS old, '0'::jsonb AS new, "
            "0::bigint AS daily_views, ''::text AS note WHERE false",
        )


def add(run: MergeRun, kind: HighlightKind, select: str) -> None:
    """Collect candidates: video key, asset key, field, old, new (both jsonb).

    Daily views are looked up at the end, so rows may be about any known video or,
    where the video's key is NULL, about an asset.
    """
    if is_wanted(run):
        run.execute(
            "INSERT INTO highlights (kind, video_pk, asset_pk, field, old, new) "
            f"SELECT '{kind}', x.* FROM ({select}) "
            "x (video_pk, asset_pk, field, old, new)"
        )


def compare(run: MergeRun) -> None:
    """Claims, policy, ownership and conflicts: before any of them is written."""
    if is_wanted(run):
        _compare_claims(run)
        _compare_conflicts(run)


def _compare_claims(run: MergeRun) -> None:
    tests = {
        HighlightKind.THIRD_PARTY_CLAIM: _third_party_claim(run),
        HighlightKind.MONETIZATION_LOST: _monetization_lost(run),
        HighlightKind.OWNERSHIP_LOST: _ownership_lost(run),
    }
    for kind, (field, test) in tests.items():
        if test:
            new = POLICY.format("f.effective_policy") if field == "policy" else None
            add(
                run,
                kind,
                f"SELECT v.id, NULL::bigint, '{field}', to_jsonb(v.{field}), "
                f"to_jsonb({new or f'f.{field}'}) FROM differing d "
                "JOIN work w ON w.pk = d.pk JOIN catalog_video v ON v.id = d.pk "
                f"JOIN {run.tables.videos} f ON f.video_id = w.video_id "
                f"WHERE w.claims_ok AND {test}",
            )


def _compare_conflicts(run: MergeRun) -> None:
    """A conflict that is open already and moves on is not new."""
    add(
        run,
        HighlightKind.CONFLICT,
        "SELECT d.pk, NULL::bigint, d.field, d.ours, d.theirs FROM decisions d "
        "WHERE d.outcome = 'conflict' AND NOT EXISTS (SELECT FROM catalog_conflict c "
        "WHERE c.video_id = d.pk AND c.field = d.field AND c.state = 'open')",
    )


def _third_party_claim(run: MergeRun) -> tuple[str, str]:
    """Another owner claims who did not; what was unknown before is not news."""
    flag, names = "claimed_by_another_owner", "other_owners_claiming"
    is_set = f"(v.{flag} IS FALSE AND f.{flag})" if flag in run.known else "false"
    if names not in run.known:
        return (flag, is_set if flag in run.known else "")
    were_known = "true" if _names_were_known(run) else f"v.{flag} IS NOT NULL"
    grew = (
        f"(f.{names} <> v.{names} AND (v.{names} <> '' OR {were_known}) AND EXISTS ("
        f"SELECT unnest({_NAMES.format(f'f.{names}')}) "
        f"EXCEPT SELECT unnest({_NAMES.format(f'v.{names}')})))"
    )
    return names, f"({is_set} OR {grew})"


def _names_were_known(run: MergeRun) -> bool:
    """Reports without the flag: did any of them ever name another owner?"""
    if "claimed_by_another_owner" in run.known:
        return False
    return bool(
        run.value(
            "SELECT EXISTS "
            "(SELECT FROM catalog_video WHERE other_owners_claiming <> '')"
        )
    )


def _monetization_lost(run: MergeRun) -> tuple[str, str]:
    if "effective_policy" not in run.known:
        return "policy", ""
    policy = POLICY.format("f.effective_policy")
    return "policy", f"v.policy = 'monetize' AND {policy} IN ('block', 'track')"


def _ownership_lost(run: MergeRun) -> tuple[str, str]:
    field = "claimed_by_this_owner"
    test = f"v.{field} AND f.{field} IS FALSE" if field in run.known else ""
    return field, test


def notice(run: MergeRun) -> None:
    """`noticed`: one pass over the narrow table for missing videos and for views."""
    if not is_wanted(run):
        return
    is_missing = "coalesce(st.listed_as_of < %(as_of)s, false)"
    flags = {
        "is_missing": is_missing if run.listing else "false",
        "is_up": _moved("st.previous_daily_views", "st.daily_views"),
        "is_down": _moved("st.daily_views", "st.previous_daily_views"),
    }
    is_about_views = "view_count" in run.known
    wanted = " OR ".join(flags.values()) if run.listing or is_about_views else "false"
    named = ", ".join(f"{test} AS {name}" for name, test in flags.items())
    run.make_table(
        "noticed",
        f"SELECT st.video_id AS pk, st.listed_as_of, {named} "
        f"FROM catalog_videostatistics st WHERE {wanted}",
    )


def _moved(small: str, large: str) -> str:
    """By the factor and by the minimum of the settings, as counted by this report."""
    factor, least = settings.VIEWS_MOVED_FACTOR, settings.VIEWS_MOVED_MINIMUM
    return (
        f"coalesce(st.counters_as_of = %(as_of)s AND {large} - {small} >= {least} "
        f"AND {large} >= {factor} * greatest({small}, 0), false)"
    )


def keep(run: MergeRun) -> None:
    """Count every candidate by channel, keep the first of each kind as rows."""
    if not is_wanted(run):
        return
    if run.listing:
        _add_listing(run)
    if run.value("SELECT EXISTS (SELECT FROM noticed WHERE is_up OR is_down)"):
        _add_views(run)
    if run.roll and not run.is_roll_outdated:
        _add_roll(run, run.roll.of)
    # An empty table says nothing to the planner: it would read all videos for it.
    if run.value("SELECT EXISTS (SELECT FROM highlights)"):
        _write(run)
    _write_new_videos(run)
    _drop_old(run)


def _add_listing(run: MergeRun) -> None:
    add(
        run,
        HighlightKind.VIDEO_MISSING,
        "SELECT pk, NULL::bigint, 'listed', to_jsonb(listed_as_of), NULL::jsonb "
        "FROM missing",
    )
    add(
        run,
        HighlightKind.VIDEO_BACK,
        "SELECT pk, NULL::bigint, 'listed', to_jsonb(missing_since), NULL::jsonb "
        "FROM back",
    )


def _add_roll(run: MergeRun, of: str) -> None:
    """Videos that lost their last claim, and owners who contest an asset."""
    if of == "claims":
        add(
            run,
            HighlightKind.OWNERSHIP_LOST,
            "SELECT DISTINCT ON (v.id) v.id, c.asset_id, 'claim', "
            "to_jsonb(c.claim_id), to_jsonb('ended'::text) FROM ended "
            "JOIN catalog_claim c ON c.id = ended.pk "
            "JOIN catalog_video v ON v.video_id = c.video_id "
            "WHERE NOT EXISTS (SELECT FROM catalog_claim other "
            "WHERE other.video_id = c.video_id AND other.ended_at IS NULL) "
            "ORDER BY v.id, c.id",
        )
    if of == "ownership":
        add(
            run,
            HighlightKind.OWNERSHIP_CONFLICT,
            "SELECT NULL::bigint, c.asset_id, 'other_owner', NULL::jsonb, "
            "to_jsonb(c.other_owner) FROM catalog_ownershipconflict c "
            "WHERE c.observation_id = %(observation)s AND c.ended_at IS NULL",
        )


def _add_views(run: MergeRun) -> None:
    """Daily views against those one count earlier, of videos that this report has."""
    counted = "SELECT pk FROM work WHERE counters_newer"
    if run.repeated:
        counted += (
            f" UNION ALL SELECT pk FROM {run.repeated.table} "
            "WHERE counted_as_of < %(as_of)s"
        )
    for kind, test in (
        (HighlightKind.VIEWS_UP, "n.is_up"),
        (HighlightKind.VIEWS_DOWN, "n.is_down"),
    ):
        add(
            run,
            kind,
            "SELECT n.pk, NULL::bigint, 'daily_views', "
            "to_jsonb(st.previous_daily_views), to_jsonb(st.daily_views) "
            "FROM noticed n JOIN catalog_videostatistics st ON st.video_id = n.pk "
            f"WHERE {test} AND n.pk IN ({counted})",
        )
    if method := _method_since_last_time(run):
        is_short = (
            "NOT EXISTS (SELECT FROM catalog_shortsverdict s "
            "WHERE s.video_id = h.video_pk AND s.verdict = 'no')"
        )
        run.execute(
            f"UPDATE highlights h SET note = '{method.name}' "
            f"WHERE kind IN ('{HighlightKind.VIEWS_UP}', '{HighlightKind.VIEWS_DOWN}') "
            f"AND {is_short if method.is_for_shorts_only else 'true'}"
        )


def _method_since_last_time(run: MergeRun) -> ViewMethod | None:
    """The way of counting that began within the two periods that are compared."""
    earliest = run.value(
        "SELECT min(as_of) FROM (SELECT as_of FROM catalog_observation "
        f"WHERE {_EARLIER} ORDER BY as_of DESC LIMIT 2) before"
    )
    return earliest and method_between(earliest, run.observation.as_of)


_EARLIER = (
    "content_owner_id = %(owner)s AND source = 'report' AND id <> %(observation)s "
    "AND as_of < %(as_of)s AND (counts ->> 'videos_listed')::bigint > 0"
)


def _write(run: MergeRun) -> None:
    """Rank by daily views: what the statistics say after this merge."""
    run.execute("ANALYZE pg_temp.highlights")
    run.make_table(
        "ranked",
        "SELECT h.kind, h.video_pk, h.asset_pk, h.field, h.old, h.new, h.note, "
        "v.channel_id AS channel_pk, "
        "coalesce(st.daily_views, a.approx_daily_views) AS daily_views "
        "FROM highlights h LEFT JOIN catalog_video v ON v.id = h.video_pk "
        "LEFT JOIN catalog_videostatistics st ON st.video_id = h.video_pk "
        "LEFT JOIN catalog_asset a ON a.id = h.asset_pk",
        key="kind",
    )
    run.execute(
        "INSERT INTO catalog_highlightcount "
        "(observation_id, channel_id, kind, count, daily_views) "
        "SELECT %(observation)s, channel_pk, kind, count(*), "
        "coalesce(sum(greatest(daily_views, 0)), 0) FROM ranked GROUP BY 2, 3"
    )
    run.execute(
        "INSERT INTO catalog_highlight (observation_id, kind, video_id, asset_id, "
        "channel_id, field, old, new, daily_views, note) "
        "SELECT %(observation)s, kind, video_pk, asset_pk, channel_pk, field, old, "
        "new, daily_views, coalesce(note, '') FROM (SELECT r.*, row_number() OVER "
        "(PARTITION BY kind ORDER BY daily_views DESC NULLS LAST, video_pk) AS place "
        f"FROM ranked r) r WHERE place <= {settings.HIGHLIGHTS_KEPT} "
        # Everything in the first list of its kind is new.
        f"AND (kind <> '{HighlightKind.OWNERSHIP_CONFLICT}' OR EXISTS (SELECT FROM "
        "catalog_ownershipconflict WHERE content_owner_id = %(owner)s "
        "AND observation_id <> %(observation)s)) "
        "ORDER BY kind, place"
    )


def _write_new_videos(run: MergeRun) -> None:
    """There may be a million of them: counted and ranked where they stand.

    The first report of an owner only counts: everything in it is new.
    """
    if not run.counts["videos_new"]:
        return
    run.execute(
        "INSERT INTO catalog_highlightcount "
        "(observation_id, channel_id, kind, count, daily_views) "
        f"SELECT %(observation)s, channel_pk, '{HighlightKind.VIDEO_NEW}', count(*), "
        f"coalesce(sum({DAILY_OF_NEW}), 0)::bigint FROM new_videos f GROUP BY 2"
    )
    if is_first(run):
        return
    run.execute(
        "INSERT INTO catalog_highlight (observation_id, kind, video_id, channel_id, "
        "field, new, daily_views, note) "
        f"SELECT %(observation)s, '{HighlightKind.VIDEO_NEW}', f.pk, f.channel_pk, "
        f"'view_count', to_jsonb(f.view_count), {DAILY_OF_NEW}, '' FROM new_videos f "
        f"ORDER BY {DAILY_OF_NEW} DESC NULLS LAST, f.pk "
        f"LIMIT {settings.HIGHLIGHTS_KEPT}"
    )


def is_first(run: MergeRun) -> bool:
    """Whether no report listed this owner's videos before."""
    return not run.value(
        f"SELECT EXISTS (SELECT FROM catalog_observation WHERE {_EARLIER})"
    )


def _drop_old(run: MergeRun) -> None:
    run.execute(
        "DELETE FROM catalog_highlight WHERE observation_id IN ("
        "SELECT id FROM catalog_observation WHERE content_owner_id = %(owner)s "
        f"AND created_at < now() - interval '{KEPT_DAYS} days')"
    )
