"""Data access of the catalogue: conditions, annotations and look-ups."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone

from catalog.clean_text import BLANKS
from catalog.exceptions import (
    ChangeSetNotFoundError,
    ChangeSetStateError,
    ChannelNotFoundError,
    VideoNotFoundError,
)

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        Asset,
        Change,
        ChangeSet,
        Channel,
        Claim,
        Conflict,
        ContentOwner,
        Highlight,
        HighlightCount,
        NonYouTubeShorts,
        Observation,
        OwnershipConflict,
        ShortsVerdict,
        Spreadsheet,
        SpreadsheetFinding,
        Video,
        YouTubeShorts,
    )

AnyUser = AbstractBaseUser | AnonymousUser

SHORT_LENGTH, LONG_LENGTH = 4 * 60, 20 * 60  # seconds, as YouTube's own filter


class VisibleMixin:
    """Every owned row is asked for through `visible_to`."""

    def visible_to(self, user: AnyUser) -> Self:
        """The rows this person may see (everything until people are scoped)."""
        return self


class ContentOwnerQuerySet(VisibleMixin, models.QuerySet["ContentOwner"]):
    """Content owners."""


class ChannelQuerySet(VisibleMixin, models.QuerySet["Channel"]):
    """Channels."""

    def get_by_channel_id(self, channel_id: str) -> Channel:
        """Return one channel; raises ChannelNotFoundError."""
        try:
            return self.get(channel_id=channel_id)
        except self.model.DoesNotExist as exc:
            raise ChannelNotFoundError(channel_id=channel_id) from exc

    def shown(self) -> Self:
        """Channels that nobody hid."""
        return self.filter(is_hidden=False)

    def search(self, text: str) -> Self:
        """Channels whose name, office name or ID holds the text."""
        return self.filter(
            Q(name__icontains=text)
            | Q(partner_name__icontains=text)
            | Q(channel_id__icontains=text)
        )


def search_words(text: str) -> list[str]:
    """The words of a search, in the form of `Video.search_text`.

    PostgreSQL lowers letter by letter; `str.lower` on a whole text would not,
    for example with İ and with a Σ that ends a word.
    """
    composed = unicodedata.normalize("NFC", text).strip(BLANKS)
    return "".join(letter.lower()[0] for letter in composed).split()


class VideoQuerySet(VisibleMixin, models.QuerySet["Video"]):
    """Videos; each method names one condition that people ask for."""

    def get_by_video_id(self, video_id: str) -> Video:
        """Return one video; raises VideoNotFoundError."""
        try:
            return self.get(video_id=video_id)
        except self.model.DoesNotExist as exc:
            raise VideoNotFoundError(video_id=video_id) from exc

    def for_list(self) -> Self:
        """What a list shows, without the texts it does not."""
        return self.select_related(
            "channel", "primary_asset", "statistics", "short"
        ).defer("description", "localizations", "search_text", "notes")

    def for_detail(self) -> Self:
        return self.select_related(
            "channel__content_owner",
            "primary_asset",
            "statistics",
            "short",
            "snapshot",
            "administered_by",
            "assignee",
        )

    def shown(self) -> Self:
        """Videos that nobody hid, on channels that nobody hid."""
        return self.filter(is_hidden=False, channel__is_hidden=False)

    def hidden(self) -> Self:
        """Videos that somebody hid, or whose channel somebody hid."""
        return self.exclude(is_hidden=False, channel__is_hidden=False)

    def pending_push(self) -> Self:
        """Videos whose wanted values differ from what YouTube last showed."""
        return self.exclude(pending_fields=[])

    def nothing_pending(self) -> Self:
        return self.filter(pending_fields=[])

    def search(self, text: str) -> Self:
        """Videos whose title, artist, label or identifiers hold every word.

        A word of one or two letters has no trigram of its own: it matches the
        beginning of a word, and in Chinese, Japanese and Korean text any place,
        because the search text holds their letters pair by pair.
        """
        found = self
        for word in search_words(text):
            found = found.filter(
                search_text__contains=f" {word}" if len(word) < 3 else word
            )
        return found

    def narrowed_by(self, text: str) -> Self:
        """Use the search index for a condition that its own column confirms."""
        words = [word for word in search_words(text) if len(word) > 2]
        return self.filter(*(Q(search_text__contains=word) for word in words))

    def by_artist(self, name: str) -> Self:
        """Videos with an artist whose name holds the text, in any case."""
        names = Func(
            F("artist"),
            Value("\n"),
            function="array_to_string",
            output_field=models.TextField(),
        )
        found = self.narrowed_by(name).alias(artist_names=names)
        return found.filter(artist_names__icontains=name)

    def by_label(self, name: str) -> Self:
        """Videos with a record label whose name holds the text, in any case."""
        return self.narrowed_by(name).filter(label__icontains=name)

    def published_from(self, day: date) -> Self:
        return self.filter(published_at__gte=datetime.combine(day, time.min, UTC))

    def published_until(self, day: date) -> Self:
        """Videos published on this day (UTC) or earlier."""
        return self.filter(published_at__lte=datetime.combine(day, time.max, UTC))

    def in_order(self, column: str, *, is_descending: bool) -> Self:
        """Unknown values come last; ascending is the exact reverse of that."""
        if is_descending:
            return self.order_by(F(column).desc(nulls_last=True), "-pk")
        return self.order_by(F(column).asc(nulls_first=True), "pk")

    def length_short(self) -> Self:
        return self.filter(length_seconds__lt=SHORT_LENGTH)

    def length_medium(self) -> Self:
        return self.filter(
            length_seconds__gte=SHORT_LENGTH, length_seconds__lt=LONG_LENGTH
        )

    def length_long(self) -> Self:
        return self.filter(length_seconds__gte=LONG_LENGTH)

    def missing(self, field: str) -> Self:
        """Videos, with an asset or without, that lack this identifier or name."""
        empty: Any = [] if field in {"artist", "genre"} else ""
        return self.filter(**{field: empty})

    def with_verdict(self, verdict: str) -> Self:
        return self.filter(short__verdict=verdict)

    def with_open_conflicts(self) -> Self:
        is_open = Q(conflicts__state="open")
        return self.filter(
            Exists(self.model.objects.filter(is_open, pk=OuterRef("pk")))
        )

    def keys_sql(self) -> tuple[str, tuple[Any, ...]]:
        """The primary keys as a subquery for set-based SQL, with its parameters."""
        try:
            return self.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # Django knows that nothing can match
            return "SELECT NULL::bigint AS id WHERE false", ()

    def in_change_set(self, change_set: ChangeSet) -> Self:
        return self.filter(changes__change_set=change_set).distinct()

    def no_longer_listed(self) -> Self:
        """Videos that the newest video report of their owner left out."""
        return self.exclude(missing_since=None)

    def gone_from_youtube(self) -> Self:
        return self.exclude(not_found_at=None)


class AssetQuerySet(VisibleMixin, models.QuerySet["Asset"]):
    """Assets."""

    def listed(self) -> Self:
        """Assets that neither ended nor were merged into another one."""
        return self.filter(ended_at=None, merged_into=None)

    def with_constituents(self) -> Self:
        """Assets that others were merged into, by what their reports say."""
        return self.filter(constituent_asset_ids__isnull=False).exclude(
            constituent_asset_ids=[]
        )


class OwnershipConflictQuerySet(VisibleMixin, models.QuerySet["OwnershipConflict"]):
    """Conflicts of ownership."""

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def open_first(self) -> Self:
        return self.order_by(F("ended_at").desc(nulls_first=True), "-pk")


class ClaimQuerySet(VisibleMixin, models.QuerySet["Claim"]):
    """Claims."""

    def active(self) -> Self:
        """Claims that are still listed and not closed."""
        return self.filter(ended_at=None).exclude(status__iexact="inactive")

    def for_video(self, video: Video) -> Self:
        """The claims on one video with their assets."""
        return self.filter(video_id=video.video_id).select_related("asset")


class ShortsVerdictQuerySet(VisibleMixin, models.QuerySet["ShortsVerdict"]):
    """Shorts verdicts."""

    def for_list(self) -> Self:
        return self.select_related("video__channel", "video__statistics", "decided_by")


class YouTubeShortsManager(models.Manager["YouTubeShorts"]):
    """Only the videos that are Shorts."""

    def get_queryset(self) -> ShortsVerdictQuerySet:  # type: ignore[override]
        return ShortsVerdictQuerySet(self.model, using=self._db).filter(verdict="yes")


class NonYouTubeShortsManager(models.Manager["NonYouTubeShorts"]):
    """Only the videos that are certainly no Shorts."""

    def get_queryset(self) -> ShortsVerdictQuerySet:  # type: ignore[override]
        return ShortsVerdictQuerySet(self.model, using=self._db).filter(verdict="no")


class ObservationQuerySet(VisibleMixin, models.QuerySet["Observation"]):
    """Observations."""


class ChangeSetQuerySet(VisibleMixin, models.QuerySet["ChangeSet"]):
    """Change sets."""

    def get_by_pk(self, pk: int) -> ChangeSet:
        """Return one change set; raises ChangeSetNotFoundError."""
        try:
            return self.get(pk=pk)
        except self.model.DoesNotExist as exc:
            raise ChangeSetNotFoundError(change_set=pk) from exc

    def move(
        self, change_set: ChangeSet, *, allowed: Collection[str], to: str, **facts: Any
    ) -> None:
        """Bring one change set into another state, once, whoever else tries.

        Raises ChangeSetStateError when it is in none of the allowed states.
        """
        facts = {**facts, "state": to, "updated_at": timezone.now()}
        moved = self.filter(pk=change_set.pk, state__in=allowed).update(**facts)
        if not moved:
            raise ChangeSetStateError
        for name, value in facts.items():
            setattr(change_set, name, value)

    def waiting(self) -> Self:
        """Those that a worker has to plan or to apply."""
        return self.filter(state__in=["planning", "applying"])

    def undecided_since(self, moment: datetime) -> Self:
        """Drafts and plans that nobody applied or discarded since then."""
        return self.filter(state__in=["draft", "planned"], created_at__lt=moment)

    def search(self, text: str) -> Self:
        """By reason, person, number, or the YouTube ID of a video it changed."""
        found = Q(reason__icontains=text) | Q(actor__username__icontains=text)
        if text.isdecimal() and len(text) < 19:
            found |= Q(pk=int(text))
        return self.filter(found | Q(pk__in=self.touching(text).values("pk")))

    def touching(self, video_id: str) -> Self:
        """Those with a change of the video of this YouTube ID."""
        of_video = self.model.objects.filter(changes__video__video_id=video_id)
        return self.filter(pk__in=of_video.values("pk"))


class ChangeQuerySet(VisibleMixin, models.QuerySet["Change"]):
    """Changes: with a video or channel, its history."""

    def exceptions(self) -> Self:
        """What was skipped, refused or left out."""
        return self.filter(outcome__in=["moved", "invalid", "excluded"])

    def history(self) -> Self:
        """What really happened, newest first, with who did it."""
        return self.filter(outcome="applied").select_related(
            "change_set__actor", "observation"
        )


class ConflictQuerySet(VisibleMixin, models.QuerySet["Conflict"]):
    """Conflicts."""

    def open(self) -> Self:
        return self.filter(state="open")

    def counts_by_field(self) -> list[tuple[str, int]]:
        """How many conflicts each field has, the most first."""
        counts = self.order_by().values_list("field").annotate(amount=Count("pk"))
        return list(counts.order_by("-amount", "field"))


class HighlightQuerySet(VisibleMixin, models.QuerySet["Highlight"]):
    """Highlights, in the order of their daily views."""

    def for_list(self) -> Self:
        """With what a line of a list names."""
        return self.select_related("video", "channel", "asset").defer(
            "video__description",
            "video__localizations",
            "video__search_text",
            "video__notes",
            "channel__description",
        )

    def search(self, text: str) -> Self:
        """Highlights of videos whose title, artist, label or ID holds every word."""
        found = self
        for word in search_words(text):
            found = found.filter(
                video__search_text__contains=f" {word}" if len(word) < 3 else word
            )
        return found

    def after(self, last: Highlight) -> Self:
        """What stands behind this one in the order of the list."""
        same = Q(pk__gt=last.pk)
        if last.daily_views is None:
            return self.filter(same, daily_views=None)
        behind = Q(daily_views__lt=last.daily_views) | Q(daily_views=None)
        return self.filter(behind | (same & Q(daily_views=last.daily_views)))


class HighlightCountQuerySet(VisibleMixin, models.QuerySet["HighlightCount"]):
    """Exact counts of highlights by kind and channel."""


class SpreadsheetQuerySet(VisibleMixin, models.QuerySet["Spreadsheet"]):
    """Uploaded sheets."""

    def for_list(self) -> Self:
        return self.select_related("actor", "change_set", "mapping").defer("samples")

    def unfinished(self) -> Self:
        """Sheets that a worker has to compare."""
        return self.filter(state__in=self.model.UNFINISHED)


class SpreadsheetFindingQuerySet(VisibleMixin, models.QuerySet["SpreadsheetFinding"]):
    """Rows and cells of sheets that were not taken."""

    def after(self, finding: SpreadsheetFinding) -> Self:
        """What follows in the order of the sheet."""
        later_cell = Q(line=finding.line, pk__gt=finding.pk)
        return self.filter(Q(line__gt=finding.line) | later_cell)
