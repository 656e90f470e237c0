"""Plans: items, blocks, price, confirmation."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from catalog.models import Video
from tests.factories.catalog import ConflictFactory, UserFactory, VideoFactory
from tests.factories.youtube_sync import YouTubeAccountFactory
from tests.youtube_sync.services.conftest import ASSET_ID, VIDEO_ID
from youtube_sync.exceptions import (
    AccountNotConnectedError,
    NothingToPushError,
    PlanStateError,
)
from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.services import plan_items, plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan_of(account, publisher):
    def make(**condition):
        return plans.create_plan(
            videos=Video.objects.filter(**condition), account=account, actor=publisher
        )

    return make


def test_plan_holds_observed_and_wanted_of_pending_fields(make_video, plan_of):
    make_video(title="New", tags=["a", "b"])
    make_video("unedited000")

    plan = plan_of()

    item = plan.items.get()
    assert item.target_id == VIDEO_ID
    assert item.fields == {
        "title": {"observed": "Old title", "wanted": "New"},
        "tags": {"observed": ["live", "1999"], "wanted": ["a", "b"]},
    }


def test_video_and_asset_part_are_two_items(make_asset_video, plan_of):
    make_asset_video(title="New", isrc="QZABC2500002")

    plan = plan_of()

    assert set(plan.items.values_list("target_kind", "target_id", "price_units")) == {
        ("video", VIDEO_ID, 50),
        ("asset", ASSET_ID, None),
    }
    assert plan.price_units == 51
    assert plan.unpriced_count == 2


def test_price_counts_one_read_for_fifty(channel, owner, plan_of):
    for n in range(51):
        VideoFactory(channel=channel, title=f"New {n}", snapshot__title="Old")

    assert plan_of().price_units == 51 * 50 + 2


def test_items_are_judged_in_batches(channel, plan_of, monkeypatch):
    monkeypatch.setattr(plan_items, "BATCH", 2)
    for n in range(5):
        VideoFactory(channel=channel, title=f"<{n}>", snapshot__title="Old")

    plan = plan_of()

    assert plan.items.filter(blocked_by="").count() == 0
    assert plan.blocked_count == 5


def test_selection_limits_the_plan(make_video, plan_of):
    make_video("video000001", title="New 100% %s {x}")
    make_video("video000002", title="New")

    plan = plan_of(title__contains="100% %s {x}")

    assert plan.items.get().target_id == "video000001"


def test_plan_of_nothing_is_refused(make_video, plan_of):
    make_video()

    with pytest.raises(NothingToPushError):
        plan_of()

    assert not PushPlan.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"title": "x" * 101}, "YouTube allows 100"),
        ({"title": ""}, "YouTube needs a value here"),
        ({"description": "a < b"}, "does not allow the characters"),
        ({"category_id": ""}, "YouTube needs a value here"),
        ({"publish_at": "2099-01-01T00:00:00Z"}, "schedules private videos only"),
        (
            {"publish_at": "2020-01-01T00:00:00Z", "privacy_status": "private"},
            "has passed",
        ),
    ],
)
def test_value_that_youtube_would_refuse_is_blocked(
    make_video, plan_of, wanted, reason
):
    make_video(**wanted)

    item = plan_of().items.get()

    name = next(iter(wanted))
    assert reason in item.fields[name]["blocked"]
    assert name not in item.wanted


def test_future_schedule_of_a_private_video_is_fine(make_video, plan_of):
    moment = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    make_video(publish_at=moment, privacy_status="private")

    assert plan_of().items.get().state == PlanItem.State.PENDING


def test_open_conflict_blocks_its_field_only(make_video, plan_of):
    video = make_video(title="New", tags=["new"])
    ConflictFactory(video=video, field="title")

    item = plan_of().items.get()

    assert item.state == PlanItem.State.PENDING
    assert item.wanted == {"tags": ["new"]}
    assert item.fields["title"]["blocked"] == plan_items.OPEN_CONFLICT


def test_item_without_a_field_to_send_is_blocked(make_video, plan_of):
    video = make_video(title="New")
    ConflictFactory(video=video, field="title")

    plan = plan_of()

    item = plan.items.get()
    assert item.state == PlanItem.State.BLOCKED
    assert item.blocked_by == plan_items.OPEN_CONFLICT
    assert (plan.blocked_count, plan.price_units) == (1, 0)


def test_video_of_another_owner_is_blocked(make_video, publisher):
    make_video(title="New")

    plan = plans.create_plan(
        videos=Video.objects.all(), account=YouTubeAccountFactory(), actor=publisher
    )

    assert plan.items.get().blocked_by == plan_items.FOREIGN


def test_video_that_youtube_lost_is_blocked(make_video, plan_of):
    video = make_video(title="New")
    video.not_found_at = timezone.now()
    video.save(update_fields=["not_found_at"])

    assert plan_of().items.get().blocked_by == plan_items.GONE


@pytest.mark.parametrize("switch", ["account", "setting"])
def test_without_content_id_the_asset_part_is_blocked(
    settings, account, make_asset_video, plan_of, switch
):
    account.has_content_id = switch != "account"
    settings.CONTENT_ID_ENABLED = switch != "setting"
    make_asset_video(isrc="QZABC2500002")

    assert plan_of().items.get().blocked_by == plan_items.NO_CONTENT_ID


def share(video, other):
    other.primary_asset = video.primary_asset
    other.save(update_fields=["primary_asset"])


def test_videos_that_disagree_about_their_asset_block_it(make_asset_video, plan_of):
    first = make_asset_video(isrc="QZABC2500002")
    second = make_asset_video("video000002", "A000000000000002", isrc="QZABC2500003")
    share(first, second)

    item = plan_of(pk=first.pk).items.get()

    assert item.blocked_by == plan_items.DISAGREEMENT
    assert item.fields["isrc"]["wanted"] == "QZABC2500002"


def test_videos_that_agree_about_their_asset_make_one_item(make_asset_video, plan_of):
    first = make_asset_video(isrc="QZABC2500002")
    second = make_asset_video("video000002", "A000000000000002", isrc="QZABC2500002")
    share(first, second)

    item = plan_of().items.get()

    assert item.state == PlanItem.State.PENDING
    assert item.wanted == {"isrc": "QZABC2500002"}


def test_video_without_an_asset_has_no_asset_item(make_video, plan_of):
    make_video(title="New", isrc="QZABC2500002")

    assert plan_of().items.get().target_kind == PlanItem.TargetKind.VIDEO


# Confirmation


def test_confirming_needs_the_permission(make_video, plan_of):
    make_video(title="New")
    plan = plan_of()

    with pytest.raises(PermissionDenied):
        plans.confirm_plan(plan=plan, actor=UserFactory())

    plan.refresh_from_db()
    assert plan.state == PushPlan.State.DRAFT


def test_confirming_twice_is_refused(make_video, plan_of, publisher):
    make_video(title="New")
    plan = plan_of()
    plans.confirm_plan(plan=plan, actor=publisher)

    with pytest.raises(PlanStateError):
        plans.confirm_plan(plan=plan, actor=publisher)


def test_confirming_needs_a_connected_account(account, make_video, plan_of, publisher):
    make_video(title="New")
    plan = plan_of()
    account.state = "needs_reconnect"
    account.save(update_fields=["state"])

    with pytest.raises(AccountNotConnectedError):
        plans.confirm_plan(plan=plan, actor=publisher)


def test_confirming_what_is_blocked_is_refused(make_video, plan_of, publisher):
    make_video(title="")

    with pytest.raises(NothingToPushError):
        plans.confirm_plan(plan=plan_of(), actor=publisher)


def test_finished_plan_cannot_be_cancelled(make_video, plan_of, publisher):
    make_video(title="New")
    plan = plan_of()
    plans.cancel_plan(plan=plan, actor=publisher)

    with pytest.raises(PlanStateError):
        plans.cancel_plan(plan=plan, actor=publisher)


def test_one_plan_is_made_for_each_owner(account, make_video, publisher):
    make_video(title="New")
    other = YouTubeAccountFactory()
    VideoFactory(
        channel__content_owner=other.content_owner, title="New", snapshot__title="Old"
    )

    made = plans.create_plans(videos=Video.objects.all(), actor=publisher)

    assert {plan.account for plan in made} == {account, other}
    assert all(plan.item_count == 1 and not plan.blocked_count for plan in made)


def test_owner_without_an_account_is_named(make_video, publisher):
    make_video(title="New")

    with pytest.raises(AccountNotConnectedError, match="Labels"):
        plans.create_plans(videos=Video.objects.all(), actor=publisher)


def test_planning_asks_a_fixed_number_of_queries(
    channel, plan_of, django_assert_num_queries
):
    for n in range(20):
        VideoFactory(channel=channel, title=f"New {n}", snapshot__title="Old")

    with django_assert_num_queries(10):
        plan_of()
