"""Notifications: what people are told, who has read it, who wants it by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ytmanager.realtime.events import NOTICE_PERMISSIONS
from ytmanager.realtime.subjects import is_scoped


def kinds_for(user: User | AnonymousUser) -> list[str]:
    """The kinds that a person may hear of."""
    return [
        kind
        for kind, permission in NOTICE_PERMISSIONS.items()
        if permission is None or user.has_perm(permission)
    ]


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications by the person who reads them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own, and the office's of the kinds that they may hear of.

        Those of the office name what somebody with a scope may not see.
        """
        if is_scoped(user):
            return self.filter(user=user.pk)
        office = Q(user=None, kind__in=kinds_for(user))
        return self.filter(office | Q(user=user.pk))

    def with_read_by(self, user: User) -> Self:
        reads = NotificationRead.objects.filter(user=user, notification=OuterRef("pk"))
        return self.annotate(is_read=Exists(reads))

    def read_by(self, user: User) -> Self:
        return self.filter(reads__user=user)

    def unread_by(self, user: User) -> Self:
        """What came since the person did and was not opened."""
        return self.filter(created_at__gte=user.date_joined).exclude(reads__user=user)

    def not_queued(self) -> Self:
        return self.filter(is_queued=False)

    def made_before(self, moment: datetime) -> Self:
        return self.filter(created_at__lt=moment)


class Notification(models.Model):
    """One thing that people should know: somebody's own, or the office's."""

    class Kind(models.TextChoices):
        """What it is about; who hears of it: `NOTICE_PERMISSIONS`."""

        JOB = "job", "Finished jobs"
        CONFLICT = "conflict", "Conflicts"
        RECONNECT = "reconnect", "Accounts to reconnect"
        QUOTA = "quota", "Quota"
        ALARM = "alarm", "Work that failed"
        SYSTEM = "system", "The system"

    class Level(models.TextChoices):
        """How urgent it is."""

        INFO = "info", "Info"
        SUCCESS = "success", "Success"
        WARNING = "warning", "Warning"
        ERROR = "error", "Error"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    level = models.CharField(max_length=7, choices=Level.choices)
    title = models.CharField(max_length=300)
    message = models.TextField(blank=True)
    url = models.CharField("page", max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    is_queued = models.BooleanField(default=False)
    created_at = models.DateTimeField("when", default=timezone.now)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=list(NOTICE_PERMISSIONS)),
                name="ytmanager_notification_kind_valid",
            ),
        )
        indexes = (
            models.Index(
                fields=["-created_at", "-id"], name="ytmanager_notification_newest"
            ),
            models.Index(
                fields=["id"],
                condition=Q(is_queued=False),
                name="ytmanager_notification_queue",
            ),
        )

    def __str__(self) -> str:
        return self.title


class NotificationRead(models.Model):
    """A person has seen a notification."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["notification", "user"], name="ytmanager_notification_read_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.notification_id} by {self.user_id}"


class MailChoice(models.Model):
    """Whether a person gets notifications of one kind by mail; none: off."""

    class Pace(models.TextChoices):
        """When the mail goes."""

        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choices"
    )
    kind = models.CharField(max_length=10, choices=Notification.Kind.choices)
    pace = models.CharField(max_length=7, choices=Pace.choices)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["user", "kind"], name="ytmanager_mailchoice_one_per_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.pace}"


class NotificationMailQuerySet(models.QuerySet["NotificationMail"]):
    """What has to be sent."""

    def due(self, now: datetime) -> Self:
        return self.filter(due_at__lte=now)


class NotificationMail(models.Model):
    """A notification that waits to be mailed to a person; sent ones are deleted."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_index=False)
    attempt_count = models.PositiveSmallIntegerField(default=0)

    objects = NotificationMailQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["notification", "user"], name="ytmanager_mail_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.notification_id} to {self.user_id}"
