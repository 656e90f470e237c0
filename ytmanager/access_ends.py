"""What ends at once when somebody may no longer sign in."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from ytmanager.models import ApiToken

logger = structlog.get_logger(__name__)


def end_access(user: User) -> None:
    """Delete the sessions and tokens of a person, in the caller's transaction.

    A session that is only refused would live again with the person. Open pages lose
    their connection by the watch over sessions. Reads every living session: an
    office has some hundred.
    """
    sessions = list(_sessions_of(user))
    for session in sessions:
        session.delete()  # one by one: the live channel listens to each
    token_count, _ = ApiToken.objects.filter(user=user).delete()
    logger.info(
        "access_ended",
        user_pk=user.pk,
        session_count=len(sessions),
        token_count=token_count,
    )


def _sessions_of(user: User) -> Iterator[Session]:
    living = Session.objects.filter(expire_date__gt=timezone.now())
    for session in living.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield session
