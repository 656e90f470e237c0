"""Rows of plans that nobody wanted go after their time, applied ones never."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.changesets import selection
from catalog.models import Change, ChangeSet, SelectedVideo
from catalog.services import change_sets, purging
from tests.factories.catalog import UserFactory, VideoFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    """A planned edit of three videos."""
    made = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=UserFactory(),
        plan_source={"name": "values", "values": {"notes": "New"}},
    )
    selection.select_ticked(made, [video.pk for video in VideoFactory.create_batch(3)])
    change_sets.request_plan(made)
    return made


def make_older(change_set, days):
    then = timezone.now() - timedelta(days=days)
    ChangeSet.objects.filter(pk=change_set.pk).update(updated_at=then)


def test_old_discarded_plan_loses_its_rows_and_stays_in_the_list(plan, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 2)
    change_sets.discard(plan)
    make_older(plan, days=31)

    removed = purging.purge_plans()

    assert removed == 6
    assert not Change.objects.exists()
    assert not SelectedVideo.objects.exists()
    assert ChangeSet.objects.get().state == ChangeSet.State.DISCARDED


def test_old_expired_plan_loses_its_rows(plan):
    ChangeSet.objects.update(state=ChangeSet.State.EXPIRED)
    make_older(plan, days=31)

    purging.purge_plans()

    assert not Change.objects.exists()


def test_plan_that_was_given_up_lately_keeps_its_rows(plan):
    change_sets.discard(plan)
    make_older(plan, days=29)

    assert purging.purge_plans() == 0


@pytest.mark.parametrize("state", ["applied", "cancelled", "failed", "planned"])
def test_other_change_sets_keep_their_rows(plan, state):
    ChangeSet.objects.update(state=state)
    make_older(plan, days=400)

    assert purging.purge_plans() == 0
    assert Change.objects.count() == 3


def test_applied_row_is_never_removed(plan):
    change_sets.discard(plan)
    Change.objects.filter(pk=plan.changes.first().pk).update(outcome="applied")
    make_older(plan, days=31)

    purging.purge_plans()

    assert Change.objects.get().outcome == "applied"
