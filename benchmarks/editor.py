"""A person who edits one video after the other while something else runs."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from django.contrib.auth.models import User

from catalog.exceptions import RowLockedError
from catalog.models import Video
from catalog.services.videos import update_video

PAUSE = 0.05  # seconds between two edits
EDITED = 1000  # videos, spread over the catalogue


@dataclass(slots=True)
class Waits:
    """How long the saves of one editor took, in seconds."""

    count: int = 0
    longest: float = 0.0
    refused: int = 0


@contextmanager
def editing() -> Iterator[Waits]:
    """Let an editor save all the time in a process of its own."""
    context = get_context("spawn")
    stop, result = context.Event(), context.Queue()
    process = context.Process(target=_edit, args=(stop, result))
    process.start()
    result.get()  # the first save is done: everything is imported and connected
    waits = Waits()
    try:
        yield waits
    finally:
        stop.set()
        waits.count, waits.longest, waits.refused = result.get()
        process.join()


def _edit(stop: Any, result: Any) -> None:
    actor, _ = User.objects.get_or_create(username="editor")
    keys = list(Video.objects.values_list("pk", flat=True)[: 100 * EDITED])
    chosen = random.Random(1).sample(keys, min(EDITED, len(keys)))
    _save(chosen[0], actor, 0)
    result.put("ready")
    count, longest, refused = 0, 0.0, 0
    while not stop.is_set():
        started = time.perf_counter()
        refused += _save(chosen[count % len(chosen)], actor, count + 1)
        longest = max(longest, time.perf_counter() - started)
        count += 1
        time.sleep(PAUSE)
    result.put((count, longest, refused))


def _save(pk: int, actor: User, number: int) -> int:
    """One save; tells whether it was refused because the row stayed locked."""
    try:
        values = {"title": f"Edited {number}"}
        update_video(video=Video.objects.get(pk=pk), values=values, actor=actor)
    except RowLockedError:
        return 1
    return 0
