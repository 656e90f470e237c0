"""When much that a report used to list is missing from it, a person decides.

A report that somebody filtered looks like one from which things vanished.
"""

from django.conf import settings

from reports.exceptions import QuestionError
from reports.models import Report
from reports.wording import verb

TOPIC = "shrinkage"
GONE, PART = "gone", "part"
ANSWERS = {
    PART: "The file shows only a part of the catalogue",
    GONE: "The file is complete: these are gone",
}
# Of fewer, one more or less is a large share: so many have to be missing, or all.
FEW_LISTED, LEAST_MISSING = 20, 3


def are_gone(report: Report, *, noun: str, listed: int, missing: int) -> bool:
    """Say whether what this report no longer lists is to be taken for gone.

    `listed` is how many there were before, `missing` how many of these are not
    in the report now, `noun` what they are, such as "videos". What is too much
    (see `is_much`) raises QuestionError unless a person answered.
    """
    if not missing:
        return False
    if answer := report.answers.get(TOPIC):
        return bool(answer == GONE)
    if is_much(listed, missing):
        are = verb(missing, "is", "are")
        raise QuestionError(
            f"{missing:,} of the {listed:,} {noun} that were listed before {are} not "
            f"in this file ({100 * missing / listed:.0f} %). Does it show only a part "
            f"of the catalogue, or {are} {verb(missing, 'it', 'they')} gone?",
            topic=TOPIC,
            options=ANSWERS,
            listed=listed,
            missing=missing,
        )
    return True


def is_much(listed: int, missing: int) -> bool:
    """More than MAX_SHRINKAGE_PERCENT; of few also at least three, or all of them.

    The only one of its kind may go without a question.
    """
    is_share = missing * 100 > listed * settings.MAX_SHRINKAGE_PERCENT
    is_all = missing >= listed > 1
    is_enough = listed >= FEW_LISTED or missing >= LEAST_MISSING
    return is_all or (is_share and is_enough)
