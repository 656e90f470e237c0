"""What people want by mail."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from ytmanager.models import MailChoice


def choose_mail(*, user: User, paces: Mapping[str, str]) -> None:
    """Keep one pace for each kind; an empty one means no mail."""
    choices = [
        MailChoice(user=user, kind=kind, pace=pace)
        for kind, pace in paces.items()
        if pace
    ]
    with transaction.atomic():
        MailChoice.objects.filter(user=user, kind__in=list(paces)).delete()
        MailChoice.objects.bulk_create(choices)
