"""The clean-up of custom IDs: which videos, which not and why, and its alarms."""

import json

import pytest
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog import tasks
from catalog.models import Change, ChangeSet, Video
from catalog.services import change_sets, custom_ids
from catalog.services.custom_ids import Cause, look_ahead, start_clean_up
from tests.factories.catalog import (
    AssetFactory,
    ChangeFactory,
    ChangeSetFactory,
    ChannelFactory,
    ConflictFactory,
    UserFactory,
    VideoFactory,
)
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return ChannelFactory(partner_custom_id="LBL-0042", partner_name="Blue Label")


def uncleaned(channel, **values):
    """A video whose asset got the ID of the video as custom ID."""
    number = Video.objects.count()
    values = {
        "video_id": f"unclean{number:04d}",
        "custom_id": f"unclean{number:04d}",
        "primary_asset": AssetFactory(),
        **values,
    }
    return VideoFactory(channel=channel, **values)


def cleaned(**options):
    change_set = start_clean_up(cause=Cause.PERSON, actor=UserFactory(), **options)
    if change_set.expected_count:
        change_sets.request_apply(change_set)
    return change_set


def reasons(change_set):
    rows = change_set.changes.filter(outcome="invalid")
    return {row.video.video_id: row.findings[0]["text"] for row in rows}


def test_clean_up_sets_the_partners_custom_id_and_nothing_else(partner):
    video = uncleaned(partner)
    VideoFactory(channel=partner, custom_id="CID-KEPT")

    change_set = cleaned()

    assert (change_set.state, change_set.applied_count) == ("applied", 1)
    video.refresh_from_db()
    assert (video.custom_id, video.label) == ("LBL-0042", "Analytical Records")
    assert video.pending_fields == ["custom_id"]
    assert Video.objects.filter(custom_id="CID-KEPT").exists()


def test_clean_up_is_a_preview_until_somebody_applies_it(partner):
    video = uncleaned(partner)

    change_set = start_clean_up(cause=Cause.PERSON, actor=UserFactory())

    assert (change_set.state, change_set.expected_count) == ("planned", 1)
    assert Video.objects.get(pk=video.pk).custom_id == video.video_id


def test_label_comes_from_the_partner_only_when_asked_for(partner):
    video = uncleaned(partner)
    nameless = uncleaned(ChannelFactory(partner_custom_id="X-1"))

    cleaned(with_label=True)

    video.refresh_from_db()
    nameless.refresh_from_db()
    assert (video.custom_id, video.label) == ("LBL-0042", "Blue Label")
    assert (nameless.custom_id, nameless.label) == ("X-1", "Analytical Records")


def test_video_without_an_asset_is_left_alone(partner):
    uncleaned(partner, primary_asset=None)

    assert look_ahead().count == 0


def test_skipped_videos_are_listed_with_their_reason(partner):
    nobody = uncleaned(ChannelFactory())
    pinned = uncleaned(partner, pinned_fields=["custom_id"])
    contested = uncleaned(partner)
    ConflictFactory(video=contested, field="custom_id")
    gone = uncleaned(partner, not_found_at="2025-03-01T00:00:00Z")

    change_set = cleaned()

    assert change_set.expected_count == 0
    assert reasons(change_set) == {
        nobody.video_id: custom_ids.NO_PARTNER,
        pinned.video_id: custom_ids.PINNED,
        contested.video_id: custom_ids.CONFLICT,
        gone.video_id: custom_ids.GONE,
    }


def test_asset_of_two_videos_is_cleaned_on_both(partner):
    first = uncleaned(partner)
    uncleaned(partner, custom_id=first.custom_id, primary_asset=first.primary_asset)

    cleaned()

    assert set(Video.objects.values_list("custom_id", flat=True)) == {"LBL-0042"}


