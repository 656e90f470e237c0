"""Refresh runs: what was read from YouTube, how far a run is, what it found."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.models import Observation, Video
from youtube_sync.models.account import YouTubeAccount
from youtube_sync.querysets import ReadEtagQuerySet, RefreshRunQuerySet
from ytmanager.models import TimestampedModel

STATES = (
    "waiting",
    "running",
    "waiting_quota",
    "completed",
    "failed",
    "cancelled",
)


class RefreshRun(TimestampedModel):
    """One refresh of a content owner's videos, of a selection, or of one video.

    It goes through its steps in order; `cursor` is the key of the last row of
    the step whose facts are in the catalogue.
    """

    class Scope(models.TextChoices):
        """What is read."""

        CATALOGUE = "catalogue", "Whole catalogue"
        SELECTION = "selection", "Selection"
        VIDEO = "video", "One video"

    class State(models.TextChoices):
        """Waiting: for a worker, for the account, or for an outage to end."""

        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        WAITING_QUOTA = "waiting_quota", "Waiting for quota"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Step(models.TextChoices):
        """In the order in which they are done."""

        VIDEOS = "videos", "Known videos"
        UPLOADS = "uploads", "New uploads"
        ASSETS = "assets", "Claims and assets"
        DONE = "done", "Done"

    ACTIVE = (State.WAITING, State.RUNNING, State.WAITING_QUOTA)
    COUNTS = (
        "call_count",
        "read_count",
        "changed_count",
        "unchanged_count",
        "new_count",
        "missing_count",
        "gone_count",
        "back_count",
        "conflict_count",
        "asset_count",
    )

    account = models.ForeignKey(
        YouTubeAccount, models.PROTECT, related_name="refresh_runs"
    )
    scope = models.CharField(max_length=10, choices=Scope.choices)
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.WAITING
    )
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.VIDEOS)
    message = models.TextField(blank=True, help_text="Why it waits or failed.")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    is_scheduled = models.BooleanField(
        "scheduled",
        default=False,
        help_text="Stays within the share of the quota for scheduled refreshes.",
    )
    with_counters = models.BooleanField("counters", default=True)
    with_uploads = models.BooleanField("new uploads", default=False)
    with_assets = models.BooleanField("claims and assets", default=False)
    cursor = models.BigIntegerField(default=0)
    last_video_pk = models.BigIntegerField(default=0)
    page_token = models.TextField(blank=True)
    total_count = models.IntegerField("videos to read", default=0)
    call_count = models.IntegerField("calls", default=0)
    read_count = models.IntegerField("videos read", default=0)
    changed_count = models.IntegerField("changed", default=0)
    unchanged_count = models.IntegerField("unchanged", default=0)
    new_count = models.IntegerField("new", default=0)
    missing_count = models.IntegerField("not shown by YouTube", default=0)
    gone_count = models.IntegerField("marked not found", default=0)
    back_count = models.IntegerField("found again", default=0)
    conflict_count = models.IntegerField("conflicts", default=0)
    asset_count = models.IntegerField("assets read", default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    resume_at = models.DateTimeField(null=True, help_text="When it goes on.")

    objects = RefreshRunQuerySet.as_manager()

    class Meta:
        verbose_name = "refresh"
        verbose_name_plural = "refreshes"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=STATES), name="youtube_sync_refresh_state_valid"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=["catalogue", "selection", "video"]),
                name="youtube_sync_refresh_scope_valid",
            ),
        )
        indexes = (
            models.Index(
                fields=["state"],
                condition=Q(state__in=["waiting", "running", "waiting_quota"]),
                name="youtube_sync_refresh_active",
            ),
        )

    def __str__(self) -> str:
        return f"Refresh {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def steps(self) -> list[str]:
        """The steps that this run goes through."""
        wanted = {
            self.Step.VIDEOS: True,
            self.Step.UPLOADS: self.with_uploads,
            self.Step.ASSETS: self.with_assets,
        }
        return [step for step, is_wanted in wanted.items() if is_wanted]

    def finish_step(self) -> None:
        """Go on to the next step, from its beginning."""
        steps = [*self.steps, self.Step.DONE]
        self.step = steps[steps.index(self.step) + 1]
        self.cursor, self.page_token = 0, ""
        self.save(update_fields=["step", "cursor", "page_token", "updated_at"])

    def change_state(
        self,
        state: RefreshRun.State,
        message: str = "",
        *,
        resume_at: datetime | None = None,
    ) -> None:
        """Move to a state, with the moments that belong to it."""
        self.state, self.message, self.resume_at = state, message, resume_at
        changed = ["state", "message", "resume_at", "updated_at"]
        if state == self.State.RUNNING and self.started_at is None:
            self.started_at = timezone.now()
            changed.append("started_at")
        if not self.is_active:
            self.finished_at = timezone.now()
            changed.append("finished_at")
        self.save(update_fields=changed)


class RefreshTarget(models.Model):
    """A video of a run over a selection; gone once the run is over."""

    run = models.ForeignKey(
        RefreshRun, models.CASCADE, db_index=False, related_name="targets"
    )
    video = models.ForeignKey(
        Video, models.CASCADE, db_index=False, related_name="refresh_targets"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["run", "video"], name="youtube_sync_refreshtarget_video"
            ),
        )

    def __str__(self) -> str:
        return f"{self.video_id} of refresh {self.run_id}"


class RefreshRead(models.Model):
    """Some calls of a run whose facts were merged together, as one observation."""

    run = models.ForeignKey(RefreshRun, models.CASCADE, related_name="reads")
    observation = models.OneToOneField(
        Observation, models.CASCADE, primary_key=True, related_name="refresh_read"
    )

    def __str__(self) -> str:
        return f"observation {self.pk} of refresh {self.run_id}"


class MissedVideo(models.Model):
    """A video that the last refresh which asked for it was not shown."""

    video = models.OneToOneField(
        Video, models.CASCADE, primary_key=True, related_name="missed"
    )
    run = models.ForeignKey(RefreshRun, models.CASCADE, related_name="missed")
    missed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"video {self.pk} missed at {self.missed_at}"


class ReadEtag(models.Model):
    """YouTube's mark of the content of one call, so that it may answer "the same".

    `key` is a sum of the account's owner, the parts and the ids of the call.
    """

    key = models.CharField(max_length=64, primary_key=True)
    etag = models.TextField()
    read_at = models.DateTimeField()

    objects = ReadEtagQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["read_at"], name="youtube_sync_readetag_age"),)

    def __str__(self) -> str:
        return self.key
