"""What reports prove about Shorts: being paid as one is a proof, a flag is a hint."""

from catalog.observations.run import MergeRun
from catalog.short_rules import HINT


def take_proofs(run: MergeRun) -> None:
    """Videos that a Shorts report lists are Shorts, unless a person said no.

    Videos that are not in the catalogue are not created. The history of each video
    shows the verdict as the field `short`.
    """
    if run.value(f"SELECT to_regclass('{run.tables.shorts}') IS NULL"):
        return
    known = run.make_table(
        "proofs",
        "SELECT v.id AS pk, v.row_version, s.verdict AS before, 'Listed in the ' || "
        "f.proof || to_char(%(as_of)s AT TIME ZONE 'America/Los_Angeles', "
        "'\", data of \"YYYY-MM-DD.') AS evidence, "
        "s.method IN ('rule', 'report') AND s.verdict <> 'yes' AS is_news "
        f"FROM {run.tables.shorts} f JOIN catalog_video v USING (video_id) "
        "JOIN catalog_shortsverdict s ON s.video_id = v.id",
    )
    run.execute(
        "INSERT INTO catalog_change (video_id, observation_id, field, old, new, "
        "row_version, outcome, created_at) SELECT pk, %(observation)s, 'short', "
        "to_jsonb(before), to_jsonb('yes'::text), row_version, 'applied', now() "
        "FROM proofs WHERE is_news"
    )
    run.counts["shorts_found"] = run.execute(
        "UPDATE catalog_shortsverdict s SET verdict = 'yes', method = 'report', "
        "evidence = p.evidence, decided_at = now() FROM proofs p "
        "WHERE s.video_id = p.pk AND p.is_news"
    )
    run.counts["videos_changed"] = run.counts["shorts_found"]
    run.counts["videos_unchanged"] = known - run.counts["shorts_found"]


def weigh_claims(run: MergeRun) -> None:
    """Note beside the rule's "may be" what these claims say about being eligible."""
    if run.roll is None or run.roll.of != "claims":
        return
    run.execute(
        f"UPDATE catalog_shortsverdict s SET evidence = s.evidence || '{HINT}' "
        "FROM catalog_video v WHERE v.id = s.video_id AND s.method = 'rule' "
        f"AND s.verdict = 'unknown' AND strpos(s.evidence, '{HINT}') = 0 "
        "AND v.video_id IN (SELECT f.video_id FROM claim_facts f "
        "WHERE f.is_shorts_eligible)"
    )
