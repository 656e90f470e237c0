"""Change sets, changes, and conflicts with observations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from catalog.exceptions import ChangeSetNotFoundError, ChangeSetStateError
from catalog.querysets.visibility import (
    AnyUser,
    ScopeView,
    VisibleMixin,
    scope_of,
)

if TYPE_CHECKING:
    from catalog.models import (  # noqa: F401 - named by the base classes
        Change,
        ChangeSet,
        Conflict,
        Observation,
    )


class ChangeSetQuerySet(VisibleMixin, models.QuerySet["ChangeSet"]):
    """Change sets."""

    def within(self, scope: ScopeView) -> Self:
        """A person's own, and those that touch what is in the scope."""
        touching = self._changes().filter(change_set=OuterRef("pk")).within(scope)
        return self.filter(Q(actor=scope.user_pk) | Exists(touching))

    def changeable_by(self, user: AnyUser) -> Self:
        """Those that a person may apply, stop or narrow: nothing else is in them."""
        scope = scope_of(user)
        if scope is None:
            return self
        seen = self._changes().filter(pk=OuterRef("pk")).within(scope)
        others = self._changes().filter(~Exists(seen), change_set=OuterRef("pk"))
        own = Q(actor=scope.user_pk)
        return self.within(scope).filter(own | Q(~Exists(others)))

    def _changes(self) -> ChangeQuerySet:
        rows: ChangeQuerySet = apps.get_model("catalog", "Change").objects.order_by()
        return rows

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
        undecided = self.filter(state__in=["draft", "planned"], created_at__lt=moment)
        # A form that was corrected is a new plan.
        return undecided.exclude(state="planned", planned_at__gte=moment)

    def given_up_before(self, moment: datetime) -> Self:
        """Plans that expired or were discarded before then."""
        return self.filter(state__in=self.model.GIVEN_UP, updated_at__lt=moment)

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

    def within(self, scope: ScopeView) -> Self:
        """Those of the videos and channels in the scope."""
        return self.filter(scope.video("video__") | scope.channel("channel__"))

    def exceptions(self) -> Self:
        """What was skipped, refused or left out."""
        return self.filter(outcome__in=["moved", "invalid", "excluded"])

    def history(self) -> Self:
        """What really happened, newest first, with who did it."""
        return self.filter(outcome="applied").select_related(
            "change_set__actor", "change_set__applied_by", "observation"
        )


class ConflictQuerySet(VisibleMixin, models.QuerySet["Conflict"]):
    """Conflicts."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the videos in the scope."""
        return self.filter(scope.video("video__"))

    def open(self) -> Self:
        return self.filter(state="open")

    def found_in(self, observation: Observation) -> Self:
        """Conflicts that this observation opened, or met with a new value."""
        met = observation.changes.filter(
            video=OuterRef("video"), field=OuterRef("field"), outcome="conflict"
        )
        then = observation.created_at
        was_open = Q(closed_at=None) | Q(closed_at__gt=then)
        return self.filter(was_open, Exists(met), opened_at__lte=then)

    def counts_by_field(self) -> list[tuple[str, int]]:
        """How many conflicts each field has, the most first."""
        counts = self.order_by().values_list("field").annotate(amount=Count("pk"))
        return list(counts.order_by("-amount", "field"))


class ObservationQuerySet(VisibleMixin, models.QuerySet["Observation"]):
    """Observations."""

    def within(self, scope: ScopeView) -> Self:
        """Those of the content owners in the scope."""
        return self.filter(scope.owner())
