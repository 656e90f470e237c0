"""Pages of plans and of the records of pushes."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Video
from tests.factories.youtube_sync import (
    MetadataSyncFactory,
    PlanItemFactory,
    PushPlanFactory,
    QuotaEntryFactory,
)
from youtube_sync.models import PushPlan
from youtube_sync.services import plans, push

pytestmark = pytest.mark.django_db

BASE = "/admin/youtube_sync/"


@pytest.fixture
def plan(account, publisher, make_video):
    make_video(title="New title")
    return plans.create_plan(
        videos=Video.objects.all(), account=account, actor=publisher
    )


def page_of(plan, view="change"):
    return f"{BASE}pushplan/{plan.pk}/{view}/"


def test_page_of_a_draft_offers_the_push(publishing, plan):
    page = publishing.get(page_of(plan)).content.decode()

    assert page_of(plan, "confirm") in page
    assert f'data-live-group="plan.{plan.pk}"' in page
    assert "New title" in page


def test_confirming_queues_the_push(publishing, plan):
    publishing.post(page_of(plan, "confirm"))

    plan.refresh_from_db()
    assert plan.state == PushPlan.State.CONFIRMED
    assert plan.confirmed_by is not None
    assert ProcrastinateJob.objects.filter(args__plan_pk=plan.pk).count() == 1


def test_confirming_twice_pushes_once(publishing, plan):
    publishing.post(page_of(plan, "confirm"))

    reply = publishing.post(page_of(plan, "confirm"), follow=True)

    assert "does not" not in reply.content.decode()
    assert ProcrastinateJob.objects.filter(args__plan_pk=plan.pk).count() == 1


def test_cancelling_ends_the_plan(publishing, plan):
    publishing.post(page_of(plan, "cancel"))

    plan.refresh_from_db()
    assert plan.state == PushPlan.State.CANCELLED


def test_cancelled_plan_says_what_was_not_sent(publishing, plan):
    draft = publishing.get(page_of(plan, "change")).content.decode()

    publishing.post(page_of(plan, "cancel"))

    page = publishing.get(page_of(plan, "change")).content.decode()
    assert "Left unsent" not in draft
    assert "Cancelled by " in page
    assert "<dt>Left unsent</dt><dd>1</dd>" in page
    assert '<span class="ytm-badge ">Not sent</span>' in page
    assert "Will be done" not in page
    items = publishing.get(f"{BASE}planitem/?plan={plan.pk}").content.decode()
    assert ">Not sent</span>" in items


@pytest.mark.parametrize("view", ["confirm", "cancel"])
def test_viewers_neither_confirm_nor_cancel(viewer, plan, view):
    assert viewer.post(page_of(plan, view)).status_code == 403

    plan.refresh_from_db()
    assert plan.state == PushPlan.State.DRAFT
    assert page_of(plan, view) not in viewer.get(page_of(plan)).content.decode()


@pytest.mark.parametrize(
    "model", ["pushplan", "planitem", "metadatasync", "quotaentry"]
)
def test_lists_of_records_ask_a_bounded_number_of_queries(
    viewer, django_assert_max_num_queries, model
):
    for item in PlanItemFactory.create_batch(5):
        MetadataSyncFactory(item=item)
        QuotaEntryFactory(plan=item.plan)

    with django_assert_max_num_queries(20):
        reply = viewer.get(f"{BASE}{model}/")

    assert reply.status_code == 200


@pytest.mark.parametrize("model", ["planitem", "metadatasync", "quotaentry"])
def test_records_are_read_only(publishing, model):
    entry = QuotaEntryFactory()
    sync = MetadataSyncFactory()
    pk = {"planitem": sync.item_id, "metadatasync": sync.pk, "quotaentry": entry.pk}

    page = publishing.get(f"{BASE}{model}/{pk[model]}/change/").content.decode()

    assert 'name="_save"' not in page
    assert publishing.get(f"{BASE}{model}/add/").status_code == 403


def test_record_shows_values_in_their_own_script(viewer):
    before = {"snippet": {"title": "Işık 音楽"}}
    fields = {"title": {"before": "Işık 音楽", "sent": "<b>Işık</b>"}}
    sync = MetadataSyncFactory(fields=fields, pre_image=before)

    page = viewer.get(f"{BASE}metadatasync/{sync.pk}/change/").content.decode()

    assert "Işık 音楽" in page
    assert "&lt;b&gt;Işık&lt;/b&gt;" in page


def test_lists_filter_by_plan(viewer):
    item, other = PlanItemFactory.create_batch(2)

    page = viewer.get(f"{BASE}planitem/?plan={item.plan_id}").content.decode()

    assert item.target_id in page
    assert other.target_id not in page


def test_records_need_their_view_permission(browser):
    plan = PushPlanFactory()
    outsider = browser()
    outsider_user = outsider.get("/admin/").wsgi_request.user
    outsider_user.user_permissions.clear()

    assert outsider.get(page_of(plan)).status_code == 403
    assert outsider.get(f"{BASE}metadatasync/").status_code == 403


# On its way: choose, pause, go on, try again


@pytest.fixture
def draft(account, publisher, make_video):
    make_video(title="New title")
    return plans.create_plan(
        videos=Video.objects.all(), account=account, actor=publisher
    )


def press(browser, plan, button, **data):
    address = f"/admin/youtube_sync/pushplan/{plan.pk}/{button}/"
    return browser.post(address, data, follow=True)


def test_item_is_left_out_and_taken_in_on_the_page(publishing, draft):
    item = draft.items.get()

    left_out = press(publishing, draft, "items", leave_out=item.pk).content.decode()
    taken_in = press(publishing, draft, "items", take_in=item.pk).content.decode()

    assert "Send after all" in left_out
    assert "Leave out" in taken_in
    assert draft.items.get().state == "pending"


def test_plan_is_paused_and_goes_on(publishing, draft):
    press(publishing, draft, "confirm")

    paused = press(publishing, draft, "pause").content.decode()
    again = press(publishing, draft, "resume").content.decode()

    assert "Paused by" in paused
    assert "The plan goes on." in again
    draft.refresh_from_db()
    assert draft.state == "confirmed"


def test_failed_items_are_tried_again_from_the_page(publishing, draft, publisher):
    draft.items.update(state="failed")
    draft.failed_count, draft.confirmed_by = 1, publisher
    draft.state = "failed"
    draft.save()

    page = press(publishing, draft, "retry").content.decode()

    assert "What failed is sent once more." in page
    assert draft.items.get().state == "pending"


def test_plan_with_conflicts_alone_offers_no_other_try(publishing, draft, publisher):
    draft.items.update(state="conflict")
    PushPlan.objects.filter(pk=draft.pk).update(
        state="failed", failed_count=1, confirmed_by=publisher
    )

    page = publishing.get(page_of(draft)).content.decode()

    assert "Try failed items again" not in page


def test_page_promises_no_end_while_the_account_is_not_connected(
    viewer, draft, account
):
    account.state = "needs_reconnect"
    account.save(update_fields=["state"])

    page = viewer.get(page_of(draft)).content.decode()

    assert "Nothing can be sent" in page
    assert "Will be done" not in page


def test_page_says_when_the_plan_will_be_done(viewer, draft):
    page = viewer.get(f"/admin/youtube_sync/pushplan/{draft.pk}/change/")

    assert "Will be done" in page.content.decode()


def test_page_sums_up_what_blocks_items(viewer, draft):
    draft.items.update(state="blocked", blocked_by="An open conflict must be decided.")

    page = viewer.get(f"/admin/youtube_sync/pushplan/{draft.pk}/change/")

    assert "1 × An open conflict must be decided." in page.content.decode()


def test_plan_is_put_first_and_back_on_the_page(publishing, draft):
    first = press(publishing, draft, "first").content.decode()
    back = press(publishing, draft, "back").content.decode()

    assert "Wait for its turn" in first
    assert "before other plans, also with the units kept for single videos" in first
    assert "Put before other plans" in back


BUTTONS = ["pause", "resume", "retry", "items", "first", "back"]


@pytest.mark.parametrize("button", BUTTONS)
def test_viewer_moves_no_plan(viewer, draft, button):
    assert press(viewer, draft, button).status_code == 403


# Undo on YouTube


@pytest.fixture
def pushed(draft, publisher, connected):
    plans.confirm_plan(plan=draft, actor=publisher)
    push.run_plan(plan=PushPlan.objects.get(pk=draft.pk), clients=connected)
    return draft


def test_pushed_plan_offers_its_undo_with_the_price(publishing, pushed):
    page = publishing.get(page_of(pushed)).content.decode()

    assert "1 value can go back to what stood there before, for 51 units." in page


def test_undo_drafts_the_way_back(publishing, pushed):
    page = press(publishing, pushed, "undo").content.decode()
    again = press(publishing, pushed, "undo").content.decode()

    back = PushPlan.objects.get(pk=pushed.pk + 1)
    assert (back.reverts, back.state) == (pushed, "draft")
    assert back.items.get().fields["title"]["wanted"] == "Old title"
    assert "Look at the way back, then confirm it." in page
    assert "This plan takes back" in page
    assert "Old title" in again
    assert pushed.reverted_by.count() == 1


def test_viewer_takes_nothing_back(viewer, pushed):
    assert press(viewer, pushed, "undo").status_code == 403
    assert "Undo on YouTube" not in viewer.get(page_of(pushed)).content.decode()
