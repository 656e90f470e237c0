"""What an event is about, and whether somebody with a scope may hear of it.

This module knows no app: each app tells how its rows are found for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Model

from ytmanager.realtime.events import EVERYONE, user_group

Finder = Callable[[Any, Sequence[str]], Iterable[Any]]
Subject = tuple[str, str]  # what names it in a payload, and its key
Heard = tuple[Mapping[str, Any], Sequence[str]]  # payload and groups of an event
Sent = tuple[dict[str, Any], Sequence[str]]  # an event as it is sent, and its groups

# The first of these that a payload has is what its event is about.
NAMES = (
    "video_id",
    "channel_id",
    "asset_id",
    "report",
    "plan",
    "refresh",
    "change_set",
    "observation",
)
ROOMS = {
    "video": "video_id",
    "channel": "channel_id",
    "asset": "asset_id",
    "report": "report",
    "plan": "plan",
    "refresh": "refresh",
    "changeset": "change_set",
}
# What is told of a batch in which somebody may see some rows.
HINT: Mapping[str, Any] = {"is_hint": True}
_FINDERS: dict[str, Finder] = {}
_CONCERNED: dict[str, Finder] = {}
_SCOPED: list[Callable[[Any], bool]] = []


def subject(name: str, model: type[Model], key: str = "pk") -> None:
    """Register the rows that events name so; their QuerySet has `visible_to`."""

    def find(user: Any, keys: Sequence[str]) -> Iterable[Any]:
        rows: Any = model._default_manager
        seen = rows.visible_to(user).filter(**{f"{key}__in": keys})
        return cast(Iterable[Any], seen.order_by().values_list(key, flat=True))

    _FINDERS[name] = find


def scope_told_by(function: Callable[[Any], bool]) -> None:
    """Register what tells whether a person sees a part only."""
    _SCOPED[:] = [function]


def is_scoped(user: Any) -> bool:
    return any(tells(user) for tells in _SCOPED)


def concerned(name: str) -> Callable[[Finder], Finder]:
    """Register of which subjects a person may see rows, though not the whole."""

    def register(function: Finder) -> Finder:
        _CONCERNED[name] = function
        return function

    return register


def told(user: Any, events: Sequence[Heard]) -> list[Mapping[str, Any] | None]:
    """What a person is told of each event; None: nothing.

    Who sees a part hears what is about a row of it, and what is for them alone. Of
    a batch that may hold rows of it, only that lists are to be read again. A query
    for each kind of subject.
    """
    if not is_scoped(user):
        return [payload for payload, _ in events]
    own = user_group(user.pk)
    about = [_subjects_of(payload, groups) for payload, groups in events]
    seen = _found(_FINDERS, user, chain.from_iterable(about))
    left = [subjects for subjects in about if seen.isdisjoint(subjects)]
    near = _found(_CONCERNED, user, chain.from_iterable(left))
    return [
        payload
        if own in groups or not seen.isdisjoint(subjects)
        else _hint(payload, subjects, near)
        for (payload, groups), subjects in zip(events, about, strict=True)
    ]


def _hint(
    payload: Mapping[str, Any], subjects: list[Subject], near: set[Subject]
) -> Mapping[str, Any] | None:
    """Neither numbers nor names: only that something changed."""
    is_batch = "count" in payload
    is_near = not subjects or not near.isdisjoint(subjects)
    return HINT if is_batch and is_near else None


def as_told(user: Any, events: Sequence[Sent]) -> list[Sent]:
    """The events that a person hears of, each with what they are told in it."""
    payloads = told(user, [(event["payload"], groups) for event, groups in events])
    return [
        ({**event, "payload": payload}, groups)
        for (event, groups), payload in zip(events, payloads, strict=True)
        if payload is not None
    ]


def as_told_with_scope(user_pk: int, events: Sequence[Sent]) -> list[Sent]:
    """The same for a connection, which knows the key of its person."""
    return as_told(User(pk=user_pk), events)


def rooms_with_scope(user_pk: int, groups: Iterable[str]) -> set[str]:
    """Of these groups, the ones about rows that the person sees."""
    user, asked = User(pk=user_pk), set(groups)
    if not is_scoped(user):
        return asked
    seen = _found(_FINDERS, user, _rooms(asked))
    return {
        group
        for group in asked
        if group == EVERYONE or not seen.isdisjoint(_rooms([group]))
    }


def _subjects_of(payload: Mapping[str, Any], groups: Sequence[str]) -> list[Subject]:
    """What the payload names first; else the rooms in which it is heard."""
    name = next((name for name in NAMES if payload.get(name) is not None), None)
    return _rooms(groups) if name is None else [(name, str(payload[name]))]


def _rooms(groups: Iterable[str]) -> list[Subject]:
    parts = [group.partition(".") for group in groups]
    return [(ROOMS[kind], key) for kind, _, key in parts if kind in ROOMS]


def _found(
    finders: Mapping[str, Finder], user: Any, subjects: Iterable[Subject]
) -> set[Subject]:
    keys: dict[str, list[str]] = defaultdict(list)
    for name, key in set(subjects):
        keys[name].append(key)
    return {
        (name, str(key))
        for name, asked in keys.items()
        if name in finders
        for key in finders[name](user, asked)
    }
