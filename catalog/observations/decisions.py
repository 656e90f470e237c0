"""Field by field: follow, adopt, agree, keep the pin, or open a conflict.

The table of rules is section 3 of the architecture. `base` is the snapshot
before this observation, `ours` the wanted value, `theirs` the new fact.
"""

from catalog import field_sql, fields
from catalog.choices import Source
from catalog.observations.run import MergeRun
from catalog.observations.staging import OBSERVED_ONLY
from catalog.observations.videos import POLICY

TOOK = "('followed', 'adopted')"


def _theirs(name: str) -> str:
    """The new fact; asset-part fields of a video with an asset are the asset's.

    Whether it has one is what these facts say: a video that loses its asset follows
    its row at once, so that the same facts again find nothing to do.
    """
    if fields.PUSHABLE[name].is_asset_part:
        asset = "CASE WHEN av.pk IS NULL THEN v.primary_asset_id ELSE av.asset_pk END"
        return f"CASE WHEN {asset} IS NULL THEN f.{name} ELSE av.{name} END"
    return f"f.{name}"


def _is_fresh(name: str) -> str:
    """Facts older than the group's age still fill what was never observed."""
    group = fields.PUSHABLE[name].group
    if fields.PUSHABLE[name].is_asset_part:
        return f"(av.{name} IS NOT NULL OR w.asset_ok OR s.{name} IS NULL)"
    return f"(w.{group}_ok OR s.{name} IS NULL)"


def _relevant(run: MergeRun) -> list[str]:
    """Fields of which this observation may say anything new."""
    has_assets = run.value("SELECT EXISTS (SELECT FROM asset_values)")
    return [
        name
        for name, field in fields.PUSHABLE.items()
        if name in run.known or (field.is_asset_part and has_assets)
    ]


def observed_only(run: MergeRun) -> dict[str, str]:
    """Columns without a wanted value, with the age that guards each."""
    return {
        name: f"w.{group}_ok"
        for group, columns in OBSERVED_ONLY.items()
        for name in columns
        if name in run.known
    }


_JOINS = (
    "FROM work w JOIN catalog_video v ON v.id = w.pk "
    "JOIN catalog_videosnapshot s ON s.video_id = w.pk "
    "LEFT JOIN {videos} f ON f.video_id = w.video_id "
    "LEFT JOIN asset_values av ON av.pk = w.pk "
)


def joins(run: MergeRun) -> str:
    return _JOINS.format(videos=run.tables.videos)


def moves_channel(run: MergeRun) -> str:
    # A hashed list: a look-up for each row would cost a second per million rows.
    if "channel_id" not in run.known:
        return "false"
    return (
        "(w.snippet_ok AND f.channel_id IS NOT NULL AND (v.channel_id, f.channel_id) "
        "NOT IN (SELECT id, channel_id FROM catalog_channel))"
    )


def moves_asset() -> str:
    return (
        "(av.pk IS NOT NULL AND (v.primary_asset_id, v.has_several_assets) "
        "IS DISTINCT FROM (av.asset_pk, av.has_several))"
    )


def _is_not_stale(run: MergeRun, name: str) -> str:
    """A read soon after our own push may still show what the push replaced."""
    if not run.is_api_read:
        return ""
    return (
        " AND NOT EXISTS (SELECT FROM catalog_pushedvalue p WHERE p.video_id = w.pk "
        f"AND p.field = '{name}' AND p.pushed_at > now() - %(grace)s::interval "
        f"AND p.before = to_jsonb({_theirs(name)}))"
    )


def lock_differing(run: MergeRun) -> None:
    """`differing`: known videos with a new fact, locked in key order."""
    tests = [
        f"({_theirs(n)} IS NOT NULL AND {_theirs(n)} IS DISTINCT FROM s.{n} "
        f"AND {_is_fresh(n)}{_is_not_stale(run, n)})"
        for n in _relevant(run)
    ]
    tests += [
        f"(f.{n} IS NOT NULL AND f.{n} IS DISTINCT FROM v.{n} AND {ok})"
        for n, ok in observed_only(run).items()
    ]
    run.make_table(
        "differing",
        f"SELECT w.pk {joins(run)} WHERE NOT w.is_new "
        f"AND ({' OR '.join([*tests, moves_channel(run), moves_asset()])} "
        # A new choice makes edits of the asset part pending, whatever they are.
        "OR w.video_id = ANY(%(reconsidered)s))",
    )
    run.execute(
        "SELECT count(*) FROM (SELECT id FROM catalog_video WHERE id IN "
        "(SELECT pk FROM differing) ORDER BY id FOR UPDATE) locked"
    )


