"""Asset conflict reports: other owners, countries, and conflicts that end."""

import pytest

from catalog.models import Asset, OwnershipConflict
from reports.models import Report
from tests.reports.files import conflict_file, conflict_row

pytestmark = pytest.mark.django_db

NAME = "asset_conflict_report_Aurora_v1-3.csv"


def test_conflict_lands_with_owner_countries_and_views(run):
    report = run(conflict_file(), NAME)

    assert (report.state, report.ownership_new) == (Report.State.COMPLETED, 1)
    conflict = OwnershipConflict.objects.get()
    assert conflict.asset.asset_id == "A000000000000001"
    assert (conflict.other_owner, conflict.countries) == (
        "Echo Publishing",
        ["DE", "AT"],
    )
    assert (conflict.other_title, conflict.other_artist) == ("Their song 1", ["Ben"])
    assert (conflict.daily_views, conflict.lifetime_views) == (700, 5000)
    assert f"{conflict.other_owned_since:%Y-%m-%d}" == "2026-01-05"
    assert conflict.observation == report.observation


def test_asset_with_two_other_owners_has_two_conflicts(run):
    other = conflict_row(1, conflicting_owner="Harbour Rights")

    report = run(conflict_file(conflict_row(1), conflict_row(1), other), NAME)

    assert (report.rows_read, report.rows_imported, report.rows_collapsed) == (3, 1, 2)
    assert (report.ownership_new, Asset.objects.count()) == (2, 1)


def test_figures_that_move_are_no_change(run):
    run(conflict_file(), NAME, day=1)

    report = run(conflict_file(conflict_row(approx_daily_views="900")), NAME, day=2)

    assert (report.ownership_changed, report.ownership_ended) == (0, 0)
    assert OwnershipConflict.objects.get().daily_views == 900


def test_unlisted_conflict_ends_and_comes_back(run):
    rows = [conflict_row(n) for n in range(1, 30)]
    run(conflict_file(*rows), NAME, day=1)

    report = run(conflict_file(*rows[1:]), NAME, day=2)

    ended = OwnershipConflict.objects.exclude(ended_at=None).get()
    assert (report.ownership_ended, ended.asset.asset_id) == (1, "A000000000000001")

    report = run(conflict_file(*rows), NAME, day=3)

    ended.refresh_from_db()
    assert (ended.ended_at, report.ownership_changed) == (None, 1)
    assert ended.observation == report.observation


def test_older_conflict_report_changes_nothing(run):
    run(conflict_file(conflict_row(1)), NAME, day=5)
    older = conflict_file(
        conflict_row(1, conflicting_country_code="US"), conflict_row(2)
    )

    report = run(older, NAME, day=4)

    assert (report.ownership_new, report.ownership_changed) == (0, 0)
    assert OwnershipConflict.objects.get().countries == ["DE", "AT"]


def test_older_conflict_report_leaves_an_ended_conflict_ended(run):
    run(conflict_file(conflict_row(1), conflict_row(2)), NAME, day=1)
    run(conflict_file(conflict_row(1)), NAME, day=5)

    report = run(conflict_file(conflict_row(1), conflict_row(2)), NAME, day=3)

    ended = OwnershipConflict.objects.exclude(ended_at=None).get()
    assert (f"{ended.ended_at:%Y-%m-%d}", report.ownership_changed) == ("2026-06-05", 0)


def test_conflict_report_fills_blanks_of_assets_only(run):
    Asset.objects.all().delete()
    run(conflict_file(), NAME, day=1)

    run(conflict_file(conflict_row(custom_id="other")), NAME, day=2)

    asset = Asset.objects.get()
    assert (asset.custom_id, asset.active_claim_count) == ("C-1", 3)


def test_many_missing_conflicts_ask_first(run):
    rows = [conflict_row(n) for n in range(1, 41)]
    run(conflict_file(*rows), NAME, day=1)

    report = run(conflict_file(*rows[:30]), NAME, day=2)

    assert report.state == Report.State.NEEDS_ANSWER
    assert report.question["topic"] == "shrinkage"
    assert "10 of the 40 conflicts of ownership" in report.question["message"]
    assert not OwnershipConflict.objects.exclude(ended_at=None).exists()
