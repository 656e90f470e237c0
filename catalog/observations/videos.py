"""Merge of videos: which ones, how old, new rows, counters, accounts."""

from collections import Counter
from collections.abc import Collection

from catalog import fields, short_rules
from catalog.observations import fingerprints
from catalog.observations.run import MergeRun
from catalog.observations.staging import (
    ASSET_FACTS,
    COUNTERS,
    OBSERVED_ONLY,
    VIDEO_FACTS,
)

GROUPS = ("snippet", "status", "localizations", "asset", "counters", "claims")
POLICY = (
    "CASE WHEN {0} ~* 'block' THEN 'block' WHEN {0} ~* 'moneti[sz]e' THEN 'monetize' "
    "WHEN {0} ~* 'track' THEN 'track' ELSE '' END"
)

# A rate over less than half a day says little.
IS_RATED = (
    "f.view_count IS NOT NULL AND st.view_count IS NOT NULL "
    "AND st.counters_as_of <= %(as_of)s::timestamptz - interval '12 hours'"
)
DAILY = (
    "round((f.view_count - st.view_count) * 86400.0::float8 "
    "/ date_part('epoch', %(as_of)s::timestamptz - st.counters_as_of))::bigint"
)

_FRESH = ", ".join(
    f"coalesce(st.{g}_as_of <= %(as_of)s, true) AS {g}_ok" for g in GROUPS
)
_WORK = (
    "SELECT coalesce(v.id, nextval('catalog_video_id_seq')) AS pk, f.video_id, "
    f"v.id IS NULL AS is_new, f.in_facts, {_FRESH}, "
    "coalesce(st.counters_as_of < %(as_of)s, false) AS counters_newer FROM ({}) f "
    "LEFT JOIN catalog_video v USING (video_id) "
    "LEFT JOIN catalog_videostatistics st ON st.video_id = v.id "
)


def work_sql(facts: str) -> str:
    """SELECT of rows for `work` from one that names videos, ready for a WHERE."""
    return _WORK.format(facts)


def columns_of(group: str) -> tuple[str, ...]:
    """The fact columns that share one age."""
    if group == "counters":
        return COUNTERS
    pushable = (name for name, f in fields.PUSHABLE.items() if f.group == group)
    return (*pushable, *OBSERVED_ONLY.get(group, {}))


def find_known_columns(run: MergeRun) -> None:
    """Remember which fact columns say anything; the merge skips the others."""
    run.known = _non_null(run, run.tables.videos, VIDEO_FACTS)
    if run.repeated:
        run.known |= run.repeated.columns
    run.known_of_assets = _non_null(run, run.tables.assets, ASSET_FACTS)
    # The columns of joins are enough, and a fraction of the work.
    run.execute(
        f"ANALYZE {run.tables.videos} (video_id, channel_id), "
        f"{run.tables.claims} (claim_id, video_id, asset_id), "
        f"{run.tables.assets} (asset_id)"
    )


def _non_null(run: MergeRun, table: str, columns: dict[str, str]) -> frozenset[str]:
    names = ", ".join(
        f"CASE WHEN bool_or({c} IS NOT NULL) THEN '{c}' END" for c in columns
    )
    return frozenset(
        run.value(f"SELECT array_remove(ARRAY[{names}], NULL) FROM {table}")
    )


