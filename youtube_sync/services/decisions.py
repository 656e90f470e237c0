"""What a push does with each field of an item, given what YouTube shows now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from catalog import fields
from catalog.models import Conflict, PushedValue, Video
from youtube_sync.diff import diff_three_ways
from youtube_sync.models import PlanItem

SENT, ALREADY_THERE = "sent", "already_there"
CONFLICT, MOVED, UNREAD = "conflict", "moved", "unread"
WORDS = {
    SENT: "Sent: {}.",
    ALREADY_THERE: "Already on YouTube: {}.",
    CONFLICT: "Changed on YouTube as well, so not sent: {}. Decide the conflict.",
    MOVED: "Edited after this plan was made, so not sent: {}. Plan again.",
    UNREAD: "YouTube did not show: {}.",
}


@dataclass(slots=True)
class Decision:
    """The result of each planned field, and the values that must be written."""

    to_send: dict[str, Any] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    is_stale: bool = False

    @property
    def state(self) -> PlanItem.State:
        """What the item becomes once `to_send` was written."""
        results = set(self.results.values())
        for result, state in (
            (CONFLICT, PlanItem.State.CONFLICT),
            (MOVED, PlanItem.State.MOVED),
            (UNREAD, PlanItem.State.FAILED),
            (SENT, PlanItem.State.SUCCESS),
        ):
            if result in results:
                return state
        return PlanItem.State.ALREADY_THERE

    @property
    def message(self) -> str:
        """One sentence for each kind of result, unless all went as planned."""
        if set(self.results.values()) <= {SENT, ALREADY_THERE}:
            return ""
        return " ".join(
            words.format(", ".join(names))
            for result, words in WORDS.items()
            if (names := labels(self.results, result))
        )

    @property
    def is_worth_observing(self) -> bool:
        """Whether the read itself settles something."""
        return not {CONFLICT, ALREADY_THERE}.isdisjoint(self.results.values())


def labels(results: Mapping[str, str], result: str) -> list[str]:
    return [fields.PUSHABLE[n].label for n, r in results.items() if r == result]


class Catalogue:
    """What the catalogue says now about the videos of a batch: three queries."""

    def __init__(self, items: Sequence[PlanItem]) -> None:
        keys = {entry.get("video", i.video_id) for i in items for entry in entries(i)}
        videos = Video.objects.filter(pk__in=keys)
        videos = videos.select_related("snapshot", "primary_asset")
        self.videos = {video.pk: video for video in videos}
        open_ones = Conflict.objects.open().filter(video__in=keys)
        self.conflicts = set(open_ones.values_list("video_id", "field"))
        grace = timedelta(minutes=settings.PUSH_GRACE_MINUTES)
        recent = PushedValue.objects.filter(
            video__in=keys, pushed_at__gt=timezone.now() - grace
        )
        self.pushed = list(recent.values_list("video_id", "field", "before"))

    def decide(self, item: PlanItem, live: Mapping[str, Any]) -> Decision:
        """Compare snapshot, wanted and live, field by field."""
        decision = Decision(is_stale=self._is_stale(item, live))
        for name, planned in item.wanted.items():
            video = self.videos[item.fields[name].get("video", item.video_id)]
            if getattr(video, name) != planned or has_left(item, video):
                decision.results[name] = MOVED
            elif (video.pk, name) in self.conflicts:
                decision.results[name] = CONFLICT
            else:
                self._compare(decision, video, name, planned, live)
        return decision

    def _compare(
        self,
        decision: Decision,
        video: Video,
        name: str,
        planned: Any,
        live: Mapping[str, Any],
    ) -> None:
        base = {name: observed(video, name)}
        outcome = diff_three_ways(base, {name: planned}, live, [name])
        decision.to_send |= outcome.to_send
        decision.results |= dict.fromkeys(outcome.to_send, SENT)
        decision.results |= dict.fromkeys(outcome.already_there, ALREADY_THERE)
        decision.results |= dict.fromkeys(outcome.conflicts, CONFLICT)
        decision.results |= dict.fromkeys(outcome.unread, UNREAD)

    def _is_stale(self, item: PlanItem, live: Mapping[str, Any]) -> bool:
        """A read soon after our own push may still show what that replaced.

        Building on it would undo the push.
        """
        keys = {entry.get("video", item.video_id) for entry in entries(item)}
        return any(
            pk in keys
            and name in live
            and live[name] == before
            and live[name] != observed(self.videos[pk], name)
            for pk, name, before in self.pushed
        )


def entries(item: PlanItem) -> list[dict[str, Any]]:
    return list(item.fields.values())


def has_left(item: PlanItem, video: Video) -> bool:
    """Whether the video takes its metadata from another asset than the item's."""
    if not item.is_asset:
        return False
    asset = video.primary_asset
    return asset is None or asset.asset_id != item.target_id


def observed(video: Video, name: str) -> Any:
    """What YouTube last showed; None for never."""
    return getattr(getattr(video, "snapshot", None), name, None)
