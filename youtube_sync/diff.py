"""Three states of a field in, what a push does with it out; pure.

*Snapshot* is what was observed before, *wanted* what the office wants, *live*
what YouTube shows now. Values are in the catalogue's normal form; None or a
missing name means unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Both sides moved away from what was observed before."""

    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """What to do with each field of one target.

    `to_send` must be written. `already_there` needs nothing. `conflicts` need a
    person. `followed` were edited only on YouTube: the observation carries them.
    `unread` were not shown by YouTube, so nothing can be decided.
    """

    to_send: dict[str, Any] = field(default_factory=dict)
    already_there: list[str] = field(default_factory=list)
    conflicts: dict[str, Disagreement] = field(default_factory=dict)
    followed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def diff_three_ways(
    snapshot: Values, wanted: Values, live: Values, fields: Iterable[str]
) -> ThreeWay:
    """Decide for each of `fields`; a field without a wanted value is left out."""
    result = ThreeWay()
    for name in fields:
        if wanted.get(name) is not None:
            _decide(result, name, snapshot.get(name), wanted[name], live.get(name))
    return result


def _decide(result: ThreeWay, name: str, base: Any, ours: Any, theirs: Any) -> None:
    if theirs is None:
        result.unread.append(name)
    elif theirs == ours:
        result.already_there.append(name)
    elif theirs == base:
        result.to_send[name] = ours
    elif base == ours:
        result.followed.append(name)
    else:
        result.conflicts[name] = Disagreement(base, ours, theirs)
