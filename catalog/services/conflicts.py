"""A person decides between our value and YouTube's."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from catalog.models import ChangeSet, Conflict
from catalog.services.videos import update_video


def resolve_conflict(
    *, conflict: Conflict, take_theirs: bool, actor: User
) -> ChangeSet | None:
    """Keep ours (it stays an unpushed edit) or take YouTube's value.

    Raises StaleEditError when our value moved since the page was opened.
    """
    with transaction.atomic():
        open_ones = Conflict.objects.open().filter(pk=conflict.pk)
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
