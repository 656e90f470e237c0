"""What a person's answer to the question of an import means for the report."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from catalog.models import ContentOwner
from catalog.querysets import is_scoped
from reports.exceptions import AnswerError
from reports.models import Report
from reports.reading.table import ENCODINGS
from reports.services import falling_counts, other_owners, shrinkage
from reports.services.dating import start_of_day
from reports.services.owners import NEW, NEW_OWNER, TOPIC

YES = (True, "yes", "true")
MAX_NAME = 200

Answer = Callable[[Report, Any], None]


def take_answer(
    report: Report, answer: Any, actor: AbstractBaseUser | None = None
) -> None:
    """Put the answer where the next run finds it; raises AnswerError.

    Who sees a part only gives a file to no owner outside of it. Values and their
    texts are the same: a date and `2026-08-01`, True and `yes`.
    """
    assert report.question is not None, "only a report that asks takes an answer"
    if not isinstance(answer, str | bool | date):
        raise AnswerError
    topic = report.question["topic"]
    if topic == TOPIC and actor is not None and is_scoped(actor):
        _require_seen(str(answer).strip(), actor)
    _ANSWERS[topic](report, answer)


def _require_seen(name: str, actor: AbstractBaseUser) -> None:
    if not ContentOwner.objects.visible_to(actor).filter(name=name).exists():
        raise AnswerError("Choose one of the content owners whose reports you see.")


def _set_encoding(report: Report, answer: Any) -> None:
    if answer not in ENCODINGS:
        raise AnswerError(f"Choose one of {', '.join(ENCODINGS)}.")
    report.encoding = answer


def _set_data_date(report: Report, answer: Any) -> None:
    report.as_of = start_of_day(_day(answer))


def _day(answer: Any) -> date:
    try:
        return answer if isinstance(answer, date) else date.fromisoformat(answer)
    except (TypeError, ValueError) as exc:
        raise AnswerError(
            "Enter the day on which YouTube made this report, as in 2026-08-01."
        ) from exc


def _set_content_owner(report: Report, answer: Any) -> None:
    """A known owner by name, or `new: NAME`, who is created with the import."""
    name = str(answer).strip()
    new = name.removeprefix(NEW).strip() if name.startswith(NEW) else ""
    owner = ContentOwner.objects.filter(name=new or name).first()
    if owner is None and not 0 < len(new) <= MAX_NAME:
        raise AnswerError(
            f"Choose one of the content owners, or write `{NEW} NAME` for a new one."
        )
    report.content_owner = owner
    answers = {k: v for k, v in report.answers.items() if k != NEW_OWNER}
    if owner is None:
        answers[NEW_OWNER] = new
    report.answers = answers | {other_owners.CONFIRMED: True}


def _set_falling_counts(report: Report, answer: Any) -> None:
    if answer in YES:
        report.answers = {**report.answers, falling_counts.TOPIC: True}
    else:
        _set_data_date(report, answer)


def _set_shrinkage(report: Report, answer: Any) -> None:
    if answer not in shrinkage.ANSWERS:
        raise AnswerError(f"Choose one of {', '.join(shrinkage.ANSWERS)}.")
    report.answers = {**report.answers, shrinkage.TOPIC: answer}


_ANSWERS: dict[str, Answer] = {
    "encoding": _set_encoding,
    "data_date": _set_data_date,
    TOPIC: _set_content_owner,
    falling_counts.TOPIC: _set_falling_counts,
    shrinkage.TOPIC: _set_shrinkage,
}
