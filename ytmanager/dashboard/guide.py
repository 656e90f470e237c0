"""The first steps in an empty system, ticked off as they are done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from catalog.models import ContentOwner, Video
from reports.models import Report, ReportSource
from youtube_sync.models import YouTubeAccount
from ytmanager.dashboard.person import Person


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with the page on which this person can do it, if they may."""

    title: str
    text: str
    is_done: bool
    address: str


def guide(user: Person) -> list[Step] | None:
    """The steps, until there is a video; None for who could do none of them."""
    if Video.objects.visible_to(user).exists():
        return None
    steps = [_bucket(user), _account(user), _first_import(user)]
    return steps if any(step.address for step in steps) else None


def _address(user: Person, permission: str, page: str) -> str:
    return reverse(f"admin:{page}") if user.has_perm(permission) else ""


def _bucket(user: Person) -> Step:
    return Step(
        "Say where report files arrive",
        "A bucket or folder with the reports of YouTube's Content Manager. "
        "“Look now” on its page tells whether they can be read.",
        ReportSource.objects.active().exists(),
        _address(user, "reports.add_reportsource", "reports_reportsource_add"),
    )


def _account(user: Person) -> Step:
    return Step(
        "Connect a YouTube account",
        "Through it videos are read from YouTube and edits are pushed. Reports can be "
        "imported without one.",
        YouTubeAccount.objects.connected().exists(),
        _address(
            user,
            "youtube_sync.add_youtubeaccount",
            "youtube_sync_youtubeaccount_changelist",
        ),
    )


def _first_import(user: Person) -> Step:
    return Step(
        "Import the first video report",
        "It fills the catalogue. Files of the source are listed under Reports; one "
        "from your computer can be uploaded there.",
        Report.objects.imported().exists(),
        _address(user, "reports.import_report", "reports_report_changelist"),
    )


def sample_address(user: Person) -> str:
    """Where the sample data can be removed, if there are some and this person may."""
    may = user.has_perm("catalog.delete_contentowner")
    is_there = may and ContentOwner.objects.exclude(sample=None).exists()
    return reverse("remove_sample") if is_there else ""
