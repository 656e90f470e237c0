"""What reports about claims and conflicts of ownership change."""

import pytest

from catalog.models import Highlight, HighlightCount
from tests.reports.conftest import video_file, video_row
from tests.reports.files import claim_file, claim_row, conflict_file, conflict_row

pytestmark = pytest.mark.django_db

CLAIMS = "claim_report_Aurora_C_v1-2.csv"
CONFLICTS = "asset_conflict_report_Aurora_v1-3.csv"


def found(kind):
    rows = Highlight.objects.filter(kind=kind).select_related("video", "asset")
    return [
        (h.video and h.video.video_id, h.asset.asset_id, h.old, h.new) for h in rows
    ]


def test_video_whose_last_claim_ended_lost_its_ownership(run):
    run(video_file(video_row(1), video_row(2)), day=1)
    run(claim_file(claim_row(1), claim_row(2)), CLAIMS, day=2)

    run(claim_file(claim_row(1)), CLAIMS, day=3)

    assert found("ownership_lost") == [
        ("video000002", "A000000000000002", "claim2", "ended")
    ]


def test_video_with_another_claim_keeps_its_ownership(run):
    run(video_file(video_row(1)), day=1)
    other = claim_row(1, claim_id="other", asset_id="A000000000000009")
    run(claim_file(claim_row(1), other), CLAIMS, day=2)

    run(claim_file(claim_row(1)), CLAIMS, day=3)

    assert found("ownership_lost") == []


def test_first_list_of_conflicts_is_counted_and_not_named(run):
    run(conflict_file(conflict_row(1), conflict_row(2)), CONFLICTS, day=1)

    assert not Highlight.objects.exists()
    assert HighlightCount.objects.get(kind="ownership_conflict").count == 2


def test_new_conflict_of_ownership_is_named_with_the_other_owner(run):
    run(conflict_file(conflict_row(1)), CONFLICTS, day=1)
    harbour = conflict_row(2, conflicting_owner="Harbour Rights")

    run(conflict_file(conflict_row(1), harbour), CONFLICTS, day=2)

    assert found("ownership_conflict") == [
        (None, "A000000000000002", None, "Harbour Rights")
    ]