def merge_channels(run: MergeRun) -> None:
    """Create channels that the videos name; follow their names and monetization.

    A channel is monetized when a policy of one of its videos monetizes. Policies
    are judged once for each of their few spellings, not once for each row.
    """
    told = (
        f"SELECT channel_id, effective_policy, channel_title FROM {run.tables.videos}"
    )
    if run.repeated:
        told += (
            " UNION ALL SELECT channel_id, effective_policy, channel_title "
            f"FROM ({run.repeated.channels}) repeated"
        )
    run.make_table(
        "channel_policies",
        "SELECT channel_id, effective_policy AS spelling, max(channel_title) AS title "
        f"FROM ({told}) f "
        "WHERE channel_id IS NOT NULL GROUP BY 1, 2",
        key="channel_id",
    )
    run.make_table(
        "policies",
        f"SELECT spelling, {POLICY.format('spelling')} AS policy FROM ("
        "SELECT DISTINCT coalesce(spelling, '') AS spelling FROM channel_policies) s",
        key="spelling",
    )
    run.make_table(
        "channel_facts",
        "SELECT channel_id, left(coalesce(max(title), ''), 200) AS name, "
        "bool_or(policy = 'monetize') FILTER (WHERE spelling IS NOT NULL) "
        "AS is_monetized FROM channel_policies LEFT JOIN policies USING (spelling) "
        "GROUP BY channel_id",
        key="channel_id",
    )
    _follow_channels(run)
    run.counts["channels_new"] = run.execute(
        "INSERT INTO catalog_channel (content_owner_id, channel_id, name, image_url, "
        "description, country, is_monetized, monetized_as_of, is_hidden, "
        "partner_custom_id, partner_name, as_of, created_at, updated_at) "
        "SELECT %(owner)s, f.channel_id, f.name, '', '', '', f.is_monetized, "
        "CASE WHEN f.is_monetized IS NOT NULL THEN %(as_of)s END, false, '', '', "
        "%(as_of)s, now(), now() FROM channel_facts f "
        "ON CONFLICT (channel_id) DO NOTHING"
    )


def _follow_channels(run: MergeRun) -> None:
    """Known channels: each of the two facts follows by its own age."""
    run.execute(
        "UPDATE catalog_channel c SET name = f.name, as_of = %(as_of)s, "
        "updated_at = now() FROM channel_facts f WHERE c.channel_id = f.channel_id "
        "AND f.name <> '' AND c.name <> f.name "
        "AND (c.as_of IS NULL OR c.as_of <= %(as_of)s)"
    )
    run.execute(
        "UPDATE catalog_channel c SET is_monetized = f.is_monetized, "
        "monetized_as_of = %(as_of)s, updated_at = now() FROM channel_facts f "
        "WHERE c.channel_id = f.channel_id AND c.content_owner_id = %(owner)s "
        "AND f.is_monetized IS NOT NULL AND (c.monetized_as_of IS NULL "
        "OR c.monetized_as_of < %(as_of)s OR (c.monetized_as_of = %(as_of)s "
        "AND c.is_monetized IS DISTINCT FROM f.is_monetized))"
    )


def make_work(run: MergeRun) -> None:
    """`work`: every video of the facts, and which ages it accepts."""
    run.make_table(
        "work",
        _WORK.format(
            f"SELECT video_id, true AS in_facts, channel_id FROM {run.tables.videos}"
        )
        + "WHERE v.id IS NOT NULL OR f.channel_id IS NOT NULL",
    )
    run.execute("CREATE INDEX ON pg_temp.work (video_id)")


def add_videos_of_assets(run: MergeRun) -> None:
    """Known videos that only their assets concern: new metadata or a new choice."""
    added = run.execute(
        "INSERT INTO work "
        + _WORK.format(
            "SELECT m.video_id, false AS in_facts, NULL AS channel_id FROM ("
            "SELECT c.video_id FROM changed_assets a "
            "JOIN catalog_claim c ON c.asset_id = a.pk "
            "UNION SELECT unnest(%(reconsidered)s::text[])) m "
            "WHERE NOT EXISTS (SELECT FROM work w WHERE w.video_id = m.video_id)"
        )
        + "WHERE v.id IS NOT NULL"
    )
    if added:
        run.execute("ANALYZE pg_temp.work")
        fingerprints.mark_named(run)


def make_scope(run: MergeRun) -> None:
    """`scope`: the videos whose primary asset or its metadata may have moved."""
    run.make_table(
        "scope",
        "SELECT video_id, true AS is_new FROM work WHERE is_new "
        "UNION ALL SELECT m.video_id, false FROM (SELECT video_id FROM claimed_videos "
        "UNION SELECT unnest(%(reconsidered)s::text[]) "
        "UNION SELECT c.video_id FROM changed_assets a "
        "JOIN catalog_claim c ON c.asset_id = a.pk) m WHERE NOT EXISTS "
        "(SELECT FROM work w WHERE w.video_id = m.video_id AND w.is_new)",
        key="video_id",
    )


