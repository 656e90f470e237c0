"""When much that a report used to list is missing from it, a person decides.

A report that somebody filtered looks like one from which things vanished.
"""

from django.conf import settings

from reports.exceptions import QuestionError
from reports.models import Report

TOPIC = "shrinkage"
GONE, PART = "gone", "part"
ANSWERS = {
    PART: "The file shows only a part of the catalogue",
    GONE: "The file is complete: these are gone",
}
# Of fewer, one more or less is a large share.
LEAST_LISTED = 20


def are_gone(report: Report, *, noun: str, listed: int, missing: int) -> bool:
    """Say whether what this report no longer lists is to be taken for gone.

    `listed` is how many there were before, `missing` how many of these are not
    in the report now, `noun` what they are, such as "videos". A share above
    MAX_SHRINKAGE_PERCENT raises QuestionError unless a person answered.
    """
    if not missing:
        return False
    if answer := report.answers.get(TOPIC):
        return bool(answer == GONE)
    limit = settings.MAX_SHRINKAGE_PERCENT
    if listed >= LEAST_LISTED and missing * 100 > listed * limit:
        raise QuestionError(
            f"{missing:,} of the {listed:,} {noun} that were listed before are not in "
            f"this file ({100 * missing / listed:.0f} %). Does it show only a part of "
            "the catalogue, or are they gone?",
            topic=TOPIC,
            options=ANSWERS,
            listed=listed,
            missing=missing,
        )
    return True
