"""Names that steps of a bulk edit never split."""

import structlog
from django.contrib.auth.models import User

from catalog.models import NeverSplitName

logger = structlog.get_logger(__name__)


def add_name(*, name: str, actor: User) -> tuple[NeverSplitName, bool]:
    """Keep a name whole; tells whether it is new."""
    made, is_new = NeverSplitName.objects.get_or_create(name=name)
    if is_new:
        logger.info("never_split_name_added", name_pk=made.pk, user_pk=actor.pk)
    return made, is_new


def remove_name(*, name: NeverSplitName, actor: User) -> None:
    """Let it be split again."""
    pk, _ = name.pk, name.delete()
    logger.info("never_split_name_removed", name_pk=pk, user_pk=actor.pk)
