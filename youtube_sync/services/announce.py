"""Live events: how far a plan or a refresh is, how a video's push ended."""

from __future__ import annotations

from django.urls import reverse

from youtube_sync.models import PlanItem, PushPlan, RefreshRun
from ytmanager.notifications.notify import Kind, notify
from ytmanager.realtime.events import (
    EVERYONE,
    Event,
    RefreshProgress,
    SyncStatus,
    plan_group,
    refresh_group,
    video_group,
)
from ytmanager.realtime.log import record
from ytmanager.realtime.publish import publish_progress

PLAN_LEVELS = {
    PushPlan.State.COMPLETED: "success",
    PushPlan.State.COMPLETED_WITH_ERRORS: "warning",
    PushPlan.State.FAILED: "error",
}


def announce_plan(plan: PushPlan) -> None:
    """Log a change of the plan's state, in the caller's transaction."""
    event = Event("sync.status", _status(plan))
    record(event, groups=[EVERYONE, plan_group(plan.pk)])
    if plan.state in PLAN_LEVELS and plan.confirmed_by_id is not None:
        notify(
            kind=Kind.JOB,
            level=PLAN_LEVELS[PushPlan.State(plan.state)],
            title=f"{plan}: {plan.get_state_display()}",
            message=plan.message,
            url=reverse("admin:youtube_sync_pushplan_change", args=[plan.pk]),
            user_pk=plan.confirmed_by_id,
        )


def publish_plan_progress(plan: PushPlan) -> None:
    """Show how far the plan is, without a row."""
    publish_progress(plan_group(plan.pk), "sync.status", _status(plan))


def announce_item(item: PlanItem) -> None:
    """Log the end of one item to those who look at its video."""
    video_id = item.video.video_id
    payload: SyncStatus = {
        "plan": item.plan_id,
        "video_id": video_id,
        "state": item.state,
        "message": item.message or item.get_state_display(),
    }
    record(Event("sync.status", payload), groups=[video_group(video_id)])


def _status(plan: PushPlan) -> SyncStatus:
    return {
        "plan": plan.pk,
        "state": plan.state,
        "item_count": plan.item_count,
        "done_count": plan.done_count,
        "failed_count": plan.failed_count,
        "quota_units": plan.price_units,
        "message": plan.message or plan.get_state_display(),
    }


def announce_refresh(run: RefreshRun) -> None:
    """Log a change of the run's state, in the caller's transaction."""
    event = Event("refresh.progress", _progress(run))
    record(event, groups=[EVERYONE, refresh_group(run.pk)])
    if run.state == RefreshRun.State.COMPLETED and run.requested_by_id is not None:
        notify(
            kind=Kind.JOB,
            level="success",
            title=f"{run}: {run.get_state_display()}",
            message=run.message,
            url=reverse("admin:youtube_sync_refreshrun_change", args=[run.pk]),
            user_pk=run.requested_by_id,
        )


def publish_refresh_progress(run: RefreshRun) -> None:
    """Show how far the refresh is, without a row."""
    publish_progress(refresh_group(run.pk), "refresh.progress", _progress(run))


def _progress(run: RefreshRun) -> RefreshProgress:
    return {
        "refresh": run.pk,
        "state": run.state,
        "step": run.step,
        "total_count": run.total_count,
        "read_count": run.read_count,
        "changed_count": run.changed_count,
        "new_count": run.new_count,
        "call_count": run.call_count,
        "message": run.message or run.get_state_display(),
    }
