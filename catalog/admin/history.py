"""Who changed what, through which door, and where it came from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from catalog import fields
from catalog.changesets.primary_assets import PRIMARY_ASSET
from catalog.models import Change, Channel, Video
from catalog.origins import OriginLink, origin_links
from catalog.templatetags.catalog_values import described, field_label

HISTORY_ROWS = 25
FIRST_VALUES = {"created", "first_observed"}
# Several facts that nobody edits, and what to call them together.
OBSERVED_FACTS = {"observed": "also on YouTube", "shared_asset": "its asset moved"}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change, ready to be read."""

    change: Change
    who: str
    door: str
    link: OriginLink | None
    field: str
    old: str
    new: str
    firsts: tuple[tuple[str, str], ...] = ()
    restore_address: str = ""

    @property
    def reason(self) -> str:
        change_set = self.change.change_set
        return change_set.reason if change_set else ""

    @property
    def applied_by(self) -> str:
        return second_person(self.change)


def history_of(target: Video | Channel) -> dict[str, Any]:
    """What the history panel of a page shows: the newest changes of one row."""
    changes = list(target.changes.history()[: HISTORY_ROWS + 1])
    kind = target._meta.model_name
    return {
        "history": list(history_lines(changes[:HISTORY_ROWS], target)),
        "has_more_history": len(changes) > HISTORY_ROWS,
        "history_address": (
            f"{reverse('admin:catalog_change_changelist')}?{kind}={target.pk}"
        ),
    }


def history_lines(
    changes: Iterable[Change], target: Video | Channel | None = None
) -> Iterator[HistoryLine]:
    """Changes with their doors and links; one query for each app that brings facts."""
    changes = list(changes)
    links = origin_links(
        {change.observation_id for change in changes if change.observation_id}
    )
    for change in changes:
        yield history_line(change, links, target)


def history_line(
    change: Change,
    links: dict[int, OriginLink],
    target: Video | Channel | None = None,
) -> HistoryLine:
    """Who, through which door, and from what to what."""
    who, door = origin(change)
    link = link_of(change, links)
    if change.field in FIRST_VALUES:
        first = change.new if isinstance(change.new, dict) else {}
        firsts = tuple((field_label(n), described(v, n)) for n, v in first.items())
        return HistoryLine(change, who, door, link, "first seen", "", "", firsts)
    if change.field in OBSERVED_FACTS:
        name = OBSERVED_FACTS[change.field]
        return HistoryLine(change, who, door, link, name, "", "", facts_of(change))
    return HistoryLine(
        change,
        who,
        door,
        link,
        field_label(change.field),
        described(change.old, change.field),
        described(change.new, change.field),
        restore_address=restore_address(change, target),
    )


def facts_of(change: Change) -> tuple[tuple[str, str], ...]:
    """Each observed fact of one row with its value before and now."""
    old, new = change.old or {}, change.new or {}
    return tuple(
        (field_label(name), moved(old.get(name), new.get(name), name))
        for name in {**old, **new}
    )


def moved(old: Any, new: Any, name: str) -> str:
    if name == "claims":
        return described(new, name)
    return f"{described(old, name)} → {described(new, name)}"


def restore_address(change: Change, target: Video | Channel | None) -> str:
    """Where the value before this change comes back, if it is another one now."""
    if target is None or not _has_moved(change, target):
        return ""
    page = f"admin:catalog_{target._meta.model_name}_restore"
    return reverse(page, args=[target.pk, change.pk])


def _has_moved(change: Change, target: Video | Channel) -> bool:
    is_video = isinstance(target, Video)
    if isinstance(target, Video) and change.field == PRIMARY_ASSET:
        asset = target.primary_asset
        return bool(change.old != (asset.asset_id if asset else None))
    field = (fields.EDITABLE if is_video else fields.OF_CHANNEL).get(change.field)
    if field is None:
        return False
    old = field.empty if change.old is None else change.old
    return bool(target.value_of(field.name) != old)


def origin(change: Change) -> tuple[str, str]:
    """Who made a change and through which door it came."""
    if change.change_set is not None:
        actor = change.change_set.actor
        name = name_of(actor) if actor else "system"
        return name, change.change_set.get_kind_display()
    assert change.observation is not None, "a constraint gives each change an origin"
    return "YouTube", change.observation.get_source_display()


def name_of(person: User) -> str:
    return person.get_full_name() or person.get_username()


def second_person(change: Change) -> str:
    """Who let somebody else's plan be carried out."""
    change_set = change.change_set
    person = change_set.second_person if change_set else None
    return name_of(person) if person else ""


def link_of(change: Change, links: dict[int, OriginLink]) -> OriginLink | None:
    """The change set, or the report or refresh that brought the observation."""
    if change.change_set_id is not None:
        address = reverse("admin:catalog_changeset_change", args=[change.change_set_id])
        return OriginLink(f"Change set {change.change_set_id}", address)
    return links.get(change.observation_id or 0)
