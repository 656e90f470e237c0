"""Data access of YouTube sync: conditions, look-ups and acquisitions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Self, TypedDict

from django.contrib.postgres.aggregates import BoolOr
from django.db import models
from django.db.models import Count, Exists, F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.querysets import ScopeView, VisibleMixin

if TYPE_CHECKING:
    from catalog.models import Channel, ContentOwner, Video
    from youtube_sync.models import (  # noqa: F401 - base classes name them
        MetadataSync,
        PlanItem,
        PushPlan,
        QuotaEntry,
        ReadEtag,
        RefreshRun,
        UploadsWalk,
        YouTubeAccount,
    )


class YouTubeAccountQuerySet(VisibleMixin, models.QuerySet["YouTubeAccount"]):
    """Accounts."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the content owners in the scope."""
        return self.filter(scope.owner())

    def connected(self) -> Self:
        return self.filter(state="connected")

    def needing_attention(self) -> Self:
        return self.filter(state="needs_reconnect")

    def for_list(self) -> Self:
        """What a list shows; the tokens stay in the database."""
        return self.select_related("content_owner", "connected_by").defer(
            "refresh_token", "access_token"
        )

    def for_video(self, video: Video) -> Self:
        """Accounts of the content owner of a video, the most able one first."""
        owner = video.channel.content_owner_id
        return self.filter(content_owner=owner).order_by("-has_content_id", "pk")

    def best_for(self, owner: ContentOwner) -> YouTubeAccount | None:
        """The connected account of a content owner that can do most."""
        own = self.connected().filter(content_owner=owner)
        return own.order_by("-has_content_id", "pk").first()

    def one_for_each_owner(self) -> Self:
        """The connected account of every content owner that can do most."""
        return (
            self.connected()
            .order_by("content_owner_id", "-has_content_id", "pk")
            .distinct("content_owner_id")
        )

    def acquire_refresh(self, pk: int, lease: timedelta) -> bool:
        """Become the one process that asks for a new access token."""
        now = timezone.now()
        is_free = Q(refreshing_until=None) | Q(refreshing_until__lt=now)
        free = self.filter(is_free, pk=pk, state="connected")
        return free.update(refreshing_until=now + lease) == 1


class Turn(Enum):
    """What a running plan does before its next item."""

    GOES_ON = auto()
    GIVES_WAY = auto()
    STOPPED = auto()


class PushPlanQuerySet(VisibleMixin, models.QuerySet["PushPlan"]):
    """Push plans."""

    def within(self, scope: ScopeView) -> Self:
        """A person's own, and those of content owners in the scope."""
        owned = scope.owner("account__content_owner")
        return self.filter(Q(created_by=scope.user_pk) | owned)

    def active(self) -> Self:
        """Plans that a worker has to finish."""
        return self.filter(state__in=["confirmed", "running", "waiting_quota"])

    def under_way(self) -> Self:
        """Plans that are not over, those that were confirmed first."""
        open_states = ["draft", "confirmed", "running", "waiting_quota", "paused"]
        begun = F("confirmed_at").asc(nulls_last=True)
        return self.filter(state__in=open_states).order_by(begun, "pk")

    def to_wake(self, moment: datetime) -> Self:
        """Active plans that a worker could go on with at that moment."""
        is_due = Q(resume_at=None) | Q(resume_at__lte=moment)
        return self.active().filter(is_due, account__state="connected")

    def for_list(self) -> Self:
        return self.select_related("account", "created_by", "confirmed_by").defer(
            "account__refresh_token", "account__access_token"
        )

    def acquire(self, pk: int) -> bool:
        """Take an active plan for work; False when it ended in the meantime."""
        return self.active().filter(pk=pk).update(state="running") == 1

    def urgent_waiting(self, moment: datetime) -> Self:
        """Single pushes that a worker could send at that moment."""
        return self.to_wake(moment).filter(is_urgent=True)

    def turn_of(self, plan: PushPlan, moment: datetime) -> Turn:
        """Whether a running plan may go on with its next item; one query.

        A plan that people put first or back meanwhile stops, to start anew there.
        """
        running = self.filter(pk=plan.pk, state="running").annotate(
            is_urgent_waiting=Exists(self.urgent_waiting(moment))
        )
        found = running.values_list("is_urgent_waiting", "is_urgent").first()
        if found is None:
            return Turn.STOPPED
        is_urgent_waiting, is_urgent = found
        if is_urgent != plan.is_urgent:
            return Turn.GIVES_WAY
        return Turn.GIVES_WAY if is_urgent_waiting and not is_urgent else Turn.GOES_ON


class PlanItemQuerySet(VisibleMixin, models.QuerySet["PlanItem"]):
    """Items of plans."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the videos in the scope."""
        return self.filter(scope.video("video__"))

    def pending(self) -> Self:
        return self.filter(state="pending")

    def for_push(self, target_kind: str, count: int) -> Self:
        """The next items of one kind with the values wanted and observed now."""
        return (
            self.pending()
            .filter(target_kind=target_kind)
            .select_related("video__snapshot", "video__channel")
            .order_by("pk")[:count]
        )

    def blocked_reasons(self) -> list[tuple[str, int]]:
        """Why items are blocked, the most frequent reason first."""
        rows = self.filter(state="blocked").order_by().values_list("blocked_by")
        return list(rows.annotate(count=Count("pk")).order_by("-count", "blocked_by"))

    def counts_by_state(self) -> dict[str, int]:
        return self._counts_by("state")

    def counts_by_kind(self) -> dict[str, int]:
        return self._counts_by("target_kind")

    def _counts_by(self, column: str) -> dict[str, int]:
        rows = self.order_by().values_list(column).annotate(count=Count("pk"))
        return dict(rows)

    def after(self, pk: int, count: int) -> Self:
        """The next items in the order of their keys."""
        return self.filter(pk__gt=pk).order_by("pk")[:count]