def make_asset_values(run: MergeRun) -> None:
    """`asset_values`: what the primary asset says about each known video.

    A person's choice of the primary asset wins over the rule.
    """
    names = ", ".join(f"a.{name}" for name in fields.ASSET_PART)
    run.make_table(
        "asset_values",
        "SELECT w.pk, CASE WHEN v.is_asset_chosen THEN v.primary_asset_id "
        "ELSE p.asset_pk END AS asset_pk, coalesce(p.has_several, false) "
        f"AS has_several, {names}, fa.sent FROM scope JOIN work w USING (video_id) "
        "JOIN catalog_video v ON v.id = w.pk "
        "JOIN catalog_channel c ON c.id = v.channel_id "
        "AND c.content_owner_id = %(owner)s LEFT JOIN primaries p ON p.pk = w.pk "
        "LEFT JOIN catalog_asset a ON a.id = CASE WHEN v.is_asset_chosen "
        "THEN v.primary_asset_id ELSE p.asset_pk END "
        f"LEFT JOIN {run.tables.assets} fa ON fa.asset_id = a.asset_id "
        "WHERE NOT w.is_new",
    )


def count_new(run: MergeRun) -> None:
    run.counts["videos_new"] = run.value("SELECT count(*) FROM work WHERE is_new")


def ages_of(run: MergeRun) -> list[str]:
    """The groups of which these facts say anything."""
    has_claims = run.value(f"SELECT EXISTS (SELECT FROM {run.tables.claims})")
    return [
        group
        for group in GROUPS
        if run.known & set(columns_of(group)) or (group == "claims" and has_claims)
    ]


def update_statistics(run: MergeRun) -> None:
    """Counters with their previous value; ages advance even without a change.

    Leaves `counted`: the videos of `work` that are known and whose counters moved.
    Raises FactsMovedError where facts are not repeated any more.
    """
    differs = counters_differ(run.known)
    moved = f"w.counters_ok AND ({differs})"
    run.make_table(
        "counted",
        f"SELECT w.pk FROM work w JOIN {run.tables.videos} f USING (video_id) "
        "JOIN catalog_videostatistics st ON st.video_id = w.pk "
        f"WHERE NOT w.is_new AND {moved}",
    )
    ages = [f"{group}_as_of" for group in ages_of(run)]
    ages += ["listed_as_of"] if run.listing else []
    if not ages:
        return
    sets = [*_follow_counters(run), *(f"{a} = {_NEWEST.format(a)}" for a in ages)]
    fingerprints.count_repeated(run, sets)
    # A row that takes nothing from these facts is not written.
    older = " OR ".join(f"st.{age} IS NULL OR st.{age} < %(as_of)s" for age in ages)
    if fingerprints.are_kept(run):
        sets.append(f"fingerprint = {fingerprints.NEW}")
        older += f" OR st.fingerprint IS DISTINCT FROM {fingerprints.NEW}"
    run.execute(
        f"UPDATE catalog_videostatistics st SET {', '.join(sets)} FROM work w "
        f"JOIN {run.tables.videos} f USING (video_id) WHERE st.video_id = w.pk "
        f"AND NOT w.is_new AND ({moved} OR {older})"
    )


_NEWEST = "greatest(st.{}, %(as_of)s)"


def counters_differ(known: Collection[str]) -> str:
    """Whether the facts `f` tell other counters than the statistics `st`."""
    tests = (
        f"f.{name} IS NOT NULL AND f.{name} IS DISTINCT FROM st.{name}"
        for name in COUNTERS
        if name in known
    )
    return " OR ".join(tests) or "false"


