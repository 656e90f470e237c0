"""A whole system with an office full of people, and nights that go on beneath it."""

import json
import math
import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Event, Thread
from types import SimpleNamespace

import psycopg
import requests

from reports.samples import write_samples
from reports.samples.sandbox import (
    CONTENT_OWNER,
    asset_docs,
    channel_docs,
    claim_docs,
    differences_of,
    video_docs,
)
from reports.samples.videos import SampleCatalogue
from tests.operations.office import Web
from tests.operations.soak.gauges import Gauges
from tests.operations.soak.listeners import Listener, Listeners
from tests.operations.soak.logs import errors_in
from tests.operations.soak.people import Notebook, Person
from tests.recovery.browser import Browser
from tests.recovery.machine import Machine, children_of, command_of, wait_until
from tests.recovery.sandbox import RemoteSandbox
from tests.running_system import RunningSystem

PAUSE = 5.0  # seconds between two nights
# What a worker is killed at: the state of its work, or any job of its queue.
AT_WORK = {
    "imports": "SELECT %s FROM reports_report WHERE state = 'merging'",
    "youtube": "SELECT %s FROM youtube_sync_pushplan WHERE state = 'running'",
}
ANY_JOB = "SELECT FROM procrastinate_jobs WHERE queue_name = %s AND status = 'doing'"
BEGUN_JOBS = """
    SELECT id FROM procrastinate_jobs
    WHERE status = 'doing' AND %s::text IN ('', queue_name)
"""
# A job that worked is deleted. This remembers it for the length of the day.
REMEMBER_DONE = """
    CREATE TABLE soak_done (id bigint, task_name text, args jsonb);
    CREATE FUNCTION soak_remember() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO soak_done VALUES (OLD.id, OLD.task_name, OLD.args);
        RETURN NULL;
    END $$;
    CREATE TRIGGER soak_remember AFTER DELETE ON procrastinate_jobs
        FOR EACH ROW EXECUTE FUNCTION soak_remember();
"""
# A job that failed counts as done when a later one did the same, by itself: a lost
# import gets a new job, a periodic job has its next run.
DONE_AGAIN = """
    EXISTS (SELECT FROM soak_done later
        WHERE later.id > job.id AND later.task_name = job.task_name
        AND later.args - 'timestamp' = job.args - 'timestamp')
"""
UNDONE = f"""
    SELECT job.id, job.task_name, job.args, job.status FROM procrastinate_jobs job
    WHERE job.id = ANY(%s) AND NOT {DONE_AGAIN}
"""
FAILED = f"""
    SELECT job.id, job.task_name, job.args, job.status FROM procrastinate_jobs job
    WHERE job.status NOT IN ('todo', 'doing') AND NOT {DONE_AGAIN}
"""
OWNER, SEED = "Borealis_Sound", 11
FIRST_DAY = date(2026, 5, 1)  # reports lag behind YouTube
GROUPS = ("Viewer", "Editor", "Editor", "Publisher", "Editor", "Viewer")
MONITOR = "soak-monitor"
OPEN_PLANS = """
    SELECT id FROM youtube_sync_pushplan
    WHERE state IN ('confirmed', 'running', 'waiting_quota')
"""
UNPUSHED = """
    SELECT video_id FROM catalog_video
    WHERE video_id = ANY(%s) AND pending_fields <> '{}'
"""
UNITS = 10_000_000  # quota is not what is tried here
PEOPLE = """
import json
from django.contrib.auth.models import Group, User
from django.test import Client
found = []
for number, group in enumerate({groups}):
    user = User.objects.create(username=f"soak{{number:02}}", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    found.append((user.username, group, client.session.session_key))
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Kill:
    """When a part was killed, and the jobs that it had begun."""

    at: float
    begun_jobs: list[int]


class OfficeDay:
    """Opens the office, lets people come, and knows how to kill each part."""

    def __init__(self, folder, *, people, videos, on_youtube):
        self.folder, self.people_count = folder, people
        self.catalogue = SampleCatalogue(videos=videos, seed=SEED)
        self.on_youtube = on_youtube
        self.system = RunningSystem(folder / "system", "--no-sample")
        self.notebook, self.day_ended = Notebook(), Event()
        self.nights = []
        self.epoch = time.time() - time.monotonic()
        self.threads = []

    def open(self):
        """Start everything, import the first night, connect YouTube."""
        self.system.folder.mkdir()
        self.system.folder.chmod(0o711)
        self.system.start()
        self.machine = Machine(self.system)
        self.machine.database.execute(REMEMBER_DONE)
        place = SimpleNamespace(folder=self.folder, variables=self.system.environment)
        self.second_web = Web(place, {"LOG_LEVEL": "INFO"}).start()
        self.webs = [self.system.url, self.second_web.url]
        self.admin = Browser(self.system.url).sign_in("admin", self.system.password)
        self.sandbox = RemoteSandbox(self.system.environment["YOUTUBE_API_BASE"])
        self._fill()
        self._hire()
        return self

    def _fill(self):
        self.sandbox.post("settings", daily_units=UNITS)
        videos = [
            v for v, _ in zip(self.catalogue, range(self.on_youtube), strict=False)
        ]
        self.clean = [
            v.video_id for v in videos if not (v.problems or differences_of(v.number))
        ]
        named = self.catalogue
        self.sandbox.post(
            "seed",
            content_owners=[{"id": CONTENT_OWNER, "name": OWNER.replace("_", " ")}],
            channels=list(channel_docs(named)),
            videos=[doc for v in videos for doc in video_docs(named, v)],
            assets=[doc for v in videos for doc in asset_docs(named, v)],
            claims=[doc for v in videos for doc in claim_docs(named, v)],
        )
        self.import_night()
        self.admin.connect_account(OWNER)

    def import_night(self):
        """Write the next night's report, upload it, wait for its end."""
        number = len(self.nights)
        files = write_samples(
            videos=self.catalogue.count,
            seed=SEED,
            folder=self.folder / f"night-{number}",
            owner=OWNER,
            nights=number,
            with_sandbox=False,
        )
        self.nights.append("")
        day = (FIRST_DAY + timedelta(days=number)).isoformat()
        address = self.admin.import_report(files.video_report, day)
        self.nights[number] = address
        shutil.rmtree(files.video_report.parent)
        wait_until(lambda: self._finished(address), timeout=600)

    def _finished(self, address):
        with suppress(requests.RequestException):
            return self.admin.get(address).json()["finished_at"]

    def _hire(self):
        groups = [GROUPS[n % len(GROUPS)] for n in range(self.people_count)]
        text = PEOPLE.format(groups=groups)
        told = self.system.manage("shell", "--no-imports", "-c", text)
        hired = json.loads(told.splitlines()[-1])
        keys = dict(self.rows("SELECT video_id, id FROM catalog_video"))
        share = len(self.clean) // len(hired)
        self.people = [
            Person(
                name=name,
                group=group,
                cookie=cookie,
                webs=self.webs,
                videos={v: keys[v] for v in self.clean[n * share : (n + 1) * share]},
                notebook=self.notebook,
            )
            for n, (name, group, cookie) in enumerate(hired)
        ]
        self.listeners = Listeners([Listener(self.webs, c) for _, _, c in hired])

    def begin(self):
        """People come in, nights go on, gauges look."""
        self.gauges = Gauges(
            system=self.system,
            web=self.webs[0],
            extra=lambda: [self.second_web.process.pid],
            token=MONITOR,
        )
        works = [*(p.work for p in self.people)]
        self.threads = [Thread(target=work, args=[self.day_ended]) for work in works]
        for thread in (self.gauges, self.listeners, *self.threads):
            thread.start()
        self.night_thread = Thread(target=self._import_nights)
        self.night_thread.start()

    def _import_nights(self):
        while not self.day_ended.is_set():
            with suppress(requests.RequestException):  # the next one is another
                self.import_night()
            self.day_ended.wait(PAUSE)

    def end(self):
        """People go home; the last night is let through."""
        self.day_ended.set()
        for thread in (*self.threads, self.night_thread):
            thread.join()

    def close(self):
        """Stop all, however far it came."""
        self.day_ended.set()
        for thread in self.threads:
            thread.join()
        for each in (getattr(self, "gauges", None), getattr(self, "listeners", None)):
            if each is not None and each.is_alive():
                each.stop()
        if hasattr(self, "second_web"):
            self.second_web.kill()
        if hasattr(self, "machine"):
            self.machine.close()
        self.system.stop()

    # Killing.

    def kill(self, part):
        """End one part at once, as a crash does, with the work that it was at."""
        if part.startswith("worker "):
            return self._kill_worker(part.split()[1])
        victims = self._victims(part)
        if part == "postgres":
            wait_until(lambda: self.rows(AT_WORK["imports"], ""), timeout=120)
        begun = self._begun_jobs("") if part == "postgres" else []
        at = time.monotonic()
        for pid in victims:
            with suppress(ProcessLookupError):  # it followed the one before it
                os.kill(pid, signal.SIGKILL)
        return Kill(at, begun)

    def _victims(self, part):
        """The processes of a part: a database is many, all gone in one moment."""
        if part == "web":
            return [
                self._find_child(lambda words: "ytmanager.asgi:application" in words)
            ]
        found = self._find_child(lambda words: part in words[0])
        return [found, *children_of(found)]

    def _find_child(self, is_it):
        """The one child of the supervisor with such a command line."""
        commands = {p: command_of(p) for p in children_of(self.system.process.pid)}
        found = [pid for pid, command in commands.items() if is_it(command.split("\0"))]
        assert len(found) == 1, commands
        return found[0]

    def _kill_worker(self, queue):
        """Hold it where it has something to lose, then end it there."""
        pid, asked = self.machine.worker(queue), AT_WORK.get(queue, ANY_JOB)
        wait_until(lambda: self._holds_at_work(pid, asked, queue), timeout=120)
        begun, at = self._begun_jobs(queue), time.monotonic()
        os.kill(pid, signal.SIGKILL)
        return Kill(at, begun)

    def _holds_at_work(self, pid, asked, queue):
        if not self.rows(asked, queue):
            return False
        os.kill(pid, signal.SIGSTOP)
        if self.rows(asked, queue):
            return True
        os.kill(pid, signal.SIGCONT)
        return False

    def _begun_jobs(self, queue):
        return [key for (key,) in self.rows(BEGUN_JOBS, queue)]

    # Coming back.

    def recoveries(self, kill, timeout):
        """After how many seconds each kind of work went on; infinite: it did not."""
        asked = {
            "people are served": lambda: self.is_served(kill.at),
            "open pages hear": lambda: self.is_heard(kill.at),
            "jobs are done": lambda: not self.rows(UNDONE, kill.begun_jobs),
        }
        found = dict.fromkeys(asked, math.inf)
        while asked and time.monotonic() - kill.at < timeout:
            for what, is_so in list(asked.items()):
                with suppress(psycopg.OperationalError):  # that is away itself
                    if is_so():
                        found[what] = round(time.monotonic() - kill.at, 1)
                        del asked[what]
            time.sleep(0.1)
        return found

    def is_served(self, since):
        """Whether every kind of thing went well that began after a moment."""
        later = [v for v in list(self.notebook.visits) if v.at >= since]
        served = {v.kind for v in later if v.is_good}
        wanted = {"video page", "save form", "save by API", "list"}
        return wanted <= served and all(v.is_served for v in later[-10:])

    def is_heard(self, since):
        """Whether every open page heard of an edit that was sent after a moment."""
        later = [e for e in self.notebook.ledger.acknowledged if e.sent >= since]
        return any(
            all(
                page.heard_after(edit.video_id, edit.sent)
                for page in self.listeners.listeners
            )
            for edit in later
        )

    def rows(self, sql, *values):
        """Asked on a connection of its own, since the database is killed too."""
        url = self.system.environment["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as own:
            return own.execute(sql, values).fetchall()

    def push_the_rest(self):
        """Push what nobody has pushed, and wait for the end of every plan."""
        wait_until(lambda: not self.rows(OPEN_PLANS), timeout=300)
        self.admin.get("/admin/")
        left = [v for (v,) in self.rows(UNPUSHED, self.notebook.ledger.videos())]
        if left:
            made = self.admin.post("/api/push-plans/", json={"video_ids": left}).json()
            for plan in made["data"]:
                self.admin.post(f"/api/push-plans/{plan['pk']}/confirm/")
            wait_until(lambda: not self.rows(OPEN_PLANS), timeout=300)

    def titles_on_youtube(self):
        shown = self.sandbox.videos()
        videos = self.notebook.ledger.videos()
        return {v: shown[v]["snippet"]["title"] for v in videos}

    def logged_errors(self):
        """What the programs of the product logged as errors; each with its time."""
        logs = [*self.system.folder.glob("logs/*.log"), self.second_web.log]
        kept = [log for log in logs if log.name.startswith(("web", "worker"))]
        return [line for log in kept for line in errors_in(log.read_text())]
