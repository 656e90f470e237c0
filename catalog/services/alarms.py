"""Alarms: people hear of work that nobody waits for when it goes wrong."""

import structlog
from django.urls import reverse

from catalog.models import ChangeSet
from ytmanager.notifications.notify import Kind, notify
from ytmanager.templatetags.figures import thousands

logger = structlog.get_logger(__name__)

State = ChangeSet.State


def sound_alarm_of(change_set: ChangeSet) -> None:
    """Tell people that a watched change set failed, or skipped values that moved.

    Call it in the transaction that brings it into its state.
    """
    if not change_set.plan_source.get("has_alarm"):
        return
    if change_set.state == State.FAILED:
        sound_alarm("error", change_set.reason, change_set.error, change_set)
    elif change_set.state == State.APPLIED and change_set.skipped_count:
        count = thousands(change_set.skipped_count)
        text = f"Values that somebody changed in the meantime, and that stay: {count}."
        sound_alarm("warning", change_set.reason, text, change_set)


def sound_alarm(
    level: str, work: str, why: str, change_set: ChangeSet | None = None
) -> None:
    """Log and show what stopped; `level` is error or warning."""
    name = "admin:catalog_changeset_change"
    url = (
        reverse(name, args=[change_set.pk])
        if change_set is not None
        else reverse("admin:catalog_changeset_changelist")
    )
    title = f"{work} failed" if level == "error" else f"{work} skipped values"
    notify(kind=Kind.ALARM, level=level, title=title, message=why, url=url)
    pk = change_set.pk if change_set is not None else None
    logger.error("alarm", work=work, level=level, reason=why, change_set=pk)
