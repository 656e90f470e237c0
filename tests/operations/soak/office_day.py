"""A whole system with an office full of people, and nights that go on beneath it."""

import json
import os
import shutil
import signal
from contextlib import suppress
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
from tests.operations.soak.people import Notebook, Person
from tests.recovery.browser import Browser
from tests.recovery.machine import Machine, children_of, command_of, wait_until
from tests.recovery.sandbox import RemoteSandbox
from tests.running_system import RunningSystem

PAUSE = 5.0  # seconds between two nights
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


class OfficeDay:
    """Opens the office, lets people come, and knows how to kill each part."""

    def __init__(self, folder, *, people, videos, on_youtube):
        self.folder, self.people_count = folder, people
        self.catalogue = SampleCatalogue(videos=videos, seed=SEED)
        self.on_youtube = on_youtube
        self.system = RunningSystem(folder / "system", "--no-sample")
        self.notebook, self.day_ended = Notebook(), Event()
        self.nights = []
        self.threads = []

    def open(self):
        """Start everything, import the first night, connect YouTube."""
        self.system.folder.mkdir()
        self.system.folder.chmod(0o711)
        self.system.start()
        self.machine = Machine(self.system)
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
        """End one part at once, as a crash does."""
        if part == "web":
            self.second_web.kill()
            self.second_web.start()
        elif part.startswith("worker "):
            self.machine.kill_worker(part.split()[1])
        else:
            os.kill(self.find_child(part), signal.SIGKILL)

    def find_child(self, program):
        """The child of the supervisor whose command names a program."""
        pids = children_of(self.system.process.pid)
        found = [p for p in pids if program in command_of(p).split("\0")[0]]
        assert len(found) == 1, (program, [command_of(p) for p in pids])
        return found[0]

    def is_served(self, since):
        """Whether every kind of thing went well that began after a moment."""
        later = [v for v in list(self.notebook.visits) if v.at >= since]
        served = {v.kind for v in later if v.is_served}
        wanted = {"video page", "save form", "save by API", "list"}
        return wanted <= served and all(v.is_served for v in later[-10:])

    def wait_for_work(self, part):
        """Until the part has something to lose, or for a minute."""
        asked = {
            "worker imports": "SELECT 1 FROM reports_report WHERE state = 'merging'",
            "worker youtube": (
                "SELECT 1 FROM youtube_sync_pushplan WHERE state = 'running'"
            ),
        }.get(part)
        if asked:
            with suppress(AssertionError):
                wait_until(lambda: self.rows(asked), timeout=60)

    def rows(self, sql, *values):
        """Asked on a connection of its own, since the database is killed too."""
        url = self.system.environment["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as own:
            return own.execute(sql, values).fetchall()

    def push_the_rest(self):
        """Push what nobody has pushed, and wait for the end of every plan."""
        wait_until(lambda: not self.rows(OPEN_PLANS), timeout=300)
        self.admin.get("/admin/")
        left = [v for (v,) in self.rows(UNPUSHED, list(self.notebook.titles))]
        if left:
            made = self.admin.post("/api/push-plans/", json={"video_ids": left}).json()
            for plan in made["data"]:
                self.admin.post(f"/api/push-plans/{plan['pk']}/confirm/")
            wait_until(lambda: not self.rows(OPEN_PLANS), timeout=300)

    def titles_on_youtube(self):
        shown = self.sandbox.videos()
        return {v: shown[v]["snippet"]["title"] for v in self.notebook.titles}
