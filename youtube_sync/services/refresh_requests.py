"""Refreshes that people or the schedule ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from catalog.models import ContentOwner, Video
from catalog.querysets import VideoQuerySet
from youtube_sync.exceptions import (
    AccountNotConnectedError,
    NothingToRefreshError,
    RefreshStateError,
)
from youtube_sync.models import RefreshRun, YouTubeAccount
from youtube_sync.services.announce import announce_refresh

logger = structlog.get_logger(__name__)

Scope = RefreshRun.Scope
# How long before the limit data are read again: quota may take days.
AHEAD = timedelta(days=7)


@transaction.atomic
def request_catalogue(
    *, owners: Iterable[ContentOwner], actor: User
) -> list[RefreshRun]:
    """Ask for everything of these content owners; one at a time for each.

    Raises AccountNotConnectedError when none of them has a connected account.
    """
    _require(actor)
    accounts = YouTubeAccount.objects.one_for_each_owner()
    accounts = accounts.filter(content_owner__in=list(owners))
    made = [_request(account, actor, is_scheduled=False) for account in accounts]
    if not made:
        raise AccountNotConnectedError("No YouTube account is connected.")
    return made


@transaction.atomic
def request_scheduled() -> list[RefreshRun]:
    """Ask for everything that is connected, within the share of the quota."""
    if settings.REFRESH_QUOTA_PERCENT <= 0:
        return []
    accounts = YouTubeAccount.objects.one_for_each_owner()
    return [_request(account, None, is_scheduled=True) for account in accounts]


@transaction.atomic
def request_expiring(now: datetime) -> list[RefreshRun]:
    """Read again what would otherwise pass API_DATA_KEPT_DAYS within a week.

    Stays within the share of the quota for scheduled refreshes, which is why it
    begins early; a content owner whose last one is not over is left out.
    """
    if not settings.API_DATA_KEPT_DAYS:
        return []
    before = now - timedelta(days=settings.API_DATA_KEPT_DAYS) + AHEAD
    made = []
    for account in YouTubeAccount.objects.one_for_each_owner():
        owner = account.content_owner
        old = Video.objects.filter(channel__content_owner=owner)
        old = old.last_read_before(before)
        under_way = RefreshRun.objects.active().filter(
            account__content_owner=owner, scope=Scope.SELECTION, is_scheduled=True
        )
        if old.exists() and not under_way.exists():
            made.append(_create(account, Scope.SELECTION, None, is_scheduled=True))
            _aim(made[-1], old)
    return made


def _request(
    account: YouTubeAccount, actor: User | None, *, is_scheduled: bool
) -> RefreshRun:
    """The run of the whole catalogue that is under way, else a new one."""
    under_way = RefreshRun.objects.active().filter(
        account__content_owner=account.content_owner, scope=Scope.CATALOGUE
    )
    return under_way.first() or _create(
        account,
        Scope.CATALOGUE,
        actor,
        is_scheduled=is_scheduled,
        # Reports bring counters every day; without them YouTube can say "the same".
        with_counters=not is_scheduled,
        with_uploads=True,
    )


@transaction.atomic
def request_selection(*, videos: VideoQuerySet, actor: User) -> list[RefreshRun]:
    """Ask for the videos that match now; one run for each content owner.

    Raises NothingToRefreshError for an empty selection and
    AccountNotConnectedError when one of the owners has no connected account.
    """
    _require(actor)
    owners = ContentOwner.objects.filter(
        pk__in=videos.order_by().values("channel__content_owner")
    )
    made = []
    for owner in owners:
        account = _account_of(owner)
        own = videos.filter(channel__content_owner=owner)
        run = _create(account, Scope.SELECTION, actor)
        _aim(run, own)
        made.append(run)
    if not made:
        raise NothingToRefreshError
    return made


@transaction.atomic
def request_video(*, video: Video, actor: User) -> RefreshRun:
    """Ask for one video; raises AccountNotConnectedError."""
    _require(actor)
    account = _account_of(video.channel.content_owner)
    run = _create(account, Scope.VIDEO, actor)
    _aim(run, Video.objects.filter(pk=video.pk))
    return run


def _require(actor: User) -> None:
    if not actor.has_perm("catalog.push_video"):
        raise PermissionDenied


def _account_of(owner: ContentOwner) -> YouTubeAccount:
    account = YouTubeAccount.objects.best_for(owner)
    if account is None:
        raise AccountNotConnectedError(f"{owner} has no connected account.")
    return account


def _create(
    account: YouTubeAccount, scope: Scope, actor: User | None, **options: bool
) -> RefreshRun:
    has_content_id = settings.CONTENT_ID_ENABLED and account.has_content_id
    run = RefreshRun.objects.create(
        account=account,
        scope=scope,
        requested_by=actor,
        with_assets=has_content_id,
        **options,
    )
    announce_refresh(run)
    logger.info("refresh_requested", refresh_pk=run.pk, scope=scope.value)
    return run


def _aim(run: RefreshRun, videos: VideoQuerySet) -> None:
    """Keep the selection as it is now, without a list of keys in memory."""
    selection, params = videos.keys_sql()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO youtube_sync_refreshtarget (run_id, video_id) "
            f"SELECT %s, chosen.pk FROM ({selection}) chosen (pk) "
            "ON CONFLICT DO NOTHING",
            [run.pk, *params],
        )


@transaction.atomic
def cancel_refresh(*, run: RefreshRun, actor: User) -> RefreshRun:
    """Stop a run after the calls that are being made; what was read stays.

    Raises PermissionDenied, and RefreshStateError for a run that is over.
    """
    _require(actor)
    run = RefreshRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not run.is_active:
        raise RefreshStateError
    run.change_state(RefreshRun.State.CANCELLED)
    run.targets.all().delete()
    announce_refresh(run)
    logger.info("refresh_cancelled", refresh_pk=run.pk, actor_pk=actor.pk)
    return run
