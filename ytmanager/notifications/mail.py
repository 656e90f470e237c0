"""Notifications by mail, as each person wants them: at once, once a day, or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from ytmanager.models import MailChoice, Notification, NotificationMail
from ytmanager.realtime.events import NOTICE_PERMISSIONS

logger = structlog.get_logger(__name__)

DIGEST_HOUR = 6  # UTC
BATCH = 500
MAX_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=6)


def queue_mails() -> int:
    """Decide for new notifications who gets them by mail; returns how many mails.

    Each notification is looked at once, in the transaction that notes so.
    """
    now, count = timezone.now(), 0
    with transaction.atomic():
        new = Notification.objects.not_queued().order_by("pk")
        for notification in new.select_for_update(skip_locked=True)[:BATCH]:
            mails = list(_mails_for(notification, now))
            NotificationMail.objects.bulk_create(mails, ignore_conflicts=True)
            Notification.objects.filter(pk=notification.pk).update(is_queued=True)
            count += len(mails)
    return count


def _mails_for(notification: Notification, now: datetime) -> Iterator[NotificationMail]:
    choices = MailChoice.objects.filter(
        kind=notification.kind, user__is_active=True
    ).exclude(user__email="")
    if notification.user_id is not None:
        choices = choices.filter(user=notification.user_id)
    for choice in choices.select_related("user"):
        if notification.user_id is None and not _may_hear(choice.user, choice.kind):
            continue
        is_daily = choice.pace == MailChoice.Pace.DAILY
        yield NotificationMail(
            notification=notification,
            user=choice.user,
            due_at=next_digest(now) if is_daily else now,
        )


def _may_hear(user: User, kind: str) -> bool:
    permission = NOTICE_PERMISSIONS[kind]
    return permission is None or user.has_perm(permission)


def next_digest(now: datetime) -> datetime:
    """The next time at which daily mails go."""
    today = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if now < today else today + timedelta(days=1)


def send_due() -> int:
    """Send each person one mail with all that is due; returns how many were sent.

    A mail may arrive twice when the process dies between sending and noting it.
    """
    due = NotificationMail.objects.due(timezone.now())
    rows = due.select_related("notification", "user").order_by("user", "notification")
    sent = 0
    for user, mails in groupby(rows[:BATCH], key=lambda mail: mail.user):
        sent += _send(user, list(mails))
    return sent


def _send(user: User, mails: list[NotificationMail]) -> int:
    ours = NotificationMail.objects.filter(pk__in=[mail.pk for mail in mails])
    try:
        _message(user, [mail.notification for mail in mails]).send()
    except (SMTPException, OSError) as exc:
        logger.warning("mail_not_sent", user_pk=user.pk, reason=type(exc).__name__)
        _try_later(mails)
        return 0
    ours.delete()
    return 1


def _try_later(mails: list[NotificationMail]) -> None:
    """Minutes, then hours; a mail that never goes is dropped in the end."""
    now = timezone.now()
    for mail in mails:
        mail.attempt_count += 1
        if mail.attempt_count >= MAX_ATTEMPTS:
            mail.delete()
            continue
        mail.due_at = now + min(timedelta(minutes=2**mail.attempt_count), LONGEST_WAIT)
        mail.save(update_fields=["attempt_count", "due_at"])


def _message(user: User, notifications: list[Notification]) -> EmailMessage:
    one = notifications[0]
    subject = one.title if len(notifications) == 1 else _heading(len(notifications))
    parts = [_part(notification) for notification in notifications]
    inbox = f"{settings.SITE_URL}/admin/ytmanager/notification/"
    body = "\n\n".join([*parts, f"--\nWhich mails you get is chosen at {inbox}mail/"])
    # A subject is one line, whatever a report's name holds.
    subject = " ".join(f"[YT Manager] {subject}".split())
    return EmailMessage(subject, body, settings.MAIL_FROM, [user.email])


def _heading(count: int) -> str:
    return f"{count} notifications"


def _part(notification: Notification) -> str:
    lines = [notification.title, notification.message]
    if notification.url:
        lines.append(settings.SITE_URL + notification.url)
    return "\n".join(line for line in lines if line)
