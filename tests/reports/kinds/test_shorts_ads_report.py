"""Shorts ads reports: evidence for the verdict, never a new video."""

import pytest

from catalog.models import Change, ShortsVerdict, Video
from catalog.services.shorts import decide_shorts
from reports.models import Report
from tests.factories.catalog import UserFactory
from tests.reports.conftest import VIDEO_COLUMNS, video_file, video_row
from tests.reports.files import (
    claim_file,
    claim_row,
    shorts_ads_file,
    shorts_ads_row,
)

pytestmark = pytest.mark.django_db

NAME = (
    "YouTube_Aurora_M_20260701_20260731_monthly_shorts_non_music_ads_video_summary_"
    "v1-1.csv"
)


def verdict(number=1):
    return ShortsVerdict.objects.get(video__video_id=f"video{number:06d}")


def test_paid_short_is_a_short_with_its_evidence(run):
    run(video_file(video_row(1), video_row(2)))

    report = run(shorts_ads_file(), NAME, day=None)

    assert (report.state, report.kind) == (
        Report.State.COMPLETED,
        "shorts_ads_report",
    )
    assert (report.shorts_found, report.videos_changed) == (1, 1)
    short = verdict()
    assert (short.verdict, short.method) == ("yes", "report")
    assert short.evidence == "Listed in the Shorts ads report, data of 2026-07-31."
    assert verdict(2).verdict == "unknown"
    change = Change.objects.get(field="short")
    assert (change.old, change.new) == ("unknown", "yes")
    assert change.observation == report.observation


def test_short_of_others_creates_no_video(run):
    report = run(shorts_ads_file(), NAME)

    assert report.state == Report.State.COMPLETED
    assert not Video.objects.exists()


def test_verdict_of_a_person_wins_over_the_report(run):
    run(video_file())
    decide_shorts(
        videos=Video.objects.all(),
        verdict=ShortsVerdict.Verdict.NO,
        actor=UserFactory(),
    )

    report = run(shorts_ads_file(), NAME)

    assert (report.shorts_found, report.videos_unchanged) == (0, 1)
    assert (verdict().verdict, verdict().method) == ("no", "manual")


def test_verdict_of_the_rule_gives_way_and_does_not_come_back(run):
    header = f"{video_file().decode().splitlines()[0]},video_length"
    run(video_file(f"{video_row()},500", header=header), day=1)
    assert verdict().verdict == "no"

    run(shorts_ads_file(), NAME, day=2)
    run(video_file(f"{video_row()},501", header=header), day=3)

    assert (verdict().verdict, verdict().method) == ("yes", "report")


def test_same_evidence_of_another_month_changes_nothing(run):
    run(video_file())
    run(shorts_ads_file(), NAME, day=2)

    again = shorts_ads_row(engaged_views="10")
    report = run(shorts_ads_file(again), NAME.replace("07", "08"), day=3)

    assert (report.shorts_found, report.videos_unchanged) == (0, 1)
    assert Change.objects.filter(field="short").count() == 1


def test_repeated_rows_collapse(run):
    rows = [shorts_ads_row(), shorts_ads_row(policy="track"), shorts_ads_row(2)]

    report = run(shorts_ads_file(*rows), NAME)

    assert (report.rows_read, report.rows_imported, report.rows_collapsed) == (3, 2, 1)


def test_claim_that_is_eligible_is_a_hint_and_no_proof(run):
    run(video_file())

    run(claim_file(claim_row(is_shorts_eligible="Yes")), "claim_report_Aurora_C.csv")

    assert (verdict().verdict, verdict().method) == ("unknown", "rule")
    assert verdict().evidence.endswith("A claim says that it may be a Short.")


ELIGIBLE = claim_file(claim_row(is_shorts_eligible="Yes"))
TIMED = f"{VIDEO_COLUMNS},video_length"
HINTED = "may be a Short; the picture format is not known. A claim says that it may be "


def timed_file(seconds):
    return video_file(f"{video_row()},{seconds}", header=TIMED)


def test_hint_of_a_claim_survives_a_second_look_by_the_rule(run):
    run(timed_file(40), day=1)
    run(ELIGIBLE, "claim_report_Aurora_C.csv", day=2)

    run(timed_file(45), day=3)

    assert verdict().evidence == f"45 s {HINTED}a Short."


def test_claim_that_came_before_its_video_is_a_hint_as_well(run):
    run(ELIGIBLE, "claim_report_Aurora_C.csv", day=2)

    run(timed_file(40), day=3)

    assert verdict().evidence == f"40 s {HINTED}a Short."


def test_hint_is_no_word_beside_a_clear_no(run):
    run(timed_file(40), day=1)
    run(ELIGIBLE, "claim_report_Aurora_C.csv", day=2)

    run(timed_file(400), day=3)

    assert verdict().evidence == "400 s is longer than 180 s."