def decide(run: MergeRun) -> None:
    """`decisions`: one row per video and field whose observed value moves."""
    rows = ", ".join(
        f"('{n}', to_jsonb(s.{n}), to_jsonb(v.{n}), to_jsonb({_theirs(n)}), "
        f"to_jsonb({field_sql.SQL_EMPTY[fields.PUSHABLE[n].shape]}::"
        f"{fields.PUSHABLE[n].shape}), coalesce(av.sent, f.sent) -> '{n}', "
        f"{_is_fresh(n)})"
        for n in _relevant(run)
    )
    if not rows:
        rows = "(''::text, NULL::jsonb, NULL::jsonb, NULL::jsonb, NULL::jsonb, "
        rows += "NULL::jsonb, false)"
    just_pushed = (
        "(%(is_api_read)s AND coalesce(p.pushed_at > now() - %(grace)s::interval, "
        "false))"
    )
    outcome = (
        "CASE WHEN x.theirs = x.ours THEN 'agreed' "
        "WHEN c.base = x.theirs THEN 'returned' "
        # Edited while the push was under way: the edit stays pending.
        f"WHEN x.theirs = x.sent AND {_stays_pending()} THEN 'sent' "
        "WHEN v.pinned_fields @> ARRAY[x.field] THEN 'pinned' "
        # Neither what was pushed nor what that replaced: somebody else wrote it.
        f"WHEN {just_pushed} THEN 'conflict' "
        "WHEN x.base IS NULL AND x.ours IS NOT DISTINCT FROM x.nothing THEN 'adopted' "
        "WHEN x.ours IS NOT DISTINCT FROM x.base THEN 'followed' ELSE 'conflict' END"
    )
    run.make_table(
        "decisions",
        "SELECT w.pk, x.field, x.base, x.ours, x.theirs, x.sent, "
        f"{outcome} AS outcome {joins(run)} "
        "JOIN differing d ON d.pk = w.pk "
        f"CROSS JOIN LATERAL (VALUES {rows}) "
        "x (field, base, ours, theirs, nothing, sent, is_fresh) "
        "LEFT JOIN catalog_conflict c ON c.video_id = w.pk AND c.field = x.field "
        "AND c.state = 'open' "
        "LEFT JOIN catalog_pushedvalue p ON p.video_id = w.pk AND p.field = x.field "
        "WHERE x.is_fresh AND x.theirs IS NOT NULL "
        "AND x.theirs IS DISTINCT FROM x.base "
        # A read soon after our own push may still show what the push replaced.
        f"AND NOT ({just_pushed} AND p.before IS NOT DISTINCT FROM x.theirs)",
    )
    run.counts["conflicts"] = _count(run, "conflict")
    run.counts["pinned_kept"] = _count(run, "pinned")
    run.counts["agreed"] = _count(run, "agreed")


def _stays_pending() -> str:
    """Whether a field that was just sent keeps another wanted value.

    An asset feeds other videos too: those that nobody edited follow. A value that a
    person took back meanwhile equals the base as well; the history tells them apart.
    """
    names = ", ".join(f"'{name}'" for name in fields.ASSET_PART)
    return (
        f"(x.field NOT IN ({names}) "
        "OR x.ours IS DISTINCT FROM coalesce(x.base, x.nothing) "
        "OR (SELECT h.change_set_id IS NOT NULL AND h.old = x.sent "
        "FROM catalog_change h WHERE h.video_id = w.pk AND h.field = x.field "
        "AND h.outcome = 'applied' ORDER BY h.id DESC LIMIT 1))"
    )


def _count(run: MergeRun, outcome: str) -> int:
    return int(run.value(f"SELECT count(*) FROM decisions WHERE outcome = '{outcome}'"))


def write_values(run: MergeRun) -> None:
    """Snapshots take every fact, wanted values follow where nobody edited."""
    run.execute(
        "UPDATE catalog_videosnapshot s SET "
        f"{field_sql.assignments(fields.PUSHABLE, 'n.facts', 's')} "
        "FROM (SELECT pk, jsonb_object_agg(field, theirs) AS facts FROM decisions "
        "GROUP BY pk) n WHERE s.video_id = n.pk"
    )
    _write_observed_only(run)
    run.make_table(
        "wanted",
        "SELECT d.pk, coalesce(jsonb_object_agg(x.field, x.theirs) "
        f"FILTER (WHERE x.outcome IN {TOOK}), '{{}}') AS new "
        "FROM differing d LEFT JOIN decisions x ON x.pk = d.pk "
        "LEFT JOIN asset_values av ON av.pk = d.pk "
        "WHERE x.pk IS NOT NULL OR av.pk IS NOT NULL GROUP BY d.pk",
    )
    run.execute(field_sql.write_wanted("wanted"))
    _remember_pushed(run)


