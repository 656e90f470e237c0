"""Refresh and push against the sandbox, beside one read and one write per video."""

import os
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import override_settings

from benchmarks.catalogue import make_catalogue
from benchmarks.figures import Figure, show
from benchmarks.imports import require_empty_database
from catalog.doors import Door, opened
from catalog.models import ContentOwner, Video
from reports.management.commands.make_sample_reports import at_least_one
from youtube_sync import oauth
from youtube_sync.client import LIVE_PARTS, YouTubeClient
from youtube_sync.exceptions import NothingToPushError
from youtube_sync.models import PushPlan, RefreshRun, YouTubeAccount
from youtube_sync.sandbox import SandboxServer
from youtube_sync.services import clients, plans, push, refresh
from ytmanager.local.sandbox import environment_for

PLENTY = 1_000_000_000  # units a day: nothing waits here


@dataclass(frozen=True, slots=True)
class Spent:
    """What one piece of work took, as YouTube saw it."""

    calls: int
    units: int
    seconds: float


class Bench:
    """One content owner whose videos are in the catalogue and in the sandbox."""

    def __init__(self, sandbox: SandboxServer, videos: int) -> None:
        self.sandbox, self.count = sandbox, videos
        make_catalogue(videos)
        self._fill_sandbox()
        self.actor = User.objects.create(username="benchmark")
        self.actor.user_permissions.add(Permission.objects.get(codename="push_video"))
        self.account = self._connect()

    def _fill_sandbox(self) -> None:
        catalogue = self.sandbox.sandbox.catalogue
        with self.sandbox.sandbox.store.transaction():
            for video in Video.objects.select_related("channel").iterator():
                catalogue.add_video(
                    video.video_id,
                    channel_id=video.channel.channel_id,
                    title=video.title,
                    description=video.description,
                    tags=video.tags,
                    default_language=video.default_language,
                )

    def _connect(self) -> YouTubeAccount:
        owner = ContentOwner.objects.get()
        owner.content_owner_id = self.sandbox.content_owner
        owner.save(update_fields=["content_owner_id"])
        tokens = oauth._tokens_of(self.sandbox.tokens(oauth.SCOPES))
        return YouTubeAccount.objects.create(
            content_owner=owner,
            name="Benchmark",
            refresh_token=tokens.refresh_token,
            access_token=tokens.access_token,
            access_token_expires_at=tokens.expires_at,
        )

    def spent_by(self, work: Callable[[], None]) -> Spent:
        self.sandbox.sandbox.log.clear()
        units, started = self.sandbox.units_spent, time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        return Spent(
            len(self.sandbox.requests), self.sandbox.units_spent - units, seconds
        )

    def edit(self, word: str) -> None:
        """Want another title for every video, as an applied change set does."""
        with (
            transaction.atomic(),
            opened(Door.CHANGE_SET),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "UPDATE catalog_video SET title = video_id || %s, "
                "pending_fields = '{title}'",
                [f" {word}"],
            )

    def push(self) -> None:
        try:
            plan = plans.create_plan(
                videos=Video.objects.all(), account=self.account, actor=self.actor
            )
        except NothingToPushError:
            return
        plan = plans.confirm_plan(plan=plan, actor=self.actor)
        with clients.connect(self.account) as connected:
            push.run_plan(plan=plan, clients=connected)
        plan.refresh_from_db()
        if plan.state != PushPlan.State.COMPLETED:
            raise SystemExit(f"The push is {plan.state}: {plan.message}")

    def refresh(self) -> None:
        run = RefreshRun.objects.create(
            account=self.account, scope=RefreshRun.Scope.CATALOGUE
        )
        with clients.connect(self.account) as connected:
            refresh.run_refresh(run=run, clients=connected)
        run.refresh_from_db()
        if run.read_count != self.count:
            raise SystemExit(f"The refresh is {run.state}: {run.message}")

    def read_one_by_one(self) -> None:
        with clients.connect(self.account) as connected:
            for video_id in self._video_ids():
                connected.youtube.get_videos([video_id], LIVE_PARTS)

    def push_one_by_one(self) -> None:
        """A read and a write for each video, and no record of either."""
        with clients.connect(self.account) as connected:
            for video_id in self._video_ids():
                write_one(connected.youtube, video_id)

    def _video_ids(self) -> list[str]:
        return list(Video.objects.order_by("pk").values_list("video_id", flat=True))

    def show(self, name: str, ours: Spent, theirs: Spent) -> None:
        rate, floor = self.count / ours.seconds, self.count / theirs.seconds
        show(Figure(f"{name}_calls", ours.calls, "calls", theirs.calls))
        show(Figure(f"{name}_units", ours.units, "units", theirs.units))
        show(Figure(f"{name}_rate", rate, "videos/s", floor))


def write_one(youtube: YouTubeClient, video_id: str) -> None:
    live = youtube.get_videos([video_id], LIVE_PARTS)[video_id]
    youtube.update_video(live, {"title": f"{video_id} by hand"})


def measure(sandbox: SandboxServer, videos: int) -> None:
    bench = Bench(sandbox, videos)
    theirs = bench.spent_by(bench.read_one_by_one)
    bench.show("sync_refresh", bench.spent_by(bench.refresh), theirs)
    bench.edit("live")
    ours = bench.spent_by(bench.push)
    again = bench.spent_by(bench.push)
    theirs = bench.spent_by(bench.push_one_by_one)
    bench.show("sync_push", ours, theirs)
    show(Figure("sync_unchanged_calls", again.calls, "calls", theirs.calls))


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=at_least_one, default=2000)
    options = parser.parse_args()
    require_empty_database()
    call_command("migrate", verbosity=0)
    with SandboxServer() as sandbox:
        sandbox.change_settings(daily_units=PLENTY)
        environment = environment_for(sandbox.url)
        os.environ |= {k: v for k, v in environment.items() if k.startswith("OAUTHLIB")}
        chosen = environment | {"CONTENT_ID_ENABLED": False}
        with override_settings(**chosen, YOUTUBE_DAILY_QUOTA=PLENTY):
            measure(sandbox, options.videos)


if __name__ == "__main__":
    main()
