"""What YouTube says about channels: their texts, their counters, day by day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from catalog.choices import Source
from catalog.models import Channel, ChannelStatistics, ContentOwner, Observation
from catalog.observations.merge import hold_owner
from catalog.querysets import ChannelQuerySet
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

logger = structlog.get_logger(__name__)

TEXTS = ("name", "image_url", "description", "country")
COUNTERS = ("subscriber_count", "video_count", "view_count")
FACTS = (*TEXTS, *COUNTERS)
LIMITS = {field.name: field.max_length for field in Channel._meta.fields}

ChannelFacts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """What one observation of channels did; `others` belong to another owner."""

    channels_new: int = 0
    channels_changed: int = 0
    channels_unchanged: int = 0
    channels_older: int = 0
    channels_of_others: int = 0


def observe_channels(
    *,
    content_owner: ContentOwner,
    as_of: datetime,
    facts: Iterable[ChannelFacts],
    source: Source = Source.REFRESH,
) -> ChannelCounts:
    """Take in facts about some hundreds of channels; a missing key says nothing.

    A counter of None is one that YouTube hides. Facts older than what is known
    are ignored; a channel of another content owner is left alone. Raises
    KeyError for a key that is no fact.
    """
    named = {fact["channel_id"]: _normal(fact) for fact in facts}
    with transaction.atomic():
        hold_owner(content_owner.pk)
        observation = Observation.objects.create(
            content_owner=content_owner, source=source, as_of=as_of
        )
        counts = _merge(observation, named)
        observation.counts = asdict(counts)
        observation.save(update_fields=["counts"])
        payload = {"observation": observation.pk, "count": len(named)}
        record(Event("channel.changed", payload), groups=[EVERYONE])
    logger.info("channels_observed", observation_pk=observation.pk, **asdict(counts))
    return counts


def _normal(fact: ChannelFacts) -> dict[str, Any]:
    """The fact without its key, cut to what the columns hold."""
    values = {name: value for name, value in fact.items() if name != "channel_id"}
    if unknown := set(values) - set(FACTS):
        raise KeyError(f"not a fact of a channel: {', '.join(sorted(unknown))}")
    for name in set(values) & set(TEXTS):
        text = values[name].replace("\0", "")
        limit = LIMITS[name]
        # Half an address leads nowhere; half a name is still a name.
        fits = limit is None or len(text) <= limit or name != "image_url"
        values[name] = text[:limit] if fits else ""
    return values


def _merge(
    observation: Observation, named: Mapping[str, dict[str, Any]]
) -> ChannelCounts:
    new = _create_missing(observation.content_owner, named)
    found, fresh = Counter[str](), list[Channel]()
    for channel in _lock(named):
        values = named[channel.channel_id]
        outcome = _take(channel, values, observation)
        if outcome in {"changed", "unchanged"}:
            fresh.append(channel)
            outcome = "new" if channel.channel_id in new else outcome
        found[f"channels_{outcome}"] += 1
    _write(fresh, observation.as_of)
    _keep_day(observation, fresh, named)
    return ChannelCounts(**found)


def _create_missing(content_owner: ContentOwner, named: Iterable[str]) -> set[str]:
    """Rows without facts; another owner's merge may create one of them meanwhile."""
    known = Channel.objects.filter(channel_id__in=list(named))
    missing = set(named) - set(known.values_list("channel_id", flat=True))
    Channel.objects.bulk_create(
        [
            Channel(content_owner=content_owner, channel_id=channel_id)
            for channel_id in sorted(missing)
        ],
        ignore_conflicts=True,
    )
    return missing


def _lock(named: Iterable[str]) -> ChannelQuerySet:
    """The rows in the order in which edits by people lock them."""
    rows = Channel.objects.filter(channel_id__in=list(named)).order_by("pk")
    return rows.select_for_update(no_key=True)


def _take(channel: Channel, values: Mapping[str, Any], observation: Observation) -> str:
    """Let one channel follow; returns what became of its facts."""
    if channel.content_owner_id != observation.content_owner_id:
        return "of_others"
    if channel.as_of is not None and channel.as_of > observation.as_of:
        return "older"
    outcome = "unchanged"
    for name, value in values.items():
        if getattr(channel, name) != value:
            setattr(channel, name, value)
            outcome = "changed"
    return outcome


def _write(channels: Sequence[Channel], as_of: datetime) -> None:
    """Age advances even where no value moved."""
    for channel in channels:
        channel.as_of, channel.updated_at = as_of, timezone.now()
    Channel.objects.bulk_update(channels, [*FACTS, "as_of", "updated_at"], 500)


def _keep_day(
    observation: Observation,
    channels: Sequence[Channel],
    named: Mapping[str, dict[str, Any]],
) -> None:
    """The day's row holds the last counters of that day."""
    ChannelStatistics.objects.bulk_create(
        [
            ChannelStatistics(
                channel=channel,
                on=observation.as_of.astimezone(UTC).date(),
                **{name: getattr(channel, name) for name in COUNTERS},
            )
            for channel in channels
            if set(COUNTERS) & set(named[channel.channel_id])
        ],
        update_conflicts=True,
        unique_fields=["channel", "on"],
        update_fields=COUNTERS,
    )
