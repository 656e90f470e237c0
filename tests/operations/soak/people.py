"""People at work: each looks at pages, edits and pushes, one thing after the other."""

import random
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from threading import Event, Lock

import requests

from tests.operations.soak.ledger import Edit, Ledger

TIMEOUT = 60
THINKING = (2.0, 6.0)  # seconds between two things that one person does
TICKED = 20  # videos that one plan pushes
PAGES = {
    "start page": "/admin/",
    "list": "/admin/catalog/video/",
    "search": "/admin/catalog/video/?q=live",
    "filter": "/admin/catalog/video/?unpushed=yes",
    "reports": "/admin/reports/report/",
    "history": "/admin/catalog/changeset/",
    "api list": "/api/videos/?per_page=50",
}


# What a person expects of each kind of request; of all others a page.
WANTED = {"save form": 302, "plan push": 201, "confirm push": 202}
SIGN_IN = "/admin/login/"
# Words that a person can do something with, on a page or in the body of an error.
ADVICE = "Please try again in a moment."


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as a person met it; status 0: nobody answered, which `text` tells."""

    at: float
    kind: str
    seconds: float
    status: int
    text: str = ""
    retry_after: str = ""

    @property
    def end(self):
        return self.at + self.seconds

    @property
    def is_good(self):
        return self.status == WANTED.get(self.kind, 200)

    @property
    def is_invitation(self):
        """Told in words to come back, and when."""
        is_told = self.status == 503 and ADVICE in self.text
        return bool(is_told and self.retry_after)

    @property
    def is_served(self):
        return self.status not in {0, 503}


@dataclass
class Notebook:
    """What people saw, and what the office acknowledged to them."""

    visits: list[Visit] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    unpushed: deque[str] = field(default_factory=deque)
    plans: list[int] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def note_edit(self, edit):
        self.ledger.add(edit)
        if edit.is_acknowledged:
            with self.lock:
                self.unpushed.append(edit.video_id)

    def take_unpushed(self):
        with self.lock:
            count = min(TICKED, len(self.unpushed))
            return sorted({self.unpushed.popleft() for _ in range(count)})


class Form(HTMLParser):
    """The values that a browser would send back from a page's form."""

    def __init__(self, page):
        super().__init__()
        self.values, self._area, self._select = [], None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "input" and name and is_sent(kind, given):
            self.values.append((name, given.get("value", "")))

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            name, texts = self._area
            self.values.append((name, "".join(texts).removeprefix("\n")))
            self._area = None

    def with_title(self, title):
        kept = [(name, value) for name, value in self.values if name != "title"]
        return [*kept, ("title", title)]


def is_sent(kind, given):
    """Whether a browser sends an input along: no button, no empty box."""
    is_box = kind in {"checkbox", "radio"}
    return kind not in {"submit", "button", "file"} and (
        not is_box or "checked" in given
    )


class Person:
    """Somebody of a group with an own part of the videos: {video ID: its number}."""

    def __init__(self, *, name, group, cookie, webs, videos, notebook):
        self.name, self.group, self.webs = name, group, list(webs)
        self.videos, self.notebook = videos, notebook
        self.random = random.Random(name)
        self.session = requests.Session()
        self.session.cookies.set("sessionid", cookie)
        self.number = 0

    def work(self, ended: Event):
        """Do one thing after the other until the day is over."""
        self.random.shuffle(self.webs)
        self.ask("start page", "GET", PAGES["start page"])
        while not ended.wait(self.random.uniform(*THINKING)):
            self.random.choice(self.habits())()

    def habits(self):
        looking = [self.look, self.look, self.open_video]
        editing = [self.edit_by_form, self.edit_by_api]
        pushing = [self.push]
        return {
            "Viewer": looking,
            "Editor": looking + editing,
            "Publisher": looking + editing + pushing,
        }[self.group]

    def look(self):
        kind = self.random.choice(list(PAGES))
        self.ask(kind, "GET", PAGES[kind])

    def open_video(self):
        key = self.videos[self.random.choice(list(self.videos))]
        return self.ask("video page", "GET", f"/admin/catalog/video/{key}/change/")

    def edit_by_form(self):
        video_id, title = self._next_edit()
        address = f"/admin/catalog/video/{self.videos[video_id]}/change/"
        page = self.ask("video page", "GET", address)
        if page is None or page.status_code != 200:
            return
        values = Form(page.text).with_title(title)
        self._save("save form", video_id, title, "POST", address, data=values)

    def edit_by_api(self):
        video_id, title = self._next_edit()
        body, address = {"title": title}, f"/api/videos/{video_id}/"
        self._save("save by API", video_id, title, "PATCH", address, json=body)

    def _next_edit(self):
        self.number += 1
        return self.random.choice(list(self.videos)), f"{self.name} {self.number}"

    def _save(self, door, video_id, title, method, address, **options):
        """Send an edit and keep what was answered."""
        clock, sent = datetime.now(UTC).isoformat(), time.monotonic()
        reply = self.ask(door, method, address, **options)
        self.notebook.note_edit(
            Edit(
                sent=sent,
                answered=time.monotonic(),
                clock=clock,
                person=self.name,
                door=door,
                video_id=video_id,
                title=title,
                status=0 if reply is None else reply.status_code,
                is_acknowledged=reply is not None and is_acknowledged(door, reply),
                answer="" if reply is None else answer_in(reply),
            )
        )

    def push(self):
        """Plan the push of what was edited lately, and confirm it."""
        if not (chosen := self.notebook.take_unpushed()):
            return
        body = {"video_ids": chosen}
        made = self.ask("plan push", "POST", "/api/push-plans/", json=body)
        if made is None or made.status_code != 201:
            return
        for plan in made.json()["data"]:
            address = f"/api/push-plans/{plan['pk']}/confirm/"
            reply = self.ask("confirm push", "POST", address)
            if reply is not None and reply.status_code == 202:
                self.notebook.plans.append(plan["pk"])

    def ask(self, kind, method, path, **options):
        """Send one request and note how it went; None when nobody answered."""
        started, reply, failure = time.monotonic(), None, ""
        token = self.session.cookies.get("csrftoken", "")
        try:
            reply = self.session.request(
                method,
                self.webs[0] + path,
                headers={"X-CSRFToken": token},
                allow_redirects=False,
                timeout=TIMEOUT,
                **options,
            )
        except requests.RequestException as error:
            failure = f"{type(error).__name__}: {error}"
            self.webs.append(self.webs.pop(0))  # as a proxy does
        self._note_visit(kind, started, reply, failure)
        return reply

    def _note_visit(self, kind, started, reply, failure):
        seconds = time.monotonic() - started
        if reply is None:
            visit = Visit(started, kind, seconds, 0, failure)
        else:
            again = reply.headers.get("Retry-After", "")
            text = answer_in(reply)
            visit = Visit(started, kind, seconds, status_of(reply), text, again)
        self.notebook.visits.append(visit)


def status_of(reply):
    """A page that leads to the sign-in is no page."""
    is_sign_in = reply.headers.get("Location", "").startswith(SIGN_IN)
    return 401 if is_sign_in else reply.status_code


def is_acknowledged(door, reply):
    return status_of(reply) == WANTED.get(door, 200)


def answer_in(reply):
    """What a person would read: the body of an error, or where a save led."""
    if reply.is_redirect:
        return reply.headers["Location"]
    return "" if reply.status_code < 300 else reply.text[:4000]
