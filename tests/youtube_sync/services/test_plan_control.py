"""Plans on their way: left out, paused, resumed, tried again, giving way."""

import pytest
from django.core.exceptions import PermissionDenied

from catalog.models import Video
from tests.factories.catalog import UserFactory
from tests.youtube_sync.services.conftest import run, written
from youtube_sync.exceptions import (
    AccountNotConnectedError,
    NothingToPushError,
    PlanStateError,
)
from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.services import plan_control, plans, push

pytestmark = pytest.mark.django_db
State, ItemState = PushPlan.State, PlanItem.State


@pytest.fixture
def draft(account, publisher, make_video):
    for number in range(3):
        make_video(f"video{number:06}", title=f"New {number}")
    return plans.create_plan(
        videos=Video.objects.all(), account=account, actor=publisher
    )


def confirmed(plan, publisher):
    return plans.confirm_plan(plan=plan, actor=publisher)


def test_item_that_is_left_out_is_not_sent(draft, publisher, connected, sandbox):
    item = draft.items.first()

    plan = plan_control.leave_out(plan=draft, item_keys=[item.pk], actor=publisher)

    assert (plan.left_out_count, plan.price_units) == (1, 101)
    plan = run(confirmed(plan, publisher), connected)
    assert plan.state == State.COMPLETED
    assert len(written(sandbox)) == 2
    assert plan.items.get(pk=item.pk).state == ItemState.LEFT_OUT


def test_item_is_taken_in_again_as_it_was(draft, publisher):
    blocked, sendable = draft.items.all()[:2]
    PlanItem.objects.filter(pk=blocked.pk).update(state="blocked", blocked_by="Why")
    keys = [blocked.pk, sendable.pk]
    plan_control.leave_out(plan=draft, item_keys=keys, actor=publisher)

    plan = plan_control.take_in(plan=draft, item_keys=keys, actor=publisher)

    states = dict(plan.items.filter(pk__in=keys).values_list("pk", "state"))
    assert states == {blocked.pk: "blocked", sendable.pk: "pending"}
    assert (plan.left_out_count, plan.blocked_count) == (0, 1)


def test_plan_with_everything_left_out_cannot_be_confirmed(draft, publisher):
    keys = draft.items.values_list("pk", flat=True)
    plan_control.leave_out(plan=draft, item_keys=keys, actor=publisher)

    with pytest.raises(NothingToPushError):
        confirmed(draft, publisher)


def test_paused_plan_sends_nothing_until_it_goes_on(
    draft, publisher, connected, sandbox
):
    plan = confirmed(draft, publisher)
    plan_control.pause_plan(plan=plan, actor=publisher)

    paused = run(plan, connected)

    assert (paused.state, written(sandbox)) == (State.PAUSED, [])
    plan_control.resume_plan(plan=plan, actor=publisher)
    assert run(plan, connected).state == State.COMPLETED


def test_pause_takes_hold_between_two_items(
    draft, publisher, connected, sandbox, monkeypatch
):
    plan = confirmed(draft, publisher)
    turn_of = PushPlan.objects.turn_of
    looks = []

    def pause_at_the_second_look(running, moment):
        looks.append(running)
        if len(looks) == 2:
            plan_control.pause_plan(plan=plan, actor=publisher)
        return turn_of(running, moment)

    monkeypatch.setattr(PushPlan.objects, "turn_of", pause_at_the_second_look)

    plan = run(plan, connected)

    assert (plan.state, plan.done_count) == (State.PAUSED, 1)
    assert len(written(sandbox)) == 1


def test_plan_of_a_dead_account_is_not_resumed(draft, publisher, account):
    plan_control.pause_plan(plan=confirmed(draft, publisher), actor=publisher)
    account.state = "needs_reconnect"
    account.save(update_fields=["state"])

    with pytest.raises(AccountNotConnectedError):
        plan_control.resume_plan(plan=draft, actor=publisher)


