"""The page of a change set: preview, decisions, results; and the list of them."""

import pytest
from django.urls import reverse

from catalog.admin.selection import matching_videos
from catalog.changesets import selection
from catalog.exceptions import SelectionError
from catalog.models import ChangeSet, Video
from catalog.services import change_sets
from catalog.services.videos import edit_videos, update_video
from catalog.templatetags.differences import mark
from reports.models import Report
from tests.factories.catalog import (
    ChangeFactory,
    ChangeSetFactory,
    ChannelFactory,
    ObservationFactory,
    UserFactory,
    VideoFactory,
)
from tests.factories.reports import ReportFactory
from tests.factories.youtube_sync import YouTubeAccountFactory
from youtube_sync.models import RefreshRead, RefreshRun

pytestmark = pytest.mark.django_db
State = ChangeSet.State


@pytest.fixture
def plan(editor):
    """A planned edit of the labels of three videos, one of which has it already."""
    videos = [VideoFactory(label=label) for label in ("One", "Two", "New")]
    change_set = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor.person,
        plan_source={"name": "values", "values": {"label": "New"}},
        reason="label copy",
    )
    selection.select_ticked(change_set, [video.pk for video in videos])
    change_sets.request_plan(change_set)
    return change_set


def address(change_set, button="change"):
    name = f"admin:catalog_changeset_{button}"
    return reverse(name, args=[change_set.pk])


def page_of(browser, change_set, **query):
    reply = browser.get(address(change_set), query)
    assert reply.status_code == 200, reply
    return reply


def press(browser, change_set, button, **data):
    return browser.post(address(change_set, button), data, follow=True)


def said(reply):
    return " ".join(str(message) for message in reply.context["messages"])


def labels():
    return list(Video.objects.order_by("pk").values_list("label", flat=True))


def test_preview_shows_counts_and_marks_differences(editor, plan):
    page = page_of(editor, plan)

    text = page.content.decode()
    assert mark("del", "One") in text
    assert mark("ins", "New") in text
    assert "Nothing is changed yet" in text
    assert "label copy" in text
    assert "Apply 2 changes" in text
    assert [tab.count for tab in page.context["tabs"]] == [2, 2, 2]
    assert page.context["change_set"].unchanged_count == 1


def test_plan_is_applied_by_a_button(editor, plan):
    reply = press(editor, plan, "apply")

    assert "Changes applied: 2." in said(reply)
    assert labels() == ["New", "New", "New"]


def test_plan_is_discarded_by_a_button(editor, plan):
    reply = press(editor, plan, "discard")

    assert "Nothing was changed" in said(reply)
    assert labels() == ["One", "Two", "New"]
    assert not reply.context["may_apply"]


def test_ticked_rows_are_left_out_and_taken_in(editor, plan):
    row = plan.changes.order_by("pk").first()

    reply = press(editor, plan, "rows", row=row.pk, do="leave_out")
    assert "Rows left out: 1." in said(reply)
    press(editor, plan, "apply")

    assert labels() == ["One", "New", "New"]


def test_row_is_taken_in_again(editor, plan):
    row = plan.changes.order_by("pk").first()
    press(editor, plan, "rows", row=row.pk, do="leave_out")

    press(editor, plan, "rows", row=row.pk, do="take_in")

    assert plan.changes.filter(outcome="planned").count() == 2


def test_rows_of_other_change_sets_are_not_touched(editor, plan):
    other = ChangeFactory(outcome="planned")

    press(editor, plan, "rows", row=other.pk, do="leave_out")

    other.refresh_from_db()
    assert other.outcome == "planned"


def test_big_plan_is_left_to_a_worker(editor, plan, monkeypatch):
    monkeypatch.setattr(change_sets, "AT_ONCE", 1)

    reply = press(editor, plan, "apply")

    plan.refresh_from_db()
    assert plan.state == State.APPLYING
    assert plan.job_id is not None
    assert "being applied" in said(reply)
    assert reply.context["may_cancel"]


def test_running_one_is_cancelled_by_a_button(editor, plan, monkeypatch):
    monkeypatch.setattr(change_sets, "AT_ONCE", 1)
    press(editor, plan, "apply")

    reply = press(editor, plan, "cancel")

    plan.refresh_from_db()
    assert plan.cancel_requested_at is not None
    assert reply.context["is_stopping"]


def test_failed_one_is_tried_again_by_a_button(editor):
    failed = ChangeSetFactory(state=State.FAILED, error="Lost the connection")

    page = page_of(editor, failed)
    assert "Lost the connection" in page.content.decode()
    press(editor, failed, "resume")

    failed.refresh_from_db()
    assert (failed.state, failed.error) == (State.PLANNING, "")
    assert failed.job_id is not None


