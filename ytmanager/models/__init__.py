"""Models that every app shares."""

from ytmanager.models.api_token import ApiToken, ApiTokenQuerySet
from ytmanager.models.audit import AuditEntry
from ytmanager.models.backup import Backup, BackupQuerySet
from ytmanager.models.base import TimestampedModel
from ytmanager.models.data_version import DataVersion
from ytmanager.models.idempotent_request import (
    IdempotentRequest,
    IdempotentRequestQuerySet,
)
from ytmanager.models.live_event import (
    LiveEvent,
    LiveEventQuerySet,
    current_transaction,
)
from ytmanager.models.notification import (
    MailChoice,
    Notification,
    NotificationMail,
    NotificationQuerySet,
    NotificationRead,
)

__all__ = [
    "ApiToken",
    "ApiTokenQuerySet",
    "AuditEntry",
    "Backup",
    "BackupQuerySet",
    "DataVersion",
    "IdempotentRequest",
    "IdempotentRequestQuerySet",
    "LiveEvent",
    "LiveEventQuerySet",
    "MailChoice",
    "Notification",
    "NotificationMail",
    "NotificationQuerySet",
    "NotificationRead",
    "TimestampedModel",
    "current_transaction",
]
