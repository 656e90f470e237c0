"""One batch of a push: read 50, decide, send each, observe the replies."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from catalog import fields
from catalog.choices import Source
from catalog.models import Observation
from catalog.observations.observe import observe_as
from youtube_sync.exceptions import (
    AccountProblemError,
    ApiNotEnabledError,
    QuotaExceededError,
    ReconnectRequiredError,
    RemoteNotFoundError,
    RetryableAPIError,
)
from youtube_sync.models import MetadataSync, PlanItem, PushObservation, PushPlan
from youtube_sync.querysets import Turn
from youtube_sync.services.announce import announce_item, publish_plan_progress
from youtube_sync.services.attempts import TRIES, Caller, explain, pause
from youtube_sync.services.decisions import SENT, Catalogue, Decision
from youtube_sync.services.targets import Target
from ytmanager.exceptions import YouTubeCMSError

# What ended is written together: a merge of one costs nearly what one of 50 does.
FLUSH_AT = 50
FLUSH_SECONDS = 3.0
MAX_ATTEMPTS = 2 * TRIES
STOPS_EVERYTHING = (
    QuotaExceededError,
    ReconnectRequiredError,
    AccountProblemError,
    ApiNotEnabledError,
)


class GaveWayError(Exception):
    """An urgent plan waits for the worker: this one goes on after it."""


DONE = {PlanItem.State.SUCCESS, PlanItem.State.ALREADY_THERE}
DEADLOCK_TRIES = 4
LOST_REPLY = "The reply was lost; the next read tells whether this was written."
RETRIED_SQL_STATES = {"40001", "40P01"}  # serialization failure, deadlock


@dataclass(slots=True)
class Ended:
    """An item that ended, with what YouTube said about it."""

    item: PlanItem
    read: dict[str, Any] | None = None
    reply: dict[str, Any] | None = None
    replied_at: datetime | None = None  # of a reply that a killed worker left


class BatchPush:
    """Pushes batches of one kind of target; keeps what is not yet written."""

    def __init__(self, plan: PushPlan, target: Target) -> None:
        self.plan, self.target = plan, target
        self.caller = Caller(plan, target)
        self.postponed: set[int] = set()
        self._ended: list[Ended] = []
        self._read_at = timezone.now()
        self._flushed_at = time.monotonic()

    def push(self, items: Sequence[PlanItem]) -> bool:
        """Send up to 50 items; what ended is kept whatever happens to the rest.

        Returns False when the plan was cancelled.
        """
        _close_left_open(items)
        self._read_at = timezone.now()
        live = self._read(items)
        try:
            return live is None or self._push_items(items, live)
        finally:
            self._flush()

    def _push_items(self, items: Sequence[PlanItem], live: Mapping[str, Any]) -> bool:
        catalogue = Catalogue(items)
        for item in self._without_answered(items, live, catalogue):
            if not self._may_go_on():
                return False
            self._push_item(item, live.get(item.target_id), catalogue)
            if self._is_time_to_flush():
                self._flush()
        return True

    def _without_answered(
        self, items: Sequence[PlanItem], live: Mapping[str, Any], catalogue: Catalogue
    ) -> list[PlanItem]:
        """End the items whose replies a killed worker had recorded, and no more.

        Reading again could show what those writes replaced, and they would be made
        a second time.
        """
        since = self.plan.confirmed_at or self.plan.created_at
        answers = MetadataSync.objects.answered(items, since)
        answered = {attempt.item_id: attempt for attempt in answers}
        for item in items:
            if item.pk in answered:
                attempt = answered[item.pk]
                self._take_answer(item, live.get(item.target_id), attempt, catalogue)
        self._flush()
        return [item for item in items if item.pk not in answered]

    def _take_answer(
        self, item: PlanItem, live: Any, attempt: MetadataSync, catalogue: Catalogue
    ) -> None:
        reply: dict[str, Any] = attempt.reply or {}
        shown = (live.values() if live is not None else {}) | reply
        decision = catalogue.decide(item, shown)
        sent = {name: entry["sent"] for name, entry in attempt.fields.items()}
        decision.to_send, decision.is_stale = sent, False
        decision.results |= dict.fromkeys(sent, SENT)
        self._settle(item, decision)
        self._ended.append(
            Ended(item, reply=reply | {"sent": sent}, replied_at=attempt.finished_at)
        )

    def _may_go_on(self) -> bool:
        """False once somebody stopped the plan; lets a single push go first."""
        turn = PushPlan.objects.turn_of(self.plan, timezone.now())
        if turn is Turn.GIVES_WAY:
            raise GaveWayError
        return turn is Turn.GOES_ON

    def _is_time_to_flush(self) -> bool:
        waited = time.monotonic() - self._flushed_at
        return len(self._ended) >= FLUSH_AT or waited >= FLUSH_SECONDS

    def _read(self, items: Sequence[PlanItem]) -> Mapping[str, Any] | None:
        """Read a batch; a refusal fails its items and returns None."""
        try:
            return self.caller.read(items)
        except (*STOPS_EVERYTHING, RetryableAPIError):
            raise
        except YouTubeCMSError as error:
            for item in items:
                self._fail(item, explain(error))
            return None

    def _push_item(self, item: PlanItem, live: Any, catalogue: Catalogue) -> None:
        """Send one item, looking again after each failure for the moment."""
        for attempt in range(TRIES):
            decision = self._decide(item, live, catalogue)
            if decision is None:
                return None
            try:
                self._write(item, live, decision)
            except RetryableAPIError as error:
                if self._attempts_of(item) >= MAX_ATTEMPTS:
                    return self._fail(item, explain(error))
                pause(attempt)
                # Perhaps it was written all the same: look before writing again.
                live = self.caller.read([item]).get(item.target_id)
            else:
                return None
        raise RetryableAPIError

    def _attempts_of(self, item: PlanItem) -> int:
        """Attempts since somebody confirmed the plan, or asked for another try."""
        return item.syncs.filter(created_at__gte=self.plan.confirmed_at).count()

    def _decide(
        self, item: PlanItem, live: Any, catalogue: Catalogue
    ) -> Decision | None:
        """What to write; None when the item ended or waits without a write."""
        if live is None:
            self._fail(item, RemoteNotFoundError.default_message)
            return None
        decision = catalogue.decide(item, live.values())
        if decision.is_stale:
            self.postponed.add(item.pk)
            return None
        if decision.to_send:
            return decision
        self._end(item, decision, live)
        if decision.state == PlanItem.State.ALREADY_THERE:
            self.caller.note_already_there(item, live)
        return None

    def _write(self, item: PlanItem, live: Any, decision: Decision) -> None:
        try:
            reply = self.caller.write(item, live, decision.to_send)
        except (*STOPS_EVERYTHING, RetryableAPIError):
            raise
        except YouTubeCMSError as error:
            self._fail(item, explain(error))
        else:
            self._end(item, decision, live, reply)

    def _end(
        self, item: PlanItem, decision: Decision, live: Any, reply: Any = None
    ) -> None:
        self._settle(item, decision)
        facts = self.target.facts
        ended = Ended(item)
        if decision.is_worth_observing:
            ended.read = facts(item.target_id, live)
        if reply is not None:
            ended.reply = facts(item.target_id, reply)
            item.message = f"{altered(decision, ended.reply)} {item.message}".strip()
            ended.reply["sent"] = dict(decision.to_send)
        self._ended.append(ended)

    def _settle(self, item: PlanItem, decision: Decision) -> None:
        for name, result in decision.results.items():
            item.fields[name]["result"] = result
        item.state, item.message = decision.state, decision.message

    def _fail(self, item: PlanItem, message: str) -> None:
        item.state, item.message = PlanItem.State.FAILED, message
        self._ended.append(Ended(item))

    def _flush(self) -> None:
        """Write what ended together with what YouTube said about it."""
        self._flushed_at = time.monotonic()
        ended, self._ended = self._ended, []
        if not ended:
            return
        done_count = sum(one.item.state in DONE for one in ended)
        self.plan.done_count += done_count
        self.plan.failed_count += len(ended) - done_count
        again_on_deadlock(lambda: self._store(ended))
        publish_plan_progress(self.plan)

    @transaction.atomic
    def _store(self, ended: Sequence[Ended]) -> None:
        now = timezone.now()
        reads = [one.read for one in ended if one.read]
        replies = [one.reply for one in ended if one.reply]
        replied_at = min(
            (one.replied_at for one in ended if one.replied_at), default=now
        )
        self._observe(Source.PUSH_READ, self._read_at, reads)
        self._observe(Source.PUSH_REPLY, replied_at, replies)
        items = [one.item for one in ended]
        for item in items:
            item.finished_at = now
        columns = ["state", "message", "fields", "finished_at"]
        PlanItem.objects.bulk_update(items, columns)
        self.plan.save(update_fields=["done_count", "failed_count"])
        for item in items:
            announce_item(item)

    def _observe(
        self, source: Source, as_of: datetime, facts: list[dict[str, Any]]
    ) -> None:
        if not facts:
            return
        owner = self.plan.account.content_owner
        observation = Observation.objects.create(
            content_owner=owner, source=source, as_of=as_of
        )
        PushObservation.objects.create(plan=self.plan, observation=observation)
        if self.target.kind == PlanItem.TargetKind.ASSET:
            observe_as(observation, assets=facts)
        else:
            observe_as(observation, videos=facts)


def _close_left_open(items: Sequence[PlanItem]) -> None:
    """The replies to these were lost with the worker that waited for them."""
    for attempt in MetadataSync.objects.left_open(items):
        attempt.finish(MetadataSync.State.UNCERTAIN, error=LOST_REPLY)


def altered(decision: Decision, reply: Mapping[str, Any]) -> str:
    """Name the fields that YouTube stored differently from what was sent."""
    names = [
        fields.PUSHABLE[name].label
        for name, value in decision.to_send.items()
        if name in reply and reply[name] != value
    ]
    return f"YouTube stored this differently: {', '.join(names)}." if names else ""


def again_on_deadlock(store: Callable[[], None]) -> None:
    """An import may lock the same rows in between: the loser tries again."""
    for _ in range(DEADLOCK_TRIES - 1):
        try:
            return store()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in RETRIED_SQL_STATES:
                raise
    return store()
