"""Lead from a change in the history to the refresh or the push that read it."""

from collections.abc import Collection

from django.urls import reverse

from catalog.origins import OriginLink, origin_finder
from youtube_sync.models import PushObservation, RefreshRead


@origin_finder
def refreshes_of(observation_keys: Collection[int]) -> dict[int, OriginLink]:
    """The refresh of each observation that one made."""
    reads = RefreshRead.objects.filter(observation__in=observation_keys)
    page = "admin:youtube_sync_refreshrun_change"
    return {
        observation: OriginLink(f"Refresh {run}", reverse(page, args=[run]))
        for observation, run in reads.values_list("observation", "run")
    }


@origin_finder
def pushes_of(observation_keys: Collection[int]) -> dict[int, OriginLink]:
    """The push plan of each observation that a push brought."""
    brought = PushObservation.objects.filter(observation__in=observation_keys)
    page = "admin:youtube_sync_pushplan_change"
    return {
        observation: OriginLink(f"Push plan {plan}", reverse(page, args=[plan]))
        for observation, plan in brought.values_list("observation", "plan")
    }
