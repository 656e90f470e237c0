"""Which videos a request is about: IDs, a filter of the list, or identifiers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from catalog.api.filters import VideoFilterSet
from catalog.changesets.selection import (
    lister,
    select_filter,
    select_pasted,
    select_ticked,
)
from catalog.exceptions import SelectionError
from catalog.models import Video
from ytmanager.api_fields import TextField
from ytmanager.filters import filter_schema

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from catalog.models import ChangeSet
    from catalog.querysets import VideoQuerySet

LISTER = "api"
MOST_IDS = 1000
MOST_IDENTIFIERS = 10_000
NAMED = 10  # IDs that a message names


class FilterField(serializers.DictField):
    """The parameters of a list, by name."""

    child = TextField(allow_blank=True)


@extend_schema_field(filter_schema(VideoFilterSet))
class VideoFilterField(FilterField):
    """The parameters of the list of videos."""


class SelectionSerializer(serializers.Serializer[Any]):
    """Which videos: their IDs, or the parameters of the list of videos."""

    ways: tuple[str, ...] = ("video_ids", "filter")

    video_ids = serializers.ListField(
        child=TextField(max_length=20),
        required=False,
        min_length=1,
        max_length=MOST_IDS,
    )
    filter = VideoFilterField(
        required=False,
        help_text='Parameters of `/api/videos/`, as {"channel": "UC…"}; {} is all.',
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(set(self.ways) & set(attrs)) != 1:
            names = " or ".join(f"`{name}`" for name in self.ways)
            raise serializers.ValidationError(f"Give either {names}.")
        return attrs


class WideSelectionSerializer(SelectionSerializer):
    """Which videos, also by ISRC, UPC, custom ID, asset ID or address."""

    ways = ("video_ids", "filter", "identifiers")

    identifiers = serializers.ListField(
        child=TextField(max_length=1000),
        required=False,
        min_length=1,
        max_length=MOST_IDENTIFIERS,
        help_text="Video IDs, addresses, ISRCs, UPCs, custom IDs or asset IDs, mixed.",
    )


def videos_of(user: Any, selection: dict[str, Any]) -> VideoQuerySet:
    """The videos that a request names.

    Raises ValidationError for unknown parameters, SelectionError for unknown IDs.
    """
    videos: VideoQuerySet = Video.objects.visible_to(user)
    if "filter" in selection:
        return _filtered(user, selection["filter"])
    wanted = set(selection["video_ids"])
    chosen = videos.filter(video_id__in=wanted)
    unknown = wanted - set(chosen.order_by().values_list("video_id", flat=True))
    if unknown:
        names = ", ".join(sorted(unknown)[:NAMED])
        raise SelectionError(f"Not in the catalogue: {names}.", video_ids=names)
    return chosen


def store_selection(change_set: ChangeSet, user: Any, chosen: dict[str, Any]) -> None:
    """Keep what a request chose; raises ValidationError and SelectionError."""
    if "identifiers" in chosen:
        select_pasted(change_set, "\n".join(chosen["identifiers"]), takes_several=True)
        return
    videos = videos_of(user, chosen)
    if "filter" in chosen:
        select_filter(change_set, name=LISTER, query=urlencode(chosen["filter"]))
        return
    keys = videos.order_by("pk").values_list("pk", flat=True)
    select_ticked(change_set, keys)


@lister(LISTER)
def matching_videos(query: str, actor: User) -> VideoQuerySet:
    """The videos that the API's list shows a person for these parameters.

    Raises SelectionError for parameters that the list does not know any more.
    """
    try:
        return _filtered(actor, QueryDict(query).dict())
    except ValidationError as exc:
        raise SelectionError from exc


def _filtered(user: Any, parameters: dict[str, Any]) -> VideoQuerySet:
    unknown = set(parameters) - set(VideoFilterSet.base_filters)
    if unknown:
        raise ValidationError({"filter": [f"Not known: {', '.join(sorted(unknown))}."]})
    videos = Video.objects.visible_to(user)
    asker: Any = SimpleNamespace(user=user)
    found = VideoFilterSet(data=parameters, queryset=videos, request=asker)
    if not found.is_valid():
        raise ValidationError({"filter": found.errors})
    matching: VideoQuerySet = found.qs
    return Video.objects.filter(pk__in=matching.order_by().values("pk"))
