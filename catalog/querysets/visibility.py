"""Who may see a row.

A person may have a scope: rows that name content owners, channels or labels. Who has
none sees everything, and asks the same SQL as if there were no scopes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Self

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q

from catalog.querysets.search import search_words

AnyUser = AbstractBaseUser | AnonymousUser
HAS_SCOPE = "has_scope"  # an annotation of the query that loads a person
_VIEW = "_scope_view"


class ScopeQuerySet(models.QuerySet[Any]):
    """Rows of scopes."""

    def of(self, user_pk: int, kind: str) -> ArraySubquery:
        """What one person's rows of a kind name, as an array."""
        nothing: Any = "" if kind == "label" else None
        rows = self.filter(user=user_pk).exclude(**{kind: nothing})
        return ArraySubquery(rows.order_by().values(kind))


class AnyOf(Func):
    """A column is one of an array that PostgreSQL reads once: index-backed."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


@dataclass(frozen=True, slots=True)
class ScopeView:
    """What a person with a scope sees, as conditions on rows.

    `path` leads from the row to what the condition is about, as `video__`. Only the
    arms that a scope has are asked for, so that each finds its index.
    """

    user_pk: int
    has_channels: bool
    labels: tuple[str, ...]

    def owner(self, column: str = "content_owner") -> Q:
        """Rows of content owners in the scope."""
        return Q(AnyOf(F(column), _scopes().of(self.user_pk, "content_owner")))

    def channel(self, path: str = "") -> Q:
        """Rows of channels in the scope, or of its content owners' channels."""
        named = Q(AnyOf(F(f"{path}pk"), _scopes().of(self.user_pk, "channel")))
        return self.owner(f"{path}content_owner") | named

    def video(self, path: str = "") -> Q:
        """Rows of videos on such channels, or with a label of the scope."""
        arms = [_with_label(label, path) for label in self.labels]
        if self.has_channels or not arms:
            channels = apps.get_model("catalog", "Channel").objects.order_by()
            seen = ArraySubquery(channels.filter(self.channel()).values("pk"))
            arms.append(Q(AnyOf(F(f"{path}channel"), seen)))
        return reduce(or_, arms)

    def has_video(self, **link: Any) -> Exists:
        """Whether a video of the scope is linked as told, as `pk=OuterRef("video")`."""
        videos = apps.get_model("catalog", "Video").objects.order_by()
        return Exists(videos.filter(self.video(), **link))


def _with_label(label: str, path: str) -> Q:
    """The search index finds the words of a label; the column confirms it."""
    words = [word for word in search_words(label) if len(word) > 2]
    found = Q(**{f"{path}label": label})
    for word in words:
        found &= Q(**{f"{path}search_text__contains": word})
    return found


def _scopes() -> ScopeQuerySet:
    rows: ScopeQuerySet = apps.get_model("catalog", "Scope").objects.all()
    return rows


def with_scope(people: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Load with each person whether they have a scope, in the same query."""
    has_scope = Exists(_scopes().filter(user=OuterRef("pk")).order_by())
    annotated: models.QuerySet[Any] = people.annotate(**{HAS_SCOPE: has_scope})
    return annotated


def scope_of(user: AnyUser) -> ScopeView | None:
    """What a person is kept to; None: they see everything.

    Costs a query for a person who has one, once for each object.
    """
    if not is_scoped(user):
        return None
    view: ScopeView | None = getattr(user, _VIEW, None)
    if view is None:
        view = _read(int(user.pk or 0))
        setattr(user, _VIEW, view)
    return view


def is_scoped(user: AnyUser) -> bool:
    """Whether a person sees a part only.

    Costs a query only for a person who was not loaded by `with_scope`.
    """
    if user.pk is None or getattr(user, "is_superuser", False):
        return False
    has_scope: bool | None = getattr(user, HAS_SCOPE, None)
    if has_scope is None:
        has_scope = _scopes().filter(user=user.pk).exists()
        setattr(user, HAS_SCOPE, has_scope)
    return has_scope


def _read(user_pk: int) -> ScopeView:
    labelled = ~Q(label="")
    found = _scopes().filter(user=user_pk).order_by()
    facts = found.aggregate(
        labels=ArrayAgg("label", filter=labelled),
        others=Count("pk", filter=~labelled),
    )
    return ScopeView(user_pk, bool(facts["others"]), tuple(facts["labels"] or ()))


class VisibleMixin:
    """Every owned row is asked for through `visible_to`."""

    def visible_to(self, user: AnyUser) -> Self:
        """The rows this person may see."""
        scope = scope_of(user)
        return self if scope is None else self.within(scope)

    def within(self, scope: ScopeView) -> Self:
        """The rows of a scope; each kind of row says which those are."""
        raise NotImplementedError
