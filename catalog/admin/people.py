"""Whom videos can be assigned to."""

from django.contrib.auth.models import User
from django.db.models import QuerySet


def people() -> QuerySet[User]:
    """Everybody who may sign in."""
    return User.objects.filter(is_active=True).order_by("username")
