"""A person chooses from which asset a video's music metadata comes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.exceptions import ForeignAssetError
from catalog.models import Asset, Change, Claim, Conflict
from catalog.services import change_sets
from catalog.services.assets import choose_primary_asset
from catalog.services.reverts import restore_value, revert_change_set
from tests.catalog.observations.conftest import (  # noqa: F401 - fixtures
    claim,
    edit,
    editor,
    observe,
    owner,
    video,
)

pytestmark = pytest.mark.django_db
FIRST = {"asset_id": "A1", "isrc": "QZABC2500001", "label": "One"}
SECOND = {"asset_id": "A2", "isrc": "QZABC2500002", "label": "Two"}


@pytest.fixture
def two_assets(observe):  # noqa: F811
    observe(assets=[FIRST, SECOND])
    observe(title="Song", claims=[claim("A1"), claim("A2")])


def choose(asset_id, actor):
    asset = asset_id and Asset.objects.get(asset_id=asset_id)
    return choose_primary_asset(video=video(), asset=asset, actor=actor)


def test_choice_brings_the_metadata_of_the_asset(two_assets, editor):  # noqa: F811
    choose("A2", editor)

    assert video().primary_asset.asset_id == "A2"
    assert (video().isrc, video().label) == ("QZABC2500002", "Two")
    assert video().pending_fields == []
    change = Change.objects.get(field="primary_asset")
    assert (change.old, change.new) == ("A1", "A2")


def test_choice_survives_the_next_report(two_assets, editor, observe):  # noqa: F811
    choose("A2", editor)

    observe(title="Song", claims=[claim("A1"), claim("A2"), claim("A0")], day=1)

    assert video().primary_asset.asset_id == "A2"


def test_choice_keeps_an_edit_as_a_conflict(two_assets, editor, edit):  # noqa: F811
    edit(label="Ours")

    choose("A2", editor)

    assert video().label == "Ours"
    assert Conflict.objects.open().get().theirs == "Two"


def test_choice_makes_edits_of_the_asset_part_pending(observe, edit, editor):  # noqa: F811
    observe(title="Song", claims=[claim("A1", is_partner_provided=False)])
    edit(isrc="QZABC2500003")

    choose("A1", editor)

    assert video().pending_fields == ["isrc"]


def test_choice_waits_for_a_merge_without_holding_the_video(
    two_assets,
    editor,  # noqa: F811
):
    with CaptureQueriesContext(connection) as queries:
        choose("A2", editor)

    locks = [
        q["sql"] for q in queries if "FOR UPDATE" in q["sql"] or "_lock(" in q["sql"]
    ]
    assert "hashtext('merge')" in locks[0]


def test_choice_can_be_given_back_to_the_rule(two_assets, editor):  # noqa: F811
    choose("A2", editor)

    choose(None, editor)

    assert video().primary_asset.asset_id == "A1"
    assert video().label == "One"
    assert not video().is_asset_chosen


def test_choosing_the_same_again_changes_nothing(two_assets, editor):  # noqa: F811
    choose("A2", editor)

    assert choose("A2", editor) is None


def test_asset_without_a_claim_is_refused(two_assets, editor, observe):  # noqa: F811
    observe(assets=[{"asset_id": "A9"}])

    with pytest.raises(ForeignAssetError):
        choose("A9", editor)


def test_choice_is_taken_back_from_its_line_in_the_history(
    two_assets,
    editor,  # noqa: F811
):
    done = choose("A2", editor)

    restored = restore_value(change=done.changes.get(), actor=editor)

    assert video().primary_asset.asset_id == "A1"
    assert (restored.kind, restored.reverts) == ("revert", done)


def test_asset_that_lost_its_claim_is_not_restored(
    two_assets,
    editor,  # noqa: F811
):
    done = choose("A2", editor)
    Claim.objects.filter(asset__asset_id="A1").update(status="inactive")

    with pytest.raises(ForeignAssetError):
        restore_value(change=done.changes.get(), actor=editor)


def test_choice_is_reverted_with_a_preview(two_assets, editor):  # noqa: F811
    done = choose("A2", editor)

    revert = revert_change_set(change_set=done, actor=editor)

    planned = revert.changes.get()
    assert (planned.outcome, planned.old, planned.new) == ("planned", "A2", "A1")
    assert video().primary_asset.asset_id == "A2"
    change_sets.request_apply(revert, actor=editor)
    assert (video().primary_asset.asset_id, video().label) == ("A1", "One")
    assert (revert.state, revert.applied_count) == ("applied", 1)


def test_revert_of_a_choice_is_reverted(two_assets, editor):  # noqa: F811
    done = choose("A2", editor)
    revert = revert_change_set(change_set=done, actor=editor)
    change_sets.request_apply(revert, actor=editor)

    again = revert_change_set(change_set=revert, actor=editor)
    change_sets.request_apply(again, actor=editor)

    assert video().primary_asset.asset_id == "A2"
    history = video().changes.history().filter(field="primary_asset")
    assert [(c.old, c.new) for c in history] == [
        ("A1", "A2"),
        ("A2", "A1"),
        ("A1", "A2"),
    ]


def test_choice_that_somebody_made_since_is_not_reverted(
    two_assets,
    editor,  # noqa: F811
    observe,  # noqa: F811
):
    done = choose("A2", editor)
    observe(assets=[{"asset_id": "A3"}])
    observe(title="Song", claims=[claim(a) for a in ("A1", "A2", "A3")], day=1)
    choose("A3", editor)

    revert = revert_change_set(change_set=done, actor=editor)

    assert (revert.expected_count, revert.skipped_count) == (0, 1)


def test_revert_skips_a_choice_made_after_its_preview(
    two_assets,
    editor,  # noqa: F811
):
    revert = revert_change_set(change_set=choose("A2", editor), actor=editor)
    choose("A1", editor)
    choose(None, editor)
    version = video().row_version

    change_sets.request_apply(revert, actor=editor)

    assert (revert.applied_count, revert.skipped_count) == (0, 1)
    assert revert.changes.get().outcome == "moved"
    assert video().row_version == version


def test_revert_to_an_asset_without_a_claim_is_not_valid(
    two_assets,
    editor,  # noqa: F811
):
    done = choose("A2", editor)
    Claim.objects.filter(asset__asset_id="A1").update(status="inactive")

    revert = revert_change_set(change_set=done, actor=editor)

    row = revert.changes.get()
    assert row.outcome == "invalid"
    assert "no longer claims the video" in row.findings[0]["text"]


def test_first_choice_is_reverted_to_the_rule(two_assets, editor):  # noqa: F811
    first = choose("A2", editor)
    first.changes.update(old=None)

    revert = revert_change_set(change_set=first, actor=editor)
    change_sets.request_apply(revert, actor=editor)

    assert (video().primary_asset.asset_id, video().is_asset_chosen) == ("A1", False)
    assert revert.changes.get().new == "A1"


def test_revert_gives_back_to_the_rule_what_the_rule_had_chosen(
    two_assets,
    editor,  # noqa: F811
):
    done = choose("A2", editor)
    revert = revert_change_set(change_set=done, actor=editor)

    change_sets.request_apply(revert, actor=editor)

    assert (video().primary_asset.asset_id, video().is_asset_chosen) == ("A1", False)
    again = revert_change_set(change_set=revert, actor=editor)
    change_sets.request_apply(again, actor=editor)
    assert (video().primary_asset.asset_id, video().is_asset_chosen) == ("A2", True)


def test_revert_keeps_a_choice_of_a_person_a_choice(two_assets, editor):  # noqa: F811
    choose("A1", editor)
    done = choose("A2", editor)
    revert = revert_change_set(change_set=done, actor=editor)

    change_sets.request_apply(revert, actor=editor)

    assert (video().primary_asset.asset_id, video().is_asset_chosen) == ("A1", True)


def test_line_in_the_history_gives_back_to_the_rule(two_assets, editor):  # noqa: F811
    done = choose("A2", editor)

    restore_value(change=done.changes.get(), actor=editor)

    assert (video().primary_asset.asset_id, video().is_asset_chosen) == ("A1", False)
