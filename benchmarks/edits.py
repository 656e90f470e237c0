"""A bulk edit of a tenth of the catalogue, planned and applied as a worker does."""

import time
from argparse import ArgumentParser

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.catalogue import CHANNELS, make_catalogue
from benchmarks.figures import RUNS, Figure, show
from benchmarks.imports import require_empty_database
from benchmarks.statements import show_slowest, timed_statements
from catalog import field_sql
from catalog.changesets import selection, sources
from catalog.changesets.sources import Expression
from catalog.models import ChangeSet, Channel, Video
from catalog.querysets import VideoQuerySet
from catalog.services import applying, change_sets
from reports.management.commands.make_sample_reports import at_least_one

# What a person would write for this one edit: the same columns, the same audit rows.
BY_HAND = f"""
    WITH before AS (SELECT id, title FROM catalog_video WHERE channel_id = %s),
    edited AS (
        UPDATE catalog_video t SET title = v.title, search_text = v.search_text,
            pending_fields = CASE WHEN t.pending_fields @> ARRAY['title']
                THEN t.pending_fields ELSE t.pending_fields || 'title'::text END,
            row_version = t.row_version + 1, updated_at = now()
        FROM (SELECT o.id, o.old, o.title, {field_sql.search_text("o")} AS search_text
              FROM (SELECT b.id, b.title AS old, b.title || ' (Live)' AS title,
                        x.artist, x.label, x.custom_id
                    FROM before b JOIN catalog_video x ON x.id = b.id) o) v
        WHERE t.id = v.id
        RETURNING t.id, v.old, t.title, t.row_version
    )
    INSERT INTO catalog_change (change_set_id, video_id, field, old, new, row_version,
        outcome, created_at)
    SELECT %s, id, 'title', to_jsonb(old), to_jsonb(title), row_version, 'applied',
        now() FROM edited
"""


@sources.planner("benchmark")
def append_live(change_set: ChangeSet) -> sources.PlanSource:
    videos = selection.selected_videos(change_set)
    live = Expression("v.title || %s", (" (Live)",))
    return sources.expressions(videos, {"title": live})


@selection.lister("benchmark")
def of_channel(query: str, actor: User) -> VideoQuerySet:
    return Video.objects.filter(channel=int(query))


class Bench:
    """Edits of one channel after the other: each has a tenth of the videos."""

    def __init__(self, *, explain: bool) -> None:
        self.explain = explain
        self.actor = User.objects.create_user("benchmark")
        self.channels = iter(Channel.objects.order_by("pk"))

    def measure(self) -> None:
        floor = min(self.edit_by_hand(next(self.channels)) for _ in range(RUNS))
        seconds = min(self.edit(next(self.channels)) for _ in range(RUNS))
        show(Figure("bulk_edit", seconds, "s", floor))
        revert = self.revert()
        show(Figure("bulk_revert", revert, "s", floor))

    def edit_by_hand(self, channel: Channel) -> float:
        change_set = ChangeSet.objects.create(kind="bulk", actor=self.actor)
        checkpoint()
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('ytmanager.door', 'benchmark', true)")
            cursor.execute(BY_HAND, [channel.pk, change_set.pk])
        return time.perf_counter() - started

    def edit(self, channel: Channel) -> float:
        change_set = change_sets.start_change_set(
            kind=ChangeSet.Kind.BULK,
            actor=self.actor,
            plan_source={"name": "benchmark"},
        )
        selection.select_filter(change_set, name="benchmark", query=str(channel.pk))
        return self.carry_out(change_set, "bulk_edit")

    def revert(self) -> float:
        newest = ChangeSet.objects.filter(kind="bulk").latest("pk")
        change_set = change_sets.start_change_set(
            kind=ChangeSet.Kind.REVERT,
            actor=self.actor,
            reverts=newest,
            plan_source={
                "name": "revert",
                "change_set": newest.pk,
                "rows": None,
                "fields": None,
            },
        )
        return self.carry_out(change_set, "bulk_revert")

    def carry_out(self, change_set: ChangeSet, name: str) -> float:
        """Plan and apply; ends the benchmark when not every video was changed."""
        checkpoint()
        started = time.perf_counter()
        with timed_statements() as timings:
            change_sets.request_plan(change_set, is_small=False)
            change_sets.run_plan(change_set=change_set)
            change_set.refresh_from_db()
            change_sets.request_apply(change_set)
            while not applying.run_apply(change_set=change_set):
                pass
        seconds = time.perf_counter() - started
        change_set.refresh_from_db()
        if change_set.applied_count != Video.objects.count() // CHANNELS:
            raise SystemExit(f"{name} changed {change_set.applied_count} videos only.")
        if self.explain:
            show_slowest(name, seconds, timings)
        return seconds


def checkpoint() -> None:
    """No run pays for the pages that the one before it left dirty."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def main() -> None:
    parser = ArgumentParser(prog="benchmarks.edits", description=__doc__)
    parser.add_argument("--videos", type=at_least_one, default=100_000, metavar="N")
    parser.add_argument(
        "--explain", action="store_true", help="list the slowest statements"
    )
    options = parser.parse_args()
    require_empty_database()
    call_command("migrate", verbosity=0)
    make_catalogue(options.videos)
    Bench(explain=options.explain).measure()


if __name__ == "__main__":
    main()
