"""Videos: each method names one condition that people ask for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value

from catalog.exceptions import VideoNotFoundError
from catalog.querysets.search import search_condition, search_words
from catalog.querysets.visibility import AnyUser, ScopeView, VisibleMixin

if TYPE_CHECKING:
    from catalog.models import Change, ChangeSet, Observation, Video

SHORT_LENGTH, LONG_LENGTH = 4 * 60, 20 * 60  # seconds, as YouTube's own filter


class VideoQuerySet(VisibleMixin, models.QuerySet["Video"]):
    """Videos; each method names one condition that people ask for."""

    def within(self, scope: ScopeView) -> Self:
        """Those on channels in the scope, and those with a label of it."""
        return self.filter(scope.video())

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

    def with_assignee(self) -> Self:
        """A query of its own: few videos have one, and a join costs each page."""
        return self.prefetch_related("assignee")

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
        """Videos that hold every word; see `search_condition`."""
        return self.filter(search_condition(text))

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

    def without_asset(self) -> Self:
        return self.filter(primary_asset=None)

    def daily_counts(self) -> dict[str, int]:
        """How many there are, and how many of each kind that needs work."""
        kinds = {
            "unpushed": ~Q(pending_fields=[]),
            "missing_isrc": Q(isrc=""),
            "missing_upc": Q(upc=""),
            "missing_artist": Q(artist=[]),
            "missing_asset": Q(primary_asset=None),
        }
        counts = {name: Count("pk", filter=kind) for name, kind in kinds.items()}
        return self.order_by().aggregate(videos=Count("pk"), **counts)

    def with_verdict(self, verdict: str) -> Self:
        return self.filter(short__verdict=verdict)

    def with_open_conflicts(self) -> Self:
        is_open = Q(conflicts__state="open")
        return self.filter(
            Exists(self.model.objects.filter(is_open, pk=OuterRef("pk")))
        )

    def assigned_to(self, user: AnyUser) -> Self:
        return self.filter(assignee=user.pk)

    def assigned_to_nobody(self) -> Self:
        return self.filter(assignee=None)

    def keys_sql(self) -> tuple[str, tuple[Any, ...]]:
        """The primary keys as a subquery for set-based SQL, with its parameters."""
        try:
            return self.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # Django knows that nothing can match
            return "SELECT NULL::bigint AS id WHERE false", ()

    def in_change_set(self, change_set: ChangeSet) -> Self:
        return self.filter(changes__change_set=change_set).distinct()

    def new_in(self, observation: Observation) -> Self:
        """Videos that this observation brought into the catalogue."""
        return self.filter(Exists(self._moves_in(observation, field="created")))

    def changed_in(self, observation: Observation) -> Self:
        """Known videos that this observation counts as changed.

        Not those beside it that moved with an asset which they share.
        """
        moves = self._moves_in(observation).exclude(field="created")
        beside = self._moves_in(observation, field="shared_asset")
        return self.filter(Exists(moves), ~Exists(beside))

    def _moves_in(
        self, observation: Observation, **lookups: Any
    ) -> models.QuerySet[Change]:
        return observation.changes.filter(video=OuterRef("pk"), **lookups)

    def no_longer_listed(self) -> Self:
        """Videos that the newest video report of their owner left out."""
        return self.exclude(missing_since=None)

    def last_read_before(self, moment: datetime) -> Self:
        """Videos that YouTube may still show, with counters or texts older than that.

        Videos that nothing ever read hold nothing of YouTube's.
        """
        is_old = Q(statistics__counters_as_of__lt=moment) | Q(
            statistics__snippet_as_of__lt=moment
        )
        return self.filter(is_old, not_found_at=None)

    def gone_from_youtube(self) -> Self:
        return self.exclude(not_found_at=None)
