"""Where an observation came from, as a link: told by the apps that know it.

The catalogue knows no report and no refresh. Those apps register a function that
finds, for many observations at once, the page of what brought them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OriginLink:
    """A page about what brought an observation."""

    text: str
    address: str


OriginFinder = Callable[[Collection[int]], Mapping[int, OriginLink]]
_FINDERS: list[OriginFinder] = []


def origin_finder(finder: OriginFinder) -> OriginFinder:
    """Register a function from keys of observations to their links."""
    _FINDERS.append(finder)
    return finder


def origin_links(observation_keys: Collection[int]) -> dict[int, OriginLink]:
    """The links of those observations that any app knows; one query for each app."""
    found: dict[int, OriginLink] = {}
    if observation_keys:
        for finder in _FINDERS:
            found.update(finder(observation_keys))
    return found