@pytest.mark.parametrize("other", ["partner", "value", "pin"])
def test_asset_whose_videos_disagree_is_cleaned_on_none(partner, other):
    first = uncleaned(partner)
    rival = ChannelFactory(partner_custom_id="OTHER-7")
    second = uncleaned(
        rival if other == "partner" else partner,
        custom_id="EDITED" if other == "value" else first.custom_id,
        pinned_fields=["custom_id"] if other == "pin" else [],
        primary_asset=first.primary_asset,
    )

    change_set = cleaned()

    assert change_set.applied_count == 0
    assert reasons(change_set)[first.video_id] == custom_ids.DISAGREE
    assert Video.objects.get(pk=second.pk).custom_id == second.custom_id


def test_partner_id_that_youtube_refuses_is_not_valid(partner):
    type(partner).objects.filter(pk=partner.pk).update(partner_custom_id="no spaces")
    video = uncleaned(partner)

    change_set = cleaned()

    assert (change_set.invalid_count, change_set.applied_count) == (1, 0)
    assert "Skipped" not in reasons(change_set)[video.video_id]


def test_second_clean_up_finds_nothing(partner):
    uncleaned(partner)
    cleaned()

    assert look_ahead().count == 0
    assert start_clean_up(cause=Cause.SCHEDULE) is None


def test_automatic_run_does_not_list_channels_without_a_partner(partner):
    uncleaned(partner)
    uncleaned(ChannelFactory())

    change_set = start_clean_up(cause=Cause.SCHEDULE)

    assert (change_set.expected_count, change_set.invalid_count) == (1, 0)


def test_automatic_run_replaces_the_plan_of_the_last_one(partner):
    uncleaned(partner)
    first = start_clean_up(cause=Cause.SCHEDULE)

    second = start_clean_up(cause=Cause.SCHEDULE)

    first.refresh_from_db()
    assert (first.state, second.state) == ("discarded", "planned")


def test_many_videos_are_planned_by_a_worker(partner, monkeypatch):
    monkeypatch.setattr(change_sets, "AT_ONCE", 1)
    uncleaned(partner)
    uncleaned(partner)

    change_set = start_clean_up(cause=Cause.SCHEDULE, has_preview=False)
    tasks.enqueue(change_set)
    tasks.run_change_set(change_set_pk=change_set.pk)

    change_set.refresh_from_db()
    assert (change_set.state, change_set.applied_count) == ("applied", 2)


def test_schedule_is_off_by_default(partner):
    uncleaned(partner)

    tasks.clean_custom_ids(0)

    assert not ChangeSet.objects.exists()


@pytest.mark.parametrize(
    ("is_unseen", "state"), [(False, "planned"), (True, "applied")]
)
def test_schedule_plans_and_applies_only_where_set(partner, settings, is_unseen, state):
    settings.CLEAN_CUSTOM_IDS_DAILY = True
    settings.CLEAN_CUSTOM_IDS_UNSEEN = is_unseen
    uncleaned(partner)

    tasks.clean_custom_ids(0)

    assert ChangeSet.objects.get().state == state


def listed(channel, **values):
    """An applied list of channels that named a partner."""
    change_set = ChangeSetFactory(kind="spreadsheet", **values)
    ChangeFactory(
        change_set=change_set,
        video=None,
        channel=channel,
        field="partner_custom_id",
        old="",
        new="LBL-0042",
    )
    return change_set


def clean_up_jobs():
    return ProcrastinateJob.objects.filter(task_name__contains="clean_up").count()


def test_imported_list_of_channels_starts_a_clean_up(partner):
    video = uncleaned(partner)

    tasks.enqueue(listed(partner))
    tasks.clean_up_after_channels()

    assert clean_up_jobs() == 1
    planned = Change.objects.get(outcome="planned")
    assert (planned.video, planned.new) == (video, "LBL-0042")


def test_list_that_a_worker_applied_starts_a_clean_up_too(partner):
    change_set = listed(partner)

    tasks.run_change_set(change_set_pk=change_set.pk)

    assert clean_up_jobs() == 1