def test_applied_one_is_reverted_after_a_preview(editor, plan):
    press(editor, plan, "apply")

    reply = press(editor, plan, "revert", reason="wrong list")

    revert = reply.context["change_set"]
    assert (revert.kind, revert.reverts, revert.reason) == (
        "revert",
        plan,
        "wrong list",
    )
    press(editor, revert, "apply")
    assert labels() == ["One", "Two", "New"]


def test_ticked_rows_are_reverted(editor, plan):
    press(editor, plan, "apply")
    row = plan.changes.order_by("pk").first()

    reply = press(editor, plan, "rows", row=row.pk, do="revert")
    press(editor, reply.context["change_set"], "apply")

    assert labels() == ["One", "New", "New"]


def test_revert_of_no_row_is_explained(editor, plan):
    press(editor, plan, "apply")

    reply = press(editor, plan, "rows", do="revert")

    assert "Tick between" in said(reply)


def test_fields_to_revert_are_those_that_changed_as_the_form_has_them(editor):
    VideoFactory(label="One", isrc="QZABC2500001")
    edit = edit_videos(
        videos=Video.objects.all(),
        values={"notes": "n", "label": "New", "isrc": "", "title": "T"},
        actor=editor.person,
    )
    edit.changes.filter(field="isrc").update(outcome="moved")

    page = editor.get(reverse("admin:catalog_changeset_change", args=[edit.pk]))

    assert [name for name, _ in page.context["fields"]] == ["title", "label", "notes"]


def test_chosen_fields_are_reverted(editor):
    VideoFactory(label="One", album="First")
    edit = edit_videos(
        videos=Video.objects.all(),
        values={"label": "New", "album": "New"},
        actor=editor.person,
    )

    reply = press(editor, edit, "revert", field=["album"])
    press(editor, reply.context["change_set"], "apply")

    assert Video.objects.values_list("label", "album").get() == ("New", "First")


def test_results_are_narrowed_by_outcome_and_video(editor, plan):
    first = Video.objects.order_by("pk").first()
    update_video(video=first, values={"label": "Later"}, actor=UserFactory())
    press(editor, plan, "apply")

    moved = page_of(editor, plan, outcome="moved").context["rows"]
    found = page_of(editor, plan, video=first.video_id).context["rows"]

    assert [row.change.video for row in moved] == [first]
    assert [row.change.outcome for row in found] == ["moved"]


def test_channel_is_found_by_its_own_id(editor, viewer):
    wanted, other = ChannelFactory(), ChannelFactory()
    change_set = ChangeSetFactory(state="applied")
    for channel in (wanted, other):
        ChangeFactory(
            change_set=change_set, video=None, channel=channel, field="partner_name"
        )

    reply = page_of(viewer, change_set, video=wanted.channel_id)

    assert [row.change.channel for row in reply.context["rows"]] == [wanted]
    assert '<label for="find-video">Channel ID</label>' in reply.content.decode()


def test_pages_of_rows(editor):
    VideoFactory.create_batch(60, label="Old")
    edit = edit_videos(
        videos=Video.objects.all(), values={"label": "New"}, actor=editor.person
    )

    first, second = (page_of(editor, edit, page=n).context["rows"] for n in (1, 2))

    assert (len(first), len(second)) == (50, 10)


def test_page_asks_few_questions(editor, django_assert_max_num_queries):
    VideoFactory.create_batch(30, label="Old")
    edit = edit_videos(
        videos=Video.objects.all(), values={"label": "New"}, actor=editor.person
    )

    with django_assert_max_num_queries(25):
        page_of(editor, edit)


def test_drift_is_shown_on_request(editor):
    VideoFactory(title="Song 1", label="One")
    change_set = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor.person,
        plan_source={"name": "values", "values": {"label": "New"}},
    )
    selection.select_filter(change_set, name="videos", query="q=song")
    change_sets.request_plan(change_set)
    VideoFactory(title="Song 2", label="Two")

    text = page_of(editor, change_set, drift=1).content.decode()

    assert "1 more video began to match" in text


def test_pasted_lines_that_were_not_found_are_listed(editor):
    change_set = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=editor.person,
        plan_source={"name": "values", "values": {"label": "New"}},
    )
    selection.select_pasted(change_set, "nothing-like-it")

    text = page_of(editor, change_set).content.decode()

    assert "nothing-like-it" in text
    assert "1 of them not found" in text


@pytest.mark.parametrize(
    "button", ["apply", "discard", "cancel", "resume", "rows", "revert"]
)
def test_viewer_may_look_only(viewer, button):
    change_set = ChangeSetFactory(state=State.PLANNED)

    assert page_of(viewer, change_set).status_code == 200
    assert viewer.post(address(change_set, button)).status_code == 403


def test_buttons_answer_to_post_only(editor, plan):
    assert editor.get(address(plan, "apply")).status_code == 405


