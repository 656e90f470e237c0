"""A push whose worker is killed three times does what an undisturbed one does."""

import time
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.core.management import call_command

from reports.samples.sandbox import (
    CONTENT_OWNER,
    asset_docs,
    channel_docs,
    claim_docs,
    differences_of,
    video_docs,
)
from reports.samples.videos import SampleCatalogue
from tests.recovery.machine import PATIENCE, wait_until
from tests.recovery.sandbox import RemoteSandbox

OWNER = "Borealis_Sound"
DAY = date(2026, 7, 1)
CATALOGUE = SampleCatalogue(videos=200, seed=11)
PUSHED = 30
WRITTEN_BEFORE_LAST_KILL = 14
SENDING = ("sending", "INSERT ON youtube_sync_metadatasync")
HELD_SECONDS = 4
TITLE = {"title", "localized"}
DONE = {"success", "already_there"}
ENDED = {"completed", "completed_with_errors", "failed", "cancelled"}
PLAN = "SELECT state, message, done_count FROM youtube_sync_pushplan WHERE id = %s"
CHANNELS_READ = "SELECT count(*) FROM catalog_observation WHERE source = 'refresh'"


@dataclass
class Story:
    """A plan whose worker was killed, and YouTube before and after it."""

    plan: str
    wanted: dict
    before: dict
    units_before: int
    after: dict = field(default_factory=dict)
    units_spent: int = 0
    seconds_until_taken_up: dict = field(default_factory=dict)

    @property
    def pk(self):
        return int(self.plan.split("/")[-3])


@pytest.fixture(scope="module")
def sandbox(recovering_system):
    return RemoteSandbox(recovering_system.environment["YOUTUBE_API_BASE"])


@pytest.fixture(scope="module")
def videos(sandbox):
    """Videos that are on the sandbox as the report tells them."""
    chosen = [
        video
        for video in CATALOGUE
        if not video.problems and not differences_of(video.number)
    ][:PUSHED]
    sandbox.post(
        "seed",
        content_owners=[{"id": CONTENT_OWNER, "name": OWNER.replace("_", " ")}],
        channels=list(channel_docs(CATALOGUE)),
        videos=[with_more_parts(*video_docs(CATALOGUE, video)) for video in chosen],
        assets=[doc for video in chosen for doc in asset_docs(CATALOGUE, video)],
        claims=[doc for video in chosen for doc in claim_docs(CATALOGUE, video)],
    )
    return chosen


def with_more_parts(doc):
    """What a careless update would wipe."""
    doc["snippet"] |= {"defaultLanguage": "en", "defaultAudioLanguage": "tr"}
    doc["localizations"] = {"de": {"title": "Deutsch", "description": "Lied"}}
    doc["recordingDetails"] = {"recordingDate": "2024-02-29T00:00:00Z"}
    return doc


@pytest.fixture(scope="module")
def account(machine, person, videos, tmp_path_factory):
    """The videos in the catalogue, and an account that may push them."""
    folder = tmp_path_factory.mktemp("files")
    sizes = {"videos": CATALOGUE.count, "seed": CATALOGUE.seed}
    options = {"owner": OWNER, "no_sandbox": True}
    call_command("make_sample_reports", out=folder, **sizes, **options)
    report = person.import_report(next(folder.glob("video_report*.csv")), DAY)
    wait_until(lambda: person.get(report).json()["finished_at"])
    person.connect_account(OWNER)
    # What the connection asks of YouTube by itself is not part of the push.
    wait_until(lambda: machine.value(CHANNELS_READ))


@pytest.fixture(scope="module")
def story(machine, person, sandbox, videos, account):
    """Push new titles; kill before the read, before a write, before its reply."""
    wanted = {video.video_id: f"{video.title} (Live)" for video in videos}
    for video_id, title in wanted.items():
        person.patch(f"/api/videos/{video_id}/", {"title": title})
    plan = person.plan_push_of_edits()
    story = Story(plan, wanted, sandbox.videos(), sandbox.units_spent())
    push_with_kills(machine, person, sandbox, story)
    wait_until(lambda: machine.rows(PLAN, story.pk)[0][0] in ENDED, timeout=60)
    story.after = sandbox.videos()
    story.units_spent = sandbox.units_spent() - story.units_before
    return story