@pytest.mark.parametrize("values", [{"kind": "form"}, {"state": "planned"}])
def test_other_change_sets_start_none(partner, values):
    change_set = listed(partner)
    ChangeSet.objects.filter(pk=change_set.pk).update(**values)
    change_set.refresh_from_db()

    tasks.enqueue(change_set)

    assert clean_up_jobs() == 0


def alarms():
    rows = LiveEvent.objects.filter(type="notification")
    return [(row.payload["level"], row.payload["message"]) for row in rows]


def test_alarm_when_the_plan_fails(partner, monkeypatch):
    monkeypatch.setattr(change_sets, "AT_ONCE", 0)
    monkeypatch.setattr(custom_ids, "_JUDGED", "SELECT 1 / 0")
    uncleaned(partner)
    change_set = start_clean_up(cause=Cause.SCHEDULE)

    tasks.run_change_set(change_set_pk=change_set.pk)

    change_set.refresh_from_db()
    assert change_set.state == "failed"
    ((level, message),) = alarms()
    assert level == "error"
    assert message == change_set.error


def test_alarm_when_the_schedule_cannot_plan(partner, settings, monkeypatch):
    settings.CLEAN_CUSTOM_IDS_DAILY = True
    monkeypatch.setattr(custom_ids, "NAME", "unknown")
    uncleaned(partner)

    tasks.clean_custom_ids(0)

    assert alarms() == [("error", "Nothing is known about the source 'unknown'.")]
    assert not ChangeSet.objects.exists()


def test_alarm_when_values_moved_before_the_apply(partner):
    video = uncleaned(partner)
    change_set = start_clean_up(cause=Cause.SCHEDULE)
    Change.objects.filter(video=video).update(old="moved", row_version=0)

    change_sets.request_apply(change_set)

    assert change_set.skipped_count == 1
    assert [level for level, _ in alarms()] == ["warning"]


def test_other_change_sets_sound_no_alarm(partner):
    change_set = ChangeSetFactory(state="planning", plan_source={"name": "unknown"})

    tasks.run_change_set(change_set_pk=change_set.pk)

    assert alarms() == []


def run_command(*arguments, capsys):
    call_command("clean_custom_ids", "--json", *arguments)
    return json.loads(capsys.readouterr().out)


def test_command_only_counts_by_default(partner, capsys):
    uncleaned(partner)
    uncleaned(ChannelFactory())

    account = run_command(capsys=capsys)

    assert account == {"ready": 1, "skipped": {custom_ids.NO_PARTNER: 1}}
    assert not ChangeSet.objects.exists()


@pytest.mark.parametrize("at_once", [0, 200])
def test_command_applies_when_asked_to(partner, capsys, monkeypatch, at_once):
    monkeypatch.setattr(change_sets, "AT_ONCE", at_once)
    video = uncleaned(partner)
    uncleaned(ChannelFactory())

    account = run_command("--apply", "--with-label", capsys=capsys)

    video.refresh_from_db()
    assert (video.custom_id, video.label) == ("LBL-0042", "Blue Label")
    assert (account["applied"], account["moved"], account["not_valid"]) == (2, 0, 0)


def test_command_exits_with_3_when_a_value_is_not_valid(partner, capsys):
    type(partner).objects.filter(pk=partner.pk).update(partner_custom_id="no spaces")
    uncleaned(partner)

    with pytest.raises(SystemExit) as exit_info:
        run_command("--apply", capsys=capsys)

    assert exit_info.value.code == 3


def test_command_says_what_failed(partner, monkeypatch):
    monkeypatch.setattr(custom_ids, "NAME", "unknown")
    uncleaned(partner)

    with pytest.raises(CommandError, match="Nothing is known"):
        call_command("clean_custom_ids", "--apply")


def test_command_tells_the_counts_in_words(partner, capsys):
    uncleaned(partner)

    call_command("clean_custom_ids")

    assert "1  videos whose custom ID can be cleaned" in capsys.readouterr().out