def test_button_that_comes_too_late_is_explained(editor, plan):
    press(editor, plan, "apply")

    reply = press(editor, plan, "discard")

    assert "another state" in said(reply)


@pytest.mark.parametrize("by", ["reason", "actor", "video", "number"])
def test_change_sets_are_found(viewer, by):
    wanted = ChangeFactory(change_set__reason="Label copy of May").change_set
    ChangeFactory()
    text = {
        "reason": "copy of",
        "actor": wanted.actor.username,
        "video": wanted.changes.get().video.video_id,
        "number": str(wanted.pk),
    }[by]

    reply = viewer.get("/admin/catalog/changeset/", {"q": text})

    assert wanted in reply.context["cl"].result_list
    assert by == "actor" or list(reply.context["cl"].result_list) == [wanted]


@pytest.mark.parametrize("by", ["kind", "state", "actor__id__exact"])
def test_change_sets_are_filtered(viewer, by):
    wanted = ChangeSetFactory(kind="api", state="failed")
    ChangeSetFactory()
    value = {"kind": "api", "state": "failed"}.get(by, wanted.actor_id)

    reply = viewer.get("/admin/catalog/changeset/", {by: value})

    assert list(reply.context["cl"].result_list) == [wanted]


def test_list_of_videos_is_a_selection(editor):
    wanted = VideoFactory(title="Song", privacy_status="private")
    VideoFactory(title="Song", privacy_status="public")
    VideoFactory(title="Song", privacy_status="private", is_hidden=True)

    found = matching_videos("q=song&privacy=private", editor.person)

    assert list(found) == [wanted]


def test_parameters_that_the_list_does_not_know_are_refused(editor):
    with pytest.raises(SelectionError):
        matching_videos("nonsense__x=1", editor.person)


def test_action_on_many_is_left_to_a_worker(editor, monkeypatch):
    monkeypatch.setattr(change_sets, "AT_ONCE", 1)
    videos = VideoFactory.create_batch(3)
    data = {"action": "hide", "select_across": "1", "_selected_action": [videos[0].pk]}

    reply = editor.post("/admin/catalog/video/", data, follow=True)

    change_set = ChangeSet.objects.get()
    assert (change_set.state, change_set.has_preview) == (State.PLANNING, False)
    assert f"Change set {change_set.pk}" in said(reply)


def test_action_that_changes_nothing_leaves_no_trace(editor):
    video = VideoFactory()
    data = {"action": "show_again", "_selected_action": [video.pk]}

    reply = editor.post("/admin/catalog/video/", data, follow=True)

    assert "like that already" in said(reply)
    assert not ChangeSet.objects.exists()


def test_history_leads_to_the_report_that_brought_a_value(viewer):
    report = ReportFactory(imported=True)
    change = ChangeFactory(change_set=None, observation=report.observation)

    listed = viewer.get("/admin/catalog/change/").content.decode()
    page = viewer.get(f"/admin/catalog/video/{change.video_id}/change/")

    link = reverse("admin:reports_report_change", args=[report.pk])
    assert link in listed
    assert link in page.content.decode()
    assert Report.objects.get().name in page.content.decode()


def test_history_leads_to_the_refresh_that_read_a_value(viewer):
    observation = ObservationFactory(source="refresh")
    owner = observation.content_owner
    account = YouTubeAccountFactory(content_owner=owner)
    run = RefreshRun.objects.create(account=account, scope="catalogue")
    RefreshRead.objects.create(run=run, observation=observation)
    ChangeFactory(change_set=None, observation=observation)

    listed = viewer.get("/admin/catalog/change/").content.decode()

    assert reverse("admin:youtube_sync_refreshrun_change", args=[run.pk]) in listed


def test_channel_shows_its_history(viewer):
    channel = ChannelFactory()
    ChangeFactory(
        video=None, channel=channel, field="partner_name", old="Before", new="After"
    )

    page = viewer.get(f"/admin/catalog/channel/{channel.pk}/change/").content.decode()

    assert "Before" in page
    assert f"/admin/catalog/change/?channel={channel.pk}" in page


def test_earlier_value_is_restored_from_the_page_of_a_video(editor):
    video = VideoFactory(title="First")
    update_video(video=video, values={"title": "Second"}, actor=editor.person)
    change = video.changes.get()
    restore = reverse("admin:catalog_video_restore", args=[video.pk, change.pk])
    page = editor.get(f"/admin/catalog/video/{video.pk}/change/").content.decode()
    assert restore in page

    reply = editor.post(restore, follow=True)

    video.refresh_from_db()
    assert video.title == "First"
    assert "Restored: title." in said(reply)


def test_viewer_restores_nothing(viewer):
    change = ChangeFactory()
    restore = reverse("admin:catalog_video_restore", args=[change.video_id, change.pk])

    assert viewer.post(restore).status_code == 403
