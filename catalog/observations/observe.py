"""Merge facts that are already in memory: API replies, at most some thousands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.choices import Source
from catalog.models import ContentOwner, Observation
from catalog.observations import staging
from catalog.observations.merge import merge_facts
from catalog.observations.run import MergeCounts

Facts = Iterable[Mapping[str, Any]]


def observe_videos(
    *, content_owner: ContentOwner, source: Source, as_of: datetime, facts: Facts
) -> MergeCounts:
    """Merge facts about videos; a missing key says nothing.

    Raises KeyError for a key that is no fact column.
    """
    return observe(
        content_owner=content_owner, source=source, as_of=as_of, videos=facts
    )


def observe_assets(
    *, content_owner: ContentOwner, source: Source, as_of: datetime, facts: Facts
) -> MergeCounts:
    """Merge facts about assets; they feed the videos whose primary asset they are."""
    return observe(
        content_owner=content_owner, source=source, as_of=as_of, assets=facts
    )


def observe(
    *,
    content_owner: ContentOwner,
    source: Source,
    as_of: datetime,
    videos: Facts = (),
    claims: Facts = (),
    assets: Facts = (),
    reconsidered: Sequence[str] = (),
) -> MergeCounts:
    """Merge facts that belong together, for example the rows of one read."""
    with transaction.atomic():
        observation = Observation.objects.create(
            content_owner=content_owner, source=source, as_of=as_of
        )
        return observe_as(
            observation,
            videos=videos,
            claims=claims,
            assets=assets,
            reconsidered=reconsidered,
        )


def observe_as(
    observation: Observation,
    *,
    videos: Facts = (),
    claims: Facts = (),
    assets: Facts = (),
    reconsidered: Sequence[str] = (),
) -> MergeCounts:
    """Merge facts as an observation that the caller made and may point to."""
    with transaction.atomic():
        tables = staging.create_fact_tables(observation)
        staging.copy_facts(tables.videos, videos)
        staging.copy_facts(tables.assets, assets)
        staging.copy_facts(tables.claims, claims)
        counts = merge_facts(
            observation=observation, tables=tables, reconsidered=reconsidered
        )
        staging.drop_fact_tables(tables)
    return counts
