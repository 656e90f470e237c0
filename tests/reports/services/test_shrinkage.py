"""Whether what a report no longer lists is taken for gone."""

import pytest

from reports.exceptions import AnswerError, QuestionError
from reports.models import Report
from reports.services.requests import answer_question
from reports.services.shrinkage import are_gone

pytestmark = pytest.mark.unit


def judge(listed, missing, **answers):
    report = Report(name="report.csv", answers=answers)
    return are_gone(report, noun="videos", listed=listed, missing=missing)


@pytest.mark.parametrize(
    ("listed", "missing"),
    [(1000, 1), (1000, 50), (20, 1), (19, 2), (3, 2), (1, 1)],
)
def test_few_that_are_missing_are_gone(listed, missing):
    assert judge(listed, missing) is True


@pytest.mark.parametrize("answers", [{}, {"shrinkage": "gone"}])
def test_nothing_missing_is_nothing_gone(answers):
    assert judge(1000, 0, **answers) is False


@pytest.mark.parametrize(
    ("listed", "missing"),
    [(1000, 51), (20, 2), (20, 20), (19, 3), (4, 3), (19, 19), (2, 2)],
)
def test_many_that_are_missing_ask(listed, missing):
    with pytest.raises(QuestionError) as caught:
        judge(listed, missing)

    assert caught.value.details["topic"] == "shrinkage"
    assert caught.value.details["missing"] == missing
    assert f"{missing:,} of the {listed:,} videos" in caught.value.message


def test_limit_is_a_setting(settings):
    settings.MAX_SHRINKAGE_PERCENT = 50

    assert judge(1000, 500) is True


def test_everything_asks_whatever_the_limit_is(settings):
    settings.MAX_SHRINKAGE_PERCENT = 100

    with pytest.raises(QuestionError):
        judge(1000, 1000)


def test_one_that_is_missing_is_asked_about_as_one(settings):
    settings.MAX_SHRINKAGE_PERCENT = 1

    with pytest.raises(
        QuestionError, match="1 of the 20 .* is not in .* or is it gone"
    ):
        judge(20, 1)


@pytest.mark.parametrize(("answer", "gone"), [("gone", True), ("part", False)])
def test_answer_decides(answer, gone):
    assert judge(1000, 900, shrinkage=answer) is gone


def test_answer_is_one_of_the_two():
    report = Report(state="needs_answer", question={"topic": "shrinkage"})

    with pytest.raises(AnswerError, match="Choose one of"):
        answer_question(report=report, answer="perhaps", actor=None)