def test_failed_items_are_sent_once_more(draft, publisher, connected, sandbox):
    sandbox.add_fault("forbidden", "videos.update")
    plan = run(confirmed(draft, publisher), connected)
    assert (plan.done_count, plan.failed_count) == (2, 1)

    plan_control.retry_failed(plan=plan, actor=publisher)
    plan = run(plan, connected)

    assert (plan.state, plan.done_count, plan.failed_count) == (State.COMPLETED, 3, 0)
    assert len(written(sandbox)) == 4


def test_retry_needs_something_that_failed(draft, publisher, connected):
    PushPlan.objects.filter(pk=draft.pk).update(
        state="completed_with_errors", confirmed_by=publisher
    )

    with pytest.raises(NothingToPushError):
        plan_control.retry_failed(plan=draft, actor=publisher)


@pytest.mark.parametrize(
    "act",
    [
        plan_control.pause_plan,
        plan_control.resume_plan,
        plan_control.retry_failed,
    ],
)
def test_draft_is_neither_paused_nor_tried_again(draft, publisher, act):
    with pytest.raises(PlanStateError):
        act(plan=draft, actor=publisher)


def test_plan_is_for_publishers(draft):
    with pytest.raises(PermissionDenied):
        plan_control.leave_out(plan=draft, item_keys=[], actor=UserFactory())


def test_plan_gives_way_to_an_urgent_one(
    draft, account, publisher, make_video, connected, sandbox
):
    bulk = confirmed(draft, publisher)
    video = make_video("urgent00000", title="Urgent")
    urgent = plans.create_plan(
        videos=Video.objects.filter(pk=video.pk),
        account=account,
        actor=publisher,
        is_urgent=True,
    )
    confirmed(urgent, publisher)

    bulk = run(bulk, connected)

    assert (bulk.state, bulk.message) == (State.CONFIRMED, push.GIVES_WAY)
    assert written(sandbox) == []
    assert run(urgent, connected).state == State.COMPLETED
    assert run(bulk, connected).state == State.COMPLETED


def test_plan_put_first_goes_before_one_that_runs(
    draft, account, publisher, make_video, connected
):
    running = confirmed(draft, publisher)
    video = make_video("later000000", title="Later")
    later = plans.create_plan(
        videos=Video.objects.filter(pk=video.pk), account=account, actor=publisher
    )
    confirmed(later, publisher)

    plan_control.put_first(plan=later, actor=publisher)

    assert run(running, connected).message == push.GIVES_WAY
    assert run(later, connected).state == State.COMPLETED
    assert run(running, connected).state == State.COMPLETED


def test_plan_put_first_need_not_wait_for_quota(draft, publisher):
    PushPlan.objects.filter(pk=draft.pk).update(
        state="waiting_quota", confirmed_by=publisher, resume_at="2100-01-01T00:00Z"
    )

    plan = plan_control.put_first(plan=draft, actor=publisher)

    assert (plan.state, plan.resume_at) == (State.CONFIRMED, None)


@pytest.mark.parametrize("is_urgent", [True, False])
def test_running_plan_starts_anew_in_its_new_place(
    draft, publisher, connected, sandbox, is_urgent, monkeypatch
):
    PushPlan.objects.filter(pk=draft.pk).update(is_urgent=not is_urgent)
    plan = confirmed(PushPlan.objects.get(pk=draft.pk), publisher)
    turn_of = PushPlan.objects.turn_of
    move = plan_control.put_first if is_urgent else plan_control.put_back

    def move_at_the_first_look(running, moment):
        move(plan=plan, actor=publisher)
        return turn_of(running, moment)

    monkeypatch.setattr(PushPlan.objects, "turn_of", move_at_the_first_look)

    stopped = run(plan, connected)

    assert (stopped.state, written(sandbox)) == (State.CONFIRMED, [])
    assert stopped.is_urgent == is_urgent
    assert run(stopped, connected).state == State.COMPLETED


def test_ended_plan_is_not_put_first(draft, publisher):
    PushPlan.objects.filter(pk=draft.pk).update(state="cancelled")

    with pytest.raises(PlanStateError):
        plan_control.put_first(plan=draft, actor=publisher)
