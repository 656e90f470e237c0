"""One call at a time: paid for, tried again where that helps, recorded."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction

from catalog import fields
from youtube_sync.exceptions import RetryableAPIError, UncertainOutcomeError
from youtube_sync.models import MetadataSync, PlanItem, PushPlan, QuotaEntry
from youtube_sync.services import quota
from youtube_sync.services.targets import Target
from ytmanager.exceptions import YouTubeCMSError

TRIES = 4
FIRST_PAUSE = 0.5

Result = TypeVar("Result")


class Caller:
    """Makes the calls of one plan for one kind of target."""

    def __init__(self, plan: PushPlan, target: Target) -> None:
        self.plan, self.target = plan, target

    def read(self, items: Sequence[PlanItem]) -> Mapping[str, Any]:
        """Read up to 50 targets; an outage is waited out for a few seconds."""
        ids = [item.target_id for item in items]
        return with_patience(lambda: self._read_once(ids))

    def _read_once(self, ids: Sequence[str]) -> Mapping[str, Any]:
        target = self.target
        payer = quota.Payer(plan=self.plan)
        with quota.spending(
            units=target.read_units, call=target.read_call, payer=payer
        ):
            return target.read(ids)

    def write(self, item: PlanItem, live: Any, changes: Mapping[str, Any]) -> Any:
        """Write once; the attempt is recorded before and after the call."""
        with transaction.atomic():
            entry = quota.reserve_within(
                units=self.target.update_units,
                call=self.target.update_call,
                payer=quota.Payer(plan=self.plan, item=item),
            )
            attempt = self._open(item, live, changes)
        with recorded(attempt, entry):
            reply = self.target.update(live, changes)
        facts = self.target.facts(item.target_id, reply)
        with transaction.atomic():
            quota.settle(entry)
            attempt.finish(MetadataSync.State.SUCCESS, reply=facts)
        return reply

    def _open(
        self, item: PlanItem, live: Any, changes: Mapping[str, Any]
    ) -> MetadataSync:
        before = live.values()
        return MetadataSync.objects.create(
            item=item,
            video_id=item.video_id,
            target_kind=item.target_kind,
            target_id=item.target_id,
            fields={
                name: {"before": before.get(name), "sent": value}
                for name, value in changes.items()
            },
            pre_image=self.target.image(live),
            units=self.target.update_units,
        )

    def note_already_there(self, item: PlanItem, live: Any) -> None:
        """Record a success that needed no write."""
        attempt = self._open(item, live, item.wanted)
        attempt.finish(MetadataSync.State.ALREADY_THERE, units=0)


@contextmanager
def recorded(attempt: MetadataSync, entry: QuotaEntry) -> Iterator[None]:
    """Keep what became of an attempt that did not succeed, and what it cost."""
    try:
        yield
    except YouTubeCMSError as error:
        with transaction.atomic():
            quota.settle_failed(entry, error)
            _finish_failed(attempt, error)
        raise


def _finish_failed(attempt: MetadataSync, error: YouTubeCMSError) -> None:
    state = MetadataSync.State
    is_lost = isinstance(error, UncertainOutcomeError)
    attempt.finish(
        state.UNCERTAIN if is_lost else state.FAILED,
        error=explain(error),
        units=0 if quota.is_uncharged(error) else attempt.units,
    )


def explain(error: YouTubeCMSError) -> str:
    """The error in words, with the field that it is about."""
    field = fields.EDITABLE.get(getattr(error, "field", ""))
    return f"{field.label}: {error.message}" if field else error.message


def with_patience(call: Callable[[], Result]) -> Result:
    """Repeat a call that fails for the moment only."""
    for attempt in range(TRIES - 1):
        try:
            return call()
        except RetryableAPIError:
            pause(attempt)
    return call()


def pause(attempt: int) -> None:
    """Back off: about half a second, then twice as long each time."""
    time.sleep(FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5))