def _remember_pushed(run: MergeRun) -> None:
    """Keep what a push replaced: a later read may still show it for a while.

    A read before a push that shows the wanted value confirms an earlier push whose
    reply was lost.
    """
    confirmed = {
        Source.PUSH_REPLY: "outcome = 'agreed' OR sent IS NOT NULL",
        Source.PUSH_READ: "outcome = 'agreed'",
    }.get(Source(run.observation.source))
    if confirmed:
        run.execute(
            "INSERT INTO catalog_pushedvalue (video_id, field, before, pushed_at) "
            f"SELECT pk, field, base, now() FROM decisions WHERE {confirmed} "
            "ON CONFLICT (video_id, field) DO UPDATE SET before = excluded.before, "
            "pushed_at = excluded.pushed_at"
        )


def _write_observed_only(run: MergeRun) -> None:
    columns = observed_only(run)
    sets = [
        f"{n} = CASE WHEN {ok} THEN coalesce(f.{n}, v.{n}) ELSE v.{n} END"
        for n, ok in columns.items()
    ]
    if "effective_policy" in columns:
        policy = POLICY.format("f.effective_policy")
        sets.append(
            "policy = CASE WHEN w.claims_ok AND f.effective_policy IS NOT NULL "
            f"THEN {policy} ELSE v.policy END"
        )
    if "channel_id" in run.known:
        sets.append(
            "channel_id = CASE WHEN w.snippet_ok THEN coalesce((SELECT c.id "
            "FROM catalog_channel c WHERE c.channel_id = f.channel_id), v.channel_id) "
            "ELSE v.channel_id END"
        )
    if sets:
        run.execute(
            f"UPDATE catalog_video v SET {', '.join(sets)} FROM differing d "
            "JOIN work w ON w.pk = d.pk "
            f"JOIN {run.tables.videos} f ON f.video_id = w.video_id "
            "WHERE v.id = d.pk"
        )
    run.execute(
        "UPDATE catalog_video v SET primary_asset_id = av.asset_pk, "
        "has_several_assets = av.has_several FROM asset_values av "
        f"WHERE v.id = av.pk AND {moves_asset()}"
    )


def write_conflicts(run: MergeRun) -> None:
    """Open, update and close conflicts; at most one open per video and field."""
    run.execute(
        "INSERT INTO catalog_conflict (video_id, field, base, ours, theirs, state, "
        "observation_id, opened_at) SELECT pk, field, base, ours, theirs, 'open', "
        "%(observation)s, now() FROM decisions WHERE outcome = 'conflict' "
        "ON CONFLICT (video_id, field) WHERE state = 'open' DO UPDATE SET "
        "theirs = excluded.theirs, ours = excluded.ours, "
        "observation_id = excluded.observation_id"
    )
    # Not decided by it, but a person must see what YouTube shows now.
    run.execute(
        "UPDATE catalog_conflict c SET theirs = d.theirs, "
        "observation_id = %(observation)s FROM decisions d WHERE c.video_id = d.pk "
        "AND c.field = d.field AND c.state = 'open' "
        "AND d.outcome IN ('sent', 'pinned')"
    )
    run.execute(
        "UPDATE catalog_conflict c SET closed_at = now(), theirs = d.theirs, "
        "state = d.outcome FROM decisions d WHERE c.video_id = d.pk "
        "AND c.field = d.field AND c.state = 'open' "
        "AND d.outcome IN ('agreed', 'returned')"
    )


def write_changes(run: MergeRun) -> None:
    """Log what moved: each followed field, and first values as one row."""
    run.execute(
        "INSERT INTO catalog_change (video_id, observation_id, field, old, new, "
        "row_version, outcome, created_at) SELECT d.pk, %(observation)s, d.field, "
        "d.base, d.theirs, v.row_version, 'applied', now() FROM decisions d "
        "JOIN catalog_video v ON v.id = d.pk WHERE d.outcome = 'followed' "
        "UNION ALL SELECT d.pk, %(observation)s, 'first_observed', NULL, "
        "jsonb_object_agg(d.field, d.theirs), max(v.row_version), 'applied', now() "
        "FROM decisions d JOIN catalog_video v ON v.id = d.pk "
        "WHERE d.outcome = 'adopted' GROUP BY d.pk"
    )