def push_with_kills(machine, person, sandbox, story):
    def kill(moment):
        machine.kill_worker("youtube")
        killed_at[moment] = time.monotonic()

    def see_taken_up(moment, is_taken_up):
        wait_until(is_taken_up)
        seconds = time.monotonic() - killed_at[moment]
        story.seconds_until_taken_up[moment] = seconds

    def update_count():
        return sandbox.call_count("videos.update")

    killed_at, written = {}, WRITTEN_BEFORE_LAST_KILL
    with machine.breakpoint(*SENDING) as sending:
        hold(sandbox, "latency", "videos.list")
        person.post(story.plan.replace("/change/", "/confirm/"))
        wait_until(lambda: is_reading(machine, story.pk))
        kill("before the read")
        see_taken_up("before the read", sending)
        hold(sandbox, "late_reply", "videos.update", skip=written - 1)
        kill("before the write")
    see_taken_up("before the write", update_count)
    wait_until(lambda: update_count() == written)
    kill("before the reply")
    see_taken_up("before the reply", lambda: update_count() > written)


def hold(sandbox, kind, operation, **options):
    """Let one call hang for longer than it takes to notice and to kill."""
    sandbox.post(
        "faults", kind=kind, operation=operation, seconds=HELD_SECONDS, **options
    )


def is_reading(machine, plan):
    """The ledger has paid for a read that has not come back."""
    sql = (
        "SELECT 1 FROM youtube_sync_quotaentry "
        "WHERE plan_id = %s AND call = 'videos.list' AND state = 'reserved'"
    )
    return machine.value(sql, plan)


def without_title(resource):
    """Everything that a push of a title has to leave alone."""
    parts = {name: part for name, part in resource.items() if name != "etag"}
    snippet = {k: v for k, v in parts["snippet"].items() if k not in TITLE}
    return parts | {"snippet": snippet}


def test_push_is_taken_up_in_time(story):
    assert len(story.seconds_until_taken_up) == 3
    assert max(story.seconds_until_taken_up.values()) < PATIENCE


def test_plan_is_completed(machine, story):
    assert machine.rows(PLAN, story.pk) == [("completed", "", PUSHED)]


def test_every_video_has_the_wanted_title(story):
    titles = {key: story.after[key]["snippet"]["title"] for key in story.wanted}

    assert titles == story.wanted


def test_nothing_else_of_a_video_changed(story):
    before = {key: without_title(story.before[key]) for key in story.before}

    assert {key: without_title(story.after[key]) for key in story.after} == before


def test_no_video_is_written_twice(sandbox, story):
    assert sandbox.call_count("videos.update") == PUSHED


def test_every_item_ended_well(machine, story):
    sql = (
        "SELECT state, count(*) FROM youtube_sync_planitem "
        "WHERE plan_id = %s GROUP BY 1"
    )

    counts = dict(machine.rows(sql, story.pk))

    assert set(counts) <= DONE
    assert sum(counts.values()) == PUSHED


def test_last_record_of_every_item_is_a_success(machine, story):
    sql = (
        "SELECT DISTINCT ON (s.item_id) s.state FROM youtube_sync_metadatasync s "
        "JOIN youtube_sync_planitem i ON i.id = s.item_id WHERE i.plan_id = %s "
        "ORDER BY s.item_id, s.id DESC"
    )

    states = [state for (state,) in machine.rows(sql, story.pk)]

    assert len(states) == PUSHED
    assert set(states) <= DONE


def test_attempts_of_killed_workers_are_recorded_as_uncertain(machine, story):
    sql = (
        "SELECT s.state, count(*) FROM youtube_sync_metadatasync s "
        "JOIN youtube_sync_planitem i ON i.id = s.item_id "
        "WHERE i.plan_id = %s GROUP BY 1"
    )

    counts = dict(machine.rows(sql, story.pk))

    assert counts["uncertain"] == 2
    assert "pending" not in counts


def test_no_edit_is_left_pending(machine, story):
    sql = "SELECT count(*) FROM catalog_video WHERE pending_fields <> '{}'"

    assert machine.value(sql) == 0


def test_ledger_counts_every_unit_of_youtube(machine, story):
    sql = (
        "SELECT sum(units) FILTER (WHERE state = 'spent'), "
        "count(*) FILTER (WHERE state = 'reserved') "
        "FROM youtube_sync_quotaentry WHERE plan_id = %s"
    )

    [(spent, reserved_count)] = machine.rows(sql, story.pk)

    assert story.units_spent >= 50 * PUSHED
    assert spent >= story.units_spent
    assert reserved_count == 0


def test_page_shows_the_completed_plan(person, story):
    page = person.text(story.plan)

    assert f"Push plan {story.pk} Completed" in page
    assert f"Done {PUSHED} Not sent 0" in page
