"""What becomes of an edit without a preview when some of its values are not valid."""

from django.db import connection
from django.db.models import TextChoices

from catalog.changesets import plan
from catalog.exceptions import BatchRejectedError
from catalog.models import Change, ChangeSet

NAMED = 100  # findings that an error tells


class BatchPolicy(TextChoices):
    """How much a value that is not valid takes with it."""

    REJECT_ALL = "reject_all", "Everything"
    REJECT_FAILED = "reject_failed", "The other fields of its video"
    IGNORE_FAILED = "ignore_failed", "Nothing"


def carry_out(change_set: ChangeSet) -> None:
    """Judge a plan that nobody looks at; raises BatchRejectedError."""
    policy = change_set.plan_source.get("policy")
    if not policy or not change_set.invalid_count:
        return
    if policy == BatchPolicy.REJECT_ALL:
        raise BatchRejectedError(rows=_findings(change_set))
    if policy == BatchPolicy.REJECT_FAILED:
        with connection.cursor() as cursor:
            cursor.execute(_LEAVE_OUT, {"change_set": change_set.pk})
        plan.recount(change_set)


_LEAVE_OUT = """
    UPDATE catalog_change c SET outcome = 'excluded'
    WHERE c.change_set_id = %(change_set)s AND c.outcome = 'planned'
        AND EXISTS (SELECT FROM catalog_change f WHERE f.video_id = c.video_id
            AND f.change_set_id = %(change_set)s AND f.outcome = 'invalid')
"""


def _findings(change_set: ChangeSet) -> list[dict[str, object]]:
    invalid = change_set.changes.filter(outcome=Change.Outcome.INVALID)
    return [
        {
            "video_id": change.video.video_id if change.video else "",
            "refused": {change.field: texts_of(change)},
        }
        for change in invalid.select_related("video").order_by("pk")[:NAMED]
    ]


def texts_of(change: Change) -> list[str]:
    """What the rules say about a planned value."""
    return [finding["text"] for finding in change.findings or ()]
