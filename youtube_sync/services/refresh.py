"""Refresh: read what YouTube shows, step by step, safe to kill at any line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse
from django.utils import timezone

from youtube_sync.exceptions import (
    ApiNotEnabledError,
    QuotaExceededError,
    ReconnectRequiredError,
    RetryableAPIError,
)
from youtube_sync.models import PushPlan, QuotaEntry, ReadEtag, RefreshRun
from youtube_sync.services import quota, refresh_steps
from youtube_sync.services.accounts import mark_needs_reconnect
from youtube_sync.services.announce import announce_refresh
from youtube_sync.services.attempts import explain
from youtube_sync.services.channels import refresh_channels
from youtube_sync.services.clients import Clients
from ytmanager.exceptions import YouTubeCMSError
from ytmanager.locks import session_lock
from ytmanager.notifications.notify import Kind, notify

logger = structlog.get_logger(__name__)

LOCKS = 0x595452  # first key of the advisory locks: "YTR"
OUTAGE_PAUSE = timedelta(minutes=5)
ETAGS_KEPT = timedelta(days=30)
WAITS_FOR_ACCOUNT = "Waits until the account is connected again."
WAITS_FOR_QUOTA = (
    "The units for this are used up; goes on after midnight in California."
)
GIVES_WAY = "Lets an urgent push go first."
NO_CONTENT_ID = "Claims and assets were left out: there is no access to Content ID."
DEFECT = "A defect stopped this refresh; nothing was lost."


class StoppedError(Exception):
    """Somebody cancelled the run, or an urgent push waits; carries what to say."""


def run_refresh(*, run: RefreshRun, clients: Clients) -> None:
    """Do what is left of a run; one that ended, waits or is at work is left alone."""
    with session_lock(LOCKS, run.pk) as is_ours:
        if is_ours and _start(run):
            _run(run, clients)


@transaction.atomic
def _start(run: RefreshRun) -> bool:
    """Take the run; who cancels it meanwhile waits until it is marked as running."""
    if not RefreshRun.objects.acquire(run.pk):
        return False
    run.refresh_from_db()
    QuotaEntry.objects.settle_open(refresh=run)
    refresh_steps.prepare(run)
    run.change_state(RefreshRun.State.RUNNING)
    announce_refresh(run)
    logger.info("refresh_started", refresh_pk=run.pk, step=run.step)
    return True


def _run(run: RefreshRun, clients: Clients) -> None:
    state = RefreshRun.State
    try:
        message = _do_steps(run, clients)
    except StoppedError as stopped:
        _leave(run, state.WAITING, str(stopped))
    except QuotaExceededError:
        _leave(run, state.WAITING_QUOTA, WAITS_FOR_QUOTA, quota.next_reset())
    except ReconnectRequiredError:
        mark_needs_reconnect(account=run.account)
        _leave(run, state.WAITING, WAITS_FOR_ACCOUNT)
    except RetryableAPIError as error:
        _leave(run, state.WAITING, error.message, timezone.now() + OUTAGE_PAUSE)
    except YouTubeCMSError as error:
        _leave(run, state.FAILED, explain(error))
        tell_failure(run)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the job is found again
    except Exception:
        _leave(run, state.FAILED, DEFECT)
        raise
    else:
        _leave(run, state.COMPLETED, message)


def _do_steps(run: RefreshRun, clients: Clients) -> str:
    """Go through the steps that are left; returns what there is to say at the end."""
    message, check = "", _stopper(run)
    while run.step != RefreshRun.Step.DONE:
        if run.step == RefreshRun.Step.VIDEOS:
            refresh_steps.read_known_videos(run, clients.youtube, check)
        elif run.step == RefreshRun.Step.UPLOADS:
            _find_uploads(run, clients, check)
        else:
            message = _read_assets(run, clients, check)
        run.finish_step()
    return message


def _find_uploads(run: RefreshRun, clients: Clients, check: Callable[[], None]) -> None:
    if run.cursor == 0 and not run.page_token:
        payer = quota.Payer(refresh=run)
        refresh_channels(account=run.account, youtube=clients.youtube, payer=payer)
    refresh_steps.read_uploads(run, clients.youtube, check)


def _read_assets(run: RefreshRun, clients: Clients, check: Callable[[], None]) -> str:
    if clients.content_id is None:
        return NO_CONTENT_ID
    try:
        refresh_steps.read_assets(run, clients.content_id, check)
    except ApiNotEnabledError:
        return NO_CONTENT_ID
    return ""


def _stopper(run: RefreshRun) -> Callable[[], None]:
    """Looks between batches whether to go on."""

    def check() -> None:
        if not RefreshRun.objects.is_running(run):
            raise StoppedError
        if PushPlan.objects.urgent_waiting(timezone.now()).exists():
            raise StoppedError(GIVES_WAY)

    return check


@transaction.atomic
def _leave(
    run: RefreshRun,
    state: RefreshRun.State,
    message: str = "",
    resume_at: datetime | None = None,
) -> None:
    """Put the run down, unless somebody cancelled it meanwhile."""
    stored = RefreshRun.objects.select_for_update().get(pk=run.pk)
    if stored.state == RefreshRun.State.RUNNING:
        run.change_state(state, message, resume_at=resume_at)
        announce_refresh(run)
    if state == RefreshRun.State.COMPLETED:
        too_old = timezone.now() - ETAGS_KEPT
        ReadEtag.objects.read_before(too_old).delete()
    if not run.is_active:
        run.targets.all().delete()
    counts = {name: getattr(run, name) for name in run.COUNTS}
    logger.info("refresh_left", refresh_pk=run.pk, state=state.value, **counts)


def tell_failure(run: RefreshRun) -> None:
    """Say why what YouTube shows stays as it was."""
    title = f"{run} of {run.account.content_owner} failed"
    notify(
        kind=Kind.ALARM,
        level="warning",
        title=title,
        message=run.message,
        url=reverse("admin:youtube_sync_refreshrun_change", args=[run.pk]),
    )
