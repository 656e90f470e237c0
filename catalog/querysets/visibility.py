"""Who may see a row."""

from typing import Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

AnyUser = AbstractBaseUser | AnonymousUser


class VisibleMixin:
    """Every owned row is asked for through `visible_to`."""

    def visible_to(self, user: AnyUser) -> Self:
        """The rows this person may see (everything until people are scoped)."""
        return self