class MetadataSyncQuerySet(VisibleMixin, models.QuerySet["MetadataSync"]):
    """Attempts."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the videos in the scope."""
        return self.filter(scope.video("video__"))

    def for_list(self) -> Self:
        return self.select_related("video", "item__plan")

    def for_video(self, video: Video) -> Self:
        """The attempts that concern a video or the asset it shares, newest first."""
        concerned = Q(video=video)
        if video.primary_asset is not None:
            asset_id = video.primary_asset.asset_id
            concerned |= Q(target_kind="asset", target_id=asset_id)
        return self.filter(concerned).order_by("-pk")

    def left_open(self, items: Sequence[PlanItem]) -> Self:
        """Attempts whose worker died before the reply was recorded."""
        return self.filter(item__in=items, state="pending")

    def answered(self, items: Sequence[PlanItem], since: datetime) -> Self:
        """Writes whose reply is recorded, in the order in which they were made."""
        return self.filter(
            item__in=items, state="success", reply__isnull=False, created_at__gte=since
        ).order_by("pk")


class DayTotals(TypedDict):
    """What the ledger holds of a day."""

    used: int
    used_by_schedule: int
    is_closed: bool


class QuotaEntryQuerySet(VisibleMixin, models.QuerySet["QuotaEntry"]):
    """The ledger."""

    def within(self, scope: ScopeView) -> Self:
        """All: the quota of a Google project is the whole office's."""
        return self

    def of_day(self, project: str, day: date) -> Self:
        return self.filter(project=project, quota_on=day)

    def total_units(self) -> int:
        """Units that are spent or may be."""
        used = self.filter(state__in=["reserved", "spent"])
        total: int | None = used.aggregate(total=Sum("units"))["total"]
        return total or 0

    def totals(self) -> DayTotals:
        """Units in all and of scheduled refreshes, and whether YouTube said stop."""
        used, zero = Q(state__in=["reserved", "spent"]), Value(0)
        scheduled = used & Q(refresh__is_scheduled=True)
        totals: DayTotals = self.aggregate(
            used=Coalesce(Sum("units", filter=used), zero),
            used_by_schedule=Coalesce(Sum("units", filter=scheduled), zero),
            is_closed=Coalesce(BoolOr(Q(state="closed")), Value(False)),
        )  # type: ignore[assignment]
        return totals

    def is_closed(self) -> bool:
        return self.filter(state="closed").exists()

    def settle_open(
        self, *, plan: PushPlan | None = None, refresh: RefreshRun | None = None
    ) -> int:
        """Count what a dead worker had reserved as spent: nobody knows better."""
        of_work = Q(plan=plan) if plan is not None else Q(refresh=refresh)
        return self.filter(of_work, state="reserved").update(state="spent")


class RefreshRunQuerySet(VisibleMixin, models.QuerySet["RefreshRun"]):
    """Refresh runs."""

    def within(self, scope: ScopeView) -> Self:
        """A person's own, and those of content owners in the scope."""
        owned = scope.owner("account__content_owner")
        return self.filter(Q(requested_by=scope.user_pk) | owned)

    def active(self) -> Self:
        """Runs that a worker has to finish."""
        return self.filter(state__in=["waiting", "running", "waiting_quota"])

    def to_wake(self, moment: datetime) -> Self:
        """Active runs that a worker could go on with at that moment."""
        is_due = Q(resume_at=None) | Q(resume_at__lte=moment)
        return self.active().filter(is_due, account__state="connected")

    def for_list(self) -> Self:
        return self.select_related("account__content_owner", "requested_by").defer(
            "account__refresh_token", "account__access_token"
        )

    def acquire(self, pk: int) -> bool:
        """Take an active run for work; False when it ended in the meantime."""
        return self.active().filter(pk=pk).update(state="running") == 1

    def is_running(self, run: RefreshRun) -> bool:
        """Whether nobody cancelled it meanwhile."""
        return self.filter(pk=run.pk, state="running").exists()


class ReadEtagQuerySet(models.QuerySet["ReadEtag"]):
    """Marks of what was read."""

    def read_before(self, moment: datetime) -> Self:
        return self.filter(read_at__lt=moment)


class UploadsWalkQuerySet(models.QuerySet["UploadsWalk"]):
    """Lists of uploads that were read to their end."""

    def is_known(self, channel: Channel, since: datetime) -> bool:
        """Whether all that is new stands before all that is known."""
        return self.filter(channel=channel, ended_at__gte=since).exists()

    def note(self, channel_pk: int, moment: datetime) -> None:
        """The list was read to its end in a run that began at its beginning."""
        self.update_or_create(channel_id=channel_pk, defaults={"ended_at": moment})
