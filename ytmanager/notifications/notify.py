"""Put a notification into inboxes, and show it on open pages."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from ytmanager.models import Notification, NotificationRead
from ytmanager.realtime.events import Event, notice_group, user_group
from ytmanager.realtime.log import record

Kind, Level = Notification.Kind, Notification.Level
KEPT_FOR = timedelta(days=90)
LONGEST_TITLE = 300


def notify(
    *,
    kind: Notification.Kind,
    level: str,
    title: str,
    message: str = "",
    url: str = "",
    user_pk: int | None = None,
) -> Notification:
    """Tell one person, or all who may hear of this kind, in the caller's transaction.

    `url` is a path of this site.
    """
    notification = Notification.objects.create(
        kind=kind,
        level=level,
        title=title[:LONGEST_TITLE],
        message=message,
        url=url,
        user_id=user_pk,
    )
    payload = {
        "notification": notification.pk,
        "kind": str(kind),
        "level": level,
        "title": notification.title,
        "message": message,
        "url": url,
    }
    group = notice_group(kind) if user_pk is None else user_group(user_pk)
    record(Event("notification", payload), groups=[group])
    return notification


def mark_read(*, notifications: list[int], user: User) -> int:
    """Note that a person has seen these; those of others are left alone."""
    visible = Notification.objects.visible_to(user).filter(pk__in=notifications)
    reads = [NotificationRead(notification=n, user=user) for n in visible.only("pk")]
    NotificationRead.objects.bulk_create(reads, ignore_conflicts=True)
    return len(reads)


def mark_unread(*, notifications: list[int], user: User) -> int:
    """Take back that a person has seen these; returns how many were read."""
    reads = NotificationRead.objects.filter(notification__in=notifications, user=user)
    count, _ = reads.delete()
    return count


def mark_all_read(*, user: User) -> int:
    """Note that a person has seen everything in the inbox."""
    unread = Notification.objects.visible_to(user).unread_by(user)
    return mark_read(notifications=list(unread.values_list("pk", flat=True)), user=user)


def purge() -> int:
    """Drop notifications of more than 90 days; returns how many."""
    old = Notification.objects.made_before(timezone.now() - KEPT_FOR)
    _, by_model = old.delete()
    return by_model.get(Notification._meta.label, 0)
