"""The shape of every figure: one JSON line, beside the floor of the same run."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `floor` is the least that the machine allows."""

    name: str
    value: float
    unit: str
    floor: float

    @property
    def ratio(self) -> float:
        return self.value / self.floor

    def as_line(self) -> str:
        return json.dumps(
            {
                "name": self.name,
                "value": round(self.value, 3),
                "unit": self.unit,
                "floor": round(self.floor, 4),
                "ratio": round(self.ratio, 2),
            }
        )


def show(figure: Figure) -> None:
    """Write one line to standard output, where nothing else goes."""
    sys.stdout.write(f"{figure.as_line()}\n")
    sys.stdout.flush()


def best_seconds(work: Callable[[], object]) -> float:
    """The shortest of some runs: what the machine can do undisturbed."""
    return min(seconds(work) for _ in range(RUNS))


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
