"""What people do with channels: office names, hiding."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from catalog import fields, validators
from catalog.exceptions import InvalidEditError
from catalog.models import Change, ChangeSet, Channel
from catalog.observations.events import BATCH_FROM
from catalog.querysets import ChannelQuerySet
from catalog.services.stale_edits import refuse_stale, what_was_edited
from ytmanager.realtime.events import EVERYONE, ChannelChanged, Event, channel_group
from ytmanager.realtime.log import record


def update_channel(
    *,
    channel: Channel,
    values: dict[str, Any],
    actor: User,
    kind: ChangeSet.Kind = ChangeSet.Kind.FORM,
    reason: str = "",
    base: dict[str, Any] | None = None,
    reverts: ChangeSet | None = None,
) -> ChangeSet | None:
    """Save the office's own fields of one channel; None when nothing differs.

    `base` holds the values that the person saw. Raises InvalidEditError with the
    findings by field, and StaleEditError when an edited field moved since.
    """
    edited = what_was_edited(values, base)
    _check(edited)
    return _edit(
        channels=Channel.objects.filter(pk=channel.pk),
        values=edited,
        base=base,
        actor=actor,
        kind=kind,
        reason=reason,
        reverts=reverts,
    )


def hide_channels(
    *, channels: ChannelQuerySet, actor: User, is_hidden: bool = True
) -> ChangeSet | None:
    """Leave channels and their videos out of the lists, or bring them back."""
    return _edit(
        channels=channels,
        values={"is_hidden": is_hidden},
        actor=actor,
        kind=ChangeSet.Kind.BULK,
    )


def _check(values: dict[str, Any]) -> None:
    unknown = set(values) - set(fields.OF_CHANNEL)
    findings = {name: ["This cannot be edited."] for name in unknown}
    if found := validators.check_custom_id(values.get("partner_custom_id", "")):
        findings["partner_custom_id"] = found
    if findings:
        raise InvalidEditError(fields=findings)


def _edit(
    *,
    channels: ChannelQuerySet,
    values: dict[str, Any],
    actor: User,
    kind: ChangeSet.Kind,
    reason: str = "",
    base: dict[str, Any] | None = None,
    reverts: ChangeSet | None = None,
) -> ChangeSet | None:
    """Channels number in the hundreds, so each is locked and compared here."""
    with transaction.atomic():
        locked = list(channels.order_by("pk").select_for_update(of=("self",)))
        for channel in locked:
            refuse_stale(channel, fields.OF_CHANNEL, values, base or {})
        changed = [
            (channel, name, getattr(channel, name), value)
            for channel in locked
            for name, value in values.items()
            if getattr(channel, name) != value
        ]
        if not changed:
            return None
        change_set = ChangeSet.objects.create(
            kind=kind, actor=actor, reason=reason, reverts=reverts
        )
        Change.objects.bulk_create(
            Change(
                change_set=change_set,
                channel=channel,
                field=name,
                old=old,
                new=new,
                row_version=channel.row_version + 1,
            )
            for channel, name, old, new in changed
        )
        touched = {channel.pk for channel, *_ in changed}
        Channel.objects.filter(pk__in=touched).update(
            row_version=F("row_version") + 1, **values
        )
        change_set.mark_applied(len(changed))
        _record(change_set, changed)
    return change_set


def _record(
    change_set: ChangeSet, changed: Sequence[tuple[Channel, str, Any, Any]]
) -> None:
    """Tell open pages: each channel, or one event for a big batch."""
    fields_of: dict[str, list[str]] = {}
    for channel, name, _, _ in changed:
        fields_of.setdefault(channel.channel_id, []).append(name)
    facts = ChannelChanged(change_set=change_set.pk, count=len(fields_of))
    if len(fields_of) > BATCH_FROM:
        record(Event("channel.changed", facts), groups=[EVERYONE])
        return
    for channel_id, names in fields_of.items():
        one = ChannelChanged(
            change_set=change_set.pk, channel_id=channel_id, fields=names
        )
        record(
            Event("channel.changed", one), groups=[EVERYONE, channel_group(channel_id)]
        )
