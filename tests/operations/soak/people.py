"""People at work: each looks at pages, edits and pushes, one thing after the other."""

import random
import time
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from threading import Event, Lock

import requests

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


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as a person met it; status 0: nobody answered."""

    at: float
    kind: str
    seconds: float
    status: int
    text: str = ""
    retry_after: str = ""

    @property
    def is_honest(self):
        """Answered, or told to come back; a closed door is tried again elsewhere."""
        is_invited = self.status == 503 and self.retry_after
        return bool(is_invited or self.status in {0, 200, 201, 202, 302})

    @property
    def is_served(self):
        return self.status not in {0, 503}


@dataclass
class Notebook:
    """What people saw, and which values the office acknowledged to them."""

    visits: list[Visit] = field(default_factory=list)
    titles: dict[str, set[str]] = field(default_factory=dict)
    edits: list[str] = field(default_factory=list)
    unpushed: deque[str] = field(default_factory=deque)
    plans: list[int] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def note_edit(self, video_id, title, *, is_sure):
        """A sure edit is the only possible value; an unsure one is one more.

        Before the first sure one nothing was promised.
        """
        with self.lock:
            if not is_sure:
                self.titles.get(video_id, set()).add(title)
                return
            self.titles[video_id] = {title}
            self.edits.append(video_id)
            self.unpushed.append(video_id)

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
        # A proxy tries again where an idle connection ended; a session does not.
        self.session.headers["Connection"] = "close"
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
        reply = self.ask("save form", "POST", address, data=values)
        self._note(video_id, title, reply, good=302)

    def edit_by_api(self):
        video_id, title = self._next_edit()
        address = f"/api/videos/{video_id}/"
        reply = self.ask("save by API", "PATCH", address, json={"title": title})
        self._note(video_id, title, reply, good=200)

    def _next_edit(self):
        self.number += 1
        return self.random.choice(list(self.videos)), f"{self.name} {self.number}"

    def _note(self, video_id, title, reply, *, good):
        is_sure = reply is not None and reply.status_code == good
        self.notebook.note_edit(video_id, title, is_sure=is_sure)

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
        started, reply = time.monotonic(), None
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
        except requests.ConnectionError:
            self.webs.append(self.webs.pop(0))  # as a proxy does
        self._note_visit(kind, started, reply)
        return reply

    def _note_visit(self, kind, started, reply):
        now, status = time.monotonic(), 0 if reply is None else reply.status_code
        text = "" if reply is None or status < 300 else reply.text[:2000]
        again = "" if reply is None else reply.headers.get("Retry-After", "")
        visit = Visit(started, kind, now - started, status, text, again)
        self.notebook.visits.append(visit)
