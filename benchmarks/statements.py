"""The statements that took longest while something ran."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

SHOWN, WIDTH = 15, 110

Timings = list[tuple[float, str]]


@contextmanager
def timed_statements() -> Iterator[Timings]:
    """Note the seconds of every statement of this thread's connection.

    COPY and COMMIT, with the checks that wait for it, pass outside of this.
    """
    timings: Timings = []

    def note(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            timings.append((time.perf_counter() - started, sql))

    with connection.execute_wrapper(note):
        yield timings


def show_slowest(title: str, seconds: float, timings: Timings) -> None:
    """Write the slowest statements and the time between them to standard error."""
    between = seconds - sum(spent for spent, _ in timings)
    lines = [f"{title}: {seconds:.2f} s, of which {between:.2f} s COPY and COMMIT"]
    slowest = sorted(timings, reverse=True)[:SHOWN]
    lines += [f"{spent:8.2f}  {_short(sql)}" for spent, sql in slowest]
    sys.stderr.write("\n".join([*lines, ""]))


def _short(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()[:WIDTH]
