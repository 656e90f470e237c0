"""Who is behind a connection and what they may hear, cached and dropped on change."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, get_user_model
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from ytmanager.realtime.events import (
    EVERYONE,
    NOTICE_PERMISSIONS,
    REQUIRED_PERMISSIONS,
    ROOM_PERMISSIONS,
    notice_group,
    user_group,
)
from ytmanager.realtime.publish import announce_rights_changed
from ytmanager.realtime.subjects import is_scoped

ACCESS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Access:
    """What one signed-in person may hear, and which rooms enter, as of some moment."""

    user_pk: int
    name: str
    event_types: frozenset[str]
    groups: frozenset[str]
    rooms: frozenset[str]
    is_scoped: bool = False
    read_at: float = field(default_factory=time.monotonic)

    def allows(self, event_type: str) -> bool:
        return event_type in self.event_types

    def is_stale(self) -> bool:
        return time.monotonic() - self.read_at > ACCESS_SECONDS

    def is_aging(self) -> bool:
        """Old enough to be read again before an event has to wait for that."""
        return time.monotonic() - self.read_at > ACCESS_SECONDS / 3


def load_access(session_key: str | None) -> Access | None:
    """Read session, person and permissions afresh; None when the session ended.

    Costs at most four queries.
    """
    if not session_key:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request = SimpleNamespace(session=store, META={})
    user = get_user(cast(HttpRequest, request))
    if not user.is_authenticated:
        return None
    allowed = frozenset(
        event_type
        for event_type, permission in REQUIRED_PERMISSIONS.items()
        if permission is None or user.has_perm(permission)
    )
    name = user.get_full_name() or user.get_username()
    rooms = {room for room, needed in ROOM_PERMISSIONS.items() if user.has_perm(needed)}
    return Access(
        user.pk,
        name,
        allowed,
        groups=groups_of(user),
        rooms=frozenset(rooms),
        is_scoped=is_scoped(user),
    )


def groups_of(user: User | AnonymousUser) -> frozenset[str]:
    """The groups that a person is in without asking.

    Notices of the office name what somebody with a scope may not see.
    """
    if is_scoped(user):
        return frozenset({EVERYONE, user_group(user.pk or 0)})
    notices = (
        notice_group(kind)
        for kind, permission in NOTICE_PERMISSIONS.items()
        if permission is not None and user.has_perm(permission)
    )
    return frozenset({EVERYONE, user_group(user.pk or 0), *notices})


def watch_rights() -> None:
    """Make connections look again when somebody's rights or session change.

    The people and groups are Django's models, so its signals are the only place
    that sees every change. A change past them (SQL) is noticed within a minute.
    """
    user_model = get_user_model()
    options: dict[str, Any] = {"weak": False, "dispatch_uid": "live_event_rights"}
    # Not user_logged_out, which is sent while the session is still valid.
    models.signals.post_delete.connect(_session_ended, sender=Session, **options)
    models.signals.post_save.connect(_user_saved, sender=user_model, **options)
    models.signals.post_delete.connect(_user_saved, sender=user_model, **options)
    for relation in (user_model.groups, user_model.user_permissions):
        models.signals.m2m_changed.connect(
            _user_rights_changed, sender=relation.through, **options
        )
    models.signals.m2m_changed.connect(
        _group_rights_changed, sender=Group.permissions.through, **options
    )
    for model in (Group, Permission):
        models.signals.post_delete.connect(
            _group_rights_changed, sender=model, **options
        )


def _announce_after_commit(group: str) -> None:
    transaction.on_commit(lambda: announce_rights_changed(group), robust=True)


def _session_ended(instance: Session, **kwargs: Any) -> None:
    user_pk = instance.get_decoded().get(SESSION_KEY)
    if user_pk is not None and instance.expire_date > timezone.now():
        _announce_after_commit(user_group(user_pk))


def _user_saved(
    instance: models.Model, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    if update_fields != frozenset({"last_login"}):
        _announce_after_commit(user_group(instance.pk))


def _user_rights_changed(instance: models.Model, action: str, **kwargs: Any) -> None:
    if action.startswith("post_"):
        is_user = isinstance(instance, get_user_model())
        _announce_after_commit(user_group(instance.pk) if is_user else EVERYONE)


def _group_rights_changed(action: str = "post_delete", **kwargs: Any) -> None:
    if action.startswith("post_"):
        _announce_after_commit(EVERYONE)
