"""Verdicts about Shorts in change sets: planned, previewed and reverted as fields are.

They stand in a table of their own under the name `short`. A person's verdict wins:
what rules and probes planned skips the videos that somebody decided meanwhile.
"""

from typing import Any

from psycopg.types.json import Jsonb

from catalog import short_rules
from catalog.changesets.sources import PlanSource, planner
from catalog.models import ChangeSet

SHORT = "short"
RULES, PROBE, REVERT = "short_rules", "short_probe", "revert"
NAMES = (RULES, PROBE, REVERT)  # of sources that may plan verdicts
VALUE = (
    "(SELECT to_jsonb(sv.verdict) FROM catalog_shortsverdict sv "
    "WHERE sv.video_id = v.id)"
)
_RULED = ("v.length_seconds", "v.uploaded_at")
_VERDICT = short_rules.verdict_sql(*_RULED)
_EVIDENCE = (
    f"{short_rules.evidence_sql(*_RULED)} || "
    f"{short_rules.hint_sql(*_RULED, 'v.video_id')}"
)


@planner(RULES)
def _rules(change_set: ChangeSet) -> PlanSource:
    """The verdicts of the rules that would flip, wherever only rules spoke."""
    return PlanSource(
        sql=(
            f"SELECT v.id AS pk, '{SHORT}' AS field, to_jsonb({_VERDICT}) AS new "
            "FROM catalog_shortsverdict s JOIN catalog_video v ON v.id = s.video_id "
            f"WHERE s.method = 'rule' AND s.verdict <> {_VERDICT}"
        ),
        params=(),
        fields=(SHORT,),
        is_checked=True,
    )


@planner(PROBE)
def answers_source(change_set: ChangeSet) -> PlanSource:
    """What YouTube answered, for videos of which only rules spoke."""
    answers: dict[str, Any] = change_set.plan_source["answers"]
    return PlanSource(
        sql=(
            f"SELECT s.video_id AS pk, '{SHORT}' AS field, a.value AS new "
            "FROM jsonb_each(%s) a JOIN catalog_shortsverdict s "
            "ON s.video_id = a.key::bigint WHERE s.method = 'rule'"
        ),
        params=(Jsonb(answers),),
        fields=(SHORT,),
        is_checked=True,
    )


def may_plan(change_set: ChangeSet) -> bool:
    """Whether rows of a change set may be verdicts; edits of fields never are."""
    return change_set.plan_source.get("name") in NAMES


_PLANNED = (
    "c.change_set_id = %(change_set)s AND c.outcome = 'planned' "
    "AND c.video_id > %(after)s AND c.video_id <= %(upto)s AND c.field = 'short'"
)
_FROM_MACHINE = f"cs.plan_source ->> 'name' IN ('{RULES}', '{PROBE}')"
LOCK = (
    "SELECT count(*) FROM (SELECT video_id FROM catalog_shortsverdict WHERE video_id "
    f"IN (SELECT c.video_id FROM catalog_change c WHERE {_PLANNED}) "
    "ORDER BY video_id FOR UPDATE) locked"
)
MARK_MOVED = (
    "UPDATE catalog_change c SET outcome = 'moved' FROM catalog_shortsverdict s, "
    f"catalog_changeset cs WHERE {_PLANNED} AND s.video_id = c.video_id "
    "AND cs.id = c.change_set_id AND (to_jsonb(s.verdict) IS DISTINCT FROM c.old "
    f"OR {_FROM_MACHINE} AND s.method <> 'rule')"
)
# A revert brings back what stood there before a person decided, with its reasons.
# A verdict of "unknown" is nobody's: the rules go on from there.
_KIND = (
    "CASE WHEN w.is_restored THEN 'restored' "
    f"WHEN w.source = '{PROBE}' THEN 'probe' "
    f"WHEN w.source = '{RULES}' OR w.new = 'unknown' THEN 'rule' ELSE 'manual' END"
)
_BEFORE = (
    "jsonb_build_object('verdict', s.verdict, 'method', s.method, 'evidence', "
    "s.evidence, 'rule_version', s.rule_version, 'decided_at', s.decided_at)"
)
WRITE = f"""
    UPDATE catalog_shortsverdict s SET verdict = n.new,
        method = CASE n.kind WHEN 'restored' THEN s.overruled ->> 'method'
            ELSE n.kind END,
        evidence = CASE n.kind WHEN 'restored' THEN s.overruled ->> 'evidence'
            WHEN 'probe' THEN 'youtube.com/shorts answered on '
                || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
                || CASE n.new WHEN 'yes' THEN ' that it is a Short.'
                ELSE ' that it is none.' END
            WHEN 'rule' THEN n.evidence ELSE 'Decided by a person.' END,
        rule_version = CASE n.kind
            WHEN 'restored' THEN (s.overruled ->> 'rule_version')::int
            WHEN 'rule' THEN {short_rules.VERSION} ELSE s.rule_version END,
        decided_by_id = CASE n.kind WHEN 'manual' THEN n.actor_id END,
        decided_at = CASE n.kind
            WHEN 'restored' THEN (s.overruled ->> 'decided_at')::timestamptz
            ELSE now() END,
        overruled = CASE WHEN n.kind <> 'manual' THEN NULL
            WHEN s.method <> 'manual' THEN {_BEFORE} ELSE s.overruled END
    FROM (SELECT w.*, {_KIND} AS kind FROM (
        SELECT c.video_id, c.new #>> '{{}}' AS new, cs.actor_id,
            cs.plan_source ->> 'name' AS source, {_EVIDENCE} AS evidence,
            cs.kind = 'revert' AND o.method = 'manual'
                AND coalesce(o.overruled -> 'verdict' = c.new, false) AS is_restored
        FROM catalog_change c JOIN catalog_changeset cs ON cs.id = c.change_set_id
        JOIN catalog_video v ON v.id = c.video_id
        JOIN catalog_shortsverdict o ON o.video_id = c.video_id
        WHERE {_PLANNED}) w) n
    WHERE s.video_id = n.video_id
"""
BEFORE = _BEFORE