def _follow_counters(run: MergeRun) -> list[str]:
    sets = [
        f"{name} = CASE WHEN w.counters_ok THEN coalesce(f.{name}, st.{name}) "
        f"ELSE st.{name} END"
        for name in COUNTERS
        if name in run.known
    ]
    return sets + (_follow_views() if "view_count" in run.known else [])


def _follow_views() -> list[str]:
    """Views before these, and the views a day in between."""
    moved = "w.counters_ok AND f.view_count IS DISTINCT FROM st.view_count"
    return [
        f"previous_view_count = CASE WHEN {moved} AND f.view_count IS NOT NULL "
        "THEN st.view_count ELSE st.previous_view_count END",
        f"previous_as_of = CASE WHEN {moved} AND f.view_count IS NOT NULL "
        "THEN st.counters_as_of ELSE st.previous_as_of END",
        f"daily_views = CASE WHEN {IS_RATED} THEN {DAILY} ELSE st.daily_views END",
        f"previous_daily_views = CASE WHEN {IS_RATED} THEN st.daily_views "
        "ELSE st.previous_daily_views END",
    ]


def judge_shorts(run: MergeRun) -> None:
    """The rule's verdict for new videos and for those whose length moved."""
    # Only lists of claims say what is eligible.
    has_hints = run.value(
        "SELECT EXISTS (SELECT FROM catalog_contentowner "
        "WHERE claims_listed_as_of IS NOT NULL)"
    )
    if run.counts["videos_new"]:
        run.execute(_verdicts("n", "n.pk", has_hints=has_hints) + "FROM new_videos n")
    run.execute(
        _verdicts("v", "v.id", has_hints=has_hints)
        + "FROM catalog_video v WHERE v.id IN (SELECT pk FROM differing) "
        "ON CONFLICT (video_id) DO UPDATE SET verdict = excluded.verdict, "
        "evidence = excluded.evidence, rule_version = excluded.rule_version, "
        "decided_at = now() WHERE catalog_shortsverdict.method = 'rule' "
        "AND (catalog_shortsverdict.verdict, catalog_shortsverdict.evidence) "
        "IS DISTINCT FROM (excluded.verdict, excluded.evidence)"
    )


def _verdicts(row: str, pk: str, *, has_hints: bool) -> str:
    facts = (f"{row}.length_seconds", f"{row}.uploaded_at")
    evidence = short_rules.evidence_sql(*facts)
    if has_hints:
        evidence += f" || {short_rules.hint_sql(*facts, f'{row}.video_id')}"
    return (
        "INSERT INTO catalog_shortsverdict (video_id, verdict, method, evidence, "
        f"rule_version, decided_at) SELECT {pk}, {short_rules.verdict_sql(*facts)}, "
        f"'rule', {evidence}, {short_rules.VERSION}, now() "
    )


def count(run: MergeRun) -> None:
    """Account: videos = new + changed + counters only + unchanged + older."""
    stale = " OR ".join(f"NOT w.{group}_ok" for group in ages_of(run)) or "false"
    state = (
        "CASE WHEN d.pk IS NOT NULL OR m.video_id IS NOT NULL THEN 'changed' "
        f"WHEN c.pk IS NOT NULL THEN 'counters_only' WHEN {stale} THEN 'older' "
        "ELSE 'unchanged' END"
    )
    rows = run.rows(
        f"SELECT {state} AS state, count(*) AS amount FROM work w "
        "LEFT JOIN differing d ON d.pk = w.pk "
        "LEFT JOIN claimed_videos m ON m.video_id = w.video_id "
        "LEFT JOIN counted c ON c.pk = w.pk WHERE NOT w.is_new AND w.in_facts "
        "GROUP BY 1"
    )
    found = Counter(dict(rows)) + fingerprints.states_of_repeated(run, ages_of(run))
    for name in ("changed", "counters_only", "unchanged", "older"):
        run.counts[f"videos_{name}"] = found[name]
    if not run.known:  # an asset report: the videos that its assets moved
        run.counts["videos_changed"] = run.value("SELECT count(*) FROM differing")
