"""A person decides between our value and YouTube's."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from catalog.exceptions import StaleEditError
from catalog.models import ChangeSet, Conflict
from catalog.querysets import ConflictQuerySet
from catalog.services.videos import update_video


def resolve_conflict(
    *,
    conflict: Conflict,
    take_theirs: bool,
    actor: User,
    seen_observation: int | None = None,
) -> ChangeSet | None:
    """Keep ours (it stays an unpushed edit) or take YouTube's value.

    `seen_observation` is the key of the observation whose value the person saw.
    Raises StaleEditError when YouTube's value or ours moved since then.
    """
    with transaction.atomic():
        open_ones = Conflict.objects.open().filter(pk=conflict.pk)
        if seen_observation is not None:
            _refuse_moved(open_ones, seen_observation)
        closed = open_ones.update(
            state=Conflict.State.TOOK_THEIRS
            if take_theirs
            else Conflict.State.KEPT_OURS,
            closed_at=timezone.now(),
            closed_by=actor,
        )
        if not closed or not take_theirs:
            return None
        return update_video(
            video=conflict.video,
            values={conflict.field: conflict.theirs},
            base={conflict.field: conflict.ours},
            actor=actor,
            kind=ChangeSet.Kind.CONFLICT,
        )


def _refuse_moved(conflicts: ConflictQuerySet, seen_observation: int) -> None:
    current = conflicts.select_for_update().first()
    if current and current.observation_id != seen_observation:
        raise StaleEditError(
            "YouTube shows another value by now. Nothing was decided; "
            "compare again and decide."
        )
