"""Which logged events one connection had, for as long as they may be found again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

MAX_REMEMBERED = 5000


class Delivered:
    """Sequences, each with the position from which it can be forgotten.

    An event that was delivered before a look at the log belongs to a transaction
    below that look's ceiling. Once the position has passed the ceiling, catching
    up cannot find the event again.
    """

    def __init__(self) -> None:
        self._ceilings: dict[int, int | None] = {}

    def add(self, sequence: int) -> bool:
        """Remember a sequence; False when it was there already."""
        if sequence in self._ceilings:
            return False
        self._ceilings[sequence] = None
        if len(self._ceilings) > MAX_REMEMBERED:
            del self._ceilings[next(iter(self._ceilings))]
        return True

    def sequences(self) -> Collection[int]:
        return list(self._ceilings)

    def settle(self, known: Iterable[int], *, ceiling: int, position: int) -> None:
        """Forget what is below `position`; `known` was delivered below `ceiling`."""
        for sequence in known:
            if self._ceilings.get(sequence, 0) is None:
                self._ceilings[sequence] = ceiling
        self._ceilings = {
            sequence: limit
            for sequence, limit in self._ceilings.items()
            if limit is None or limit > position
        }
