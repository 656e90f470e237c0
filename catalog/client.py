"""The catalogue's only door to pages of YouTube: is this video shown as a Short?

No API says so. `youtube.com/shorts/<id>` answers 200 for a Short and sends every
other video on to `/watch` with 303. Pages that ask for consent or complain about
unusual traffic answer 200 or 302 too, so a page must name itself as this Short,
and everything that is not clear is unknown.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

TIMEOUT = 10  # seconds
PAGE_LIMIT = 2 << 20  # bytes; the canonical address stands in the head
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"


@dataclass(frozen=True, slots=True)
class Answer:
    """`yes`, `no` or `unknown`, and for the last one why."""

    verdict: str
    note: str = ""


class _NoRedirect(HTTPRedirectHandler):
    """An answer that leads elsewhere is the answer."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        return None


class ShortsPageClient:
    """Asks one video at a time, with a pause between two questions."""

    def __init__(
        self,
        base: str,
        *,
        pause: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base, self._pause, self._sleep = base.rstrip("/"), pause, sleep
        self._asked_at: float | None = None
        self._opener = build_opener(_NoRedirect)

    def ask(self, video_id: str) -> Answer:
        """What YouTube shows for this video; never raises for what it answers."""
        self._wait()
        address = f"{self._base}/shorts/{video_id}"
        request = Request(address, headers={"User-Agent": AGENT})  # noqa: S310
        try:
            with self._opener.open(request, timeout=TIMEOUT) as reply:
                return _read_page(video_id, reply)
        except HTTPError as error:
            with error:
                return _read_refusal(video_id, address, error)
        except (OSError, HTTPException) as error:
            return Answer("unknown", f"YouTube did not answer: {error}")

    def _wait(self) -> None:
        now = time.monotonic()
        if self._asked_at is not None:
            self._sleep(max(0.0, self._asked_at + self._pause - now))
        self._asked_at = time.monotonic()


def _read_page(video_id: str, reply: Any) -> Answer:
    if reply.status != 200:
        return Answer("unknown", f"YouTube answered with status {reply.status}.")
    page = reply.read(PAGE_LIMIT).decode("utf-8", "replace")
    links = re.findall(r"<link\b[^>]*\brel=[\"']?canonical\b[^>]*>", page)
    if any(re.search(rf"/shorts/{re.escape(video_id)}[\"'\s>]", at) for at in links):
        return Answer("yes")
    return Answer("unknown", "YouTube answered with another page, such as a consent.")


def _read_refusal(video_id: str, address: str, error: HTTPError) -> Answer:
    target = urlsplit(urljoin(address, error.headers.get("Location", "")))
    is_here = target.netloc == urlsplit(address).netloc
    is_watch = target.path == "/watch" and parse_qs(target.query).get("v") == [video_id]
    if error.code == 303 and is_here and is_watch:
        return Answer("no")
    return Answer("unknown", f"YouTube answered with status {error.code}.")


def get_shorts_page_client() -> ShortsPageClient:
    """The client as the settings want it."""
    return ShortsPageClient(
        settings.SHORTS_PROBE_BASE, pause=settings.SHORTS_PROBE_SECONDS
    )
