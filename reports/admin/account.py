"""The account of an import, laid out so that a person can add it up."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from catalog.models import Change
from reports.models import Report

Outcome = Change.Outcome


@dataclass(frozen=True, slots=True)
class Figure:
    """One count, what it counts, and where these can be seen."""

    label: str
    count: int
    hint: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and its parts, which add up to it."""

    total: Figure
    parts: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every row, every video, and of what hangs on them."""

    rows: Sum
    videos: Sum | None
    others: tuple[Figure, ...]
    history: str


def account_of(report: Report, request: HttpRequest) -> Account | None:
    """The account of a finished import or check; None for any other report."""
    if report.state not in {*Report.IMPORTED, Report.State.CHECKED}:
        return None
    links = Links(report, request)
    return Account(
        rows_of(report, links),
        videos_of(report, links),
        others_of(report, links),
        links.to_history(outcome="all"),
    )


class Links:
    """Addresses of lists about this import, for those who may open them."""

    def __init__(self, report: Report, request: HttpRequest) -> None:
        self.report, self.user = report, request.user

    def to(self, model: str, of: str, **query: str) -> str:
        """A list of the catalogue; `of` is its filter for an import."""
        observation = self.report.observation_id
        if observation is None or not self.user.has_perm(f"catalog.view_{model}"):
            return ""
        query[of] = str(observation)
        return f"{reverse(f'admin:catalog_{model}_changelist')}?{urlencode(query)}"

    def to_videos(self, of: str) -> str:
        """Hidden ones are in the counts, so they are in the list."""
        return self.to("video", of, hidden="all")

    def to_history(self, **query: str) -> str:
        return self.to("change", "observation__id__exact", **query)

    def to_left_out(self, effect: str) -> str:
        query = urlencode({"report": self.report.pk, "effect": effect})
        return f"{reverse('admin:reports_reportrowerror_changelist')}?{query}"


def rows_of(report: Report, links: Links) -> Sum:
    return Sum(
        Figure("Rows read", report.rows_read),
        (
            Figure("imported", report.rows_imported, "Rows that stand for themselves."),
            Figure(
                "collapsed",
                report.rows_collapsed,
                "Further rows about the same video, asset or claim, taken together "
                "with its first one.",
            ),
            Figure(
                "rejected",
                report.rows_rejected,
                "Left out, and listed below.",
                links.to_left_out("row"),
            ),
        ),
    )


def videos_of(report: Report, links: Links) -> Sum | None:
    """None for a report that is not about videos."""
    parts = (
        Figure(
            "new",
            report.videos_new,
            "Seen for the first time.",
            links.to_videos("new_in"),
        ),
        Figure(
            "changed",
            report.videos_changed,
            "YouTube shows other metadata, claims or policies than before.",
            links.to_videos("changed_in"),
        ),
        Figure(
            "counters only",
            report.videos_counters_only,
            "Only views, likes or comments moved.",
        ),
        Figure("unchanged", report.videos_unchanged, "As they were."),
        Figure(
            "older",
            report.videos_older,
            "Newer facts are known already, so these were passed over.",
        ),
    )
    total = sum(part.count for part in parts)
    if not total and report.kind != "video_report":
        return None
    return Sum(Figure("Videos", total), parts)


def _video_figures(report: Report, links: Links) -> tuple[Figure, ...]:
    return (
        Figure(
            "Conflicts",
            report.conflicts,
            "Fields that we edited and that YouTube shows with a third value. "
            "Somebody has to decide.",
            links.to("conflict", "found_in", state="all"),
        ),
        Figure(
            "Pinned values kept",
            report.pinned_kept,
            "Fields that YouTube shows differently and that stay as we pinned them.",
            links.to_history(outcome=Outcome.PINNED),
        ),
        Figure(
            "Values left out",
            report.values_rejected,
            "Single values that cannot be right; the rest of their rows was taken.",
            links.to_left_out("value"),
        ),
    )


def _rights_figures(report: Report, links: Links) -> tuple[Figure, ...]:
    return (
        Figure("New assets", report.assets_new, "", links.to("asset", "new_in")),
        Figure("Changed assets", report.assets_changed),
        Figure(
            "Assets no longer listed",
            report.assets_ended,
            "Marked as ended; one that is listed again counts as before.",
            links.to("asset", "ended_in"),
        ),
        Figure("New claims", report.claims_new, "", links.to("claim", "new_in")),
        Figure("Changed claims", report.claims_changed),
        Figure(
            "Claims that ended",
            report.claims_ended,
            "This list leaves them out; their videos were judged again.",
            links.to("claim", "ended_in"),
        ),
        Figure(
            "New conflicts of ownership",
            report.ownership_new,
            "Somebody else says that an asset of ours is theirs.",
            links.to("ownershipconflict", "new_in", state="all"),
        ),
        Figure("Changed conflicts of ownership", report.ownership_changed),
        Figure(
            "Conflicts of ownership that ended",
            report.ownership_ended,
            "This list leaves them out.",
            links.to("ownershipconflict", "ended_in", state="all"),
        ),
        Figure(
            "Shorts proven",
            report.shorts_found,
            "Videos that YouTube paid as Shorts; the verdict says so now.",
            links.to_videos("changed_in"),
        ),
    )


def others_of(report: Report, links: Links) -> tuple[Figure, ...]:
    """What stands beside the sum: some figures always, the others when they count."""
    figures = (*_video_figures(report, links), *_rights_figures(report, links))
    always = {"Conflicts", "Pinned values kept", "Values left out"}
    return tuple(f for f in figures if f.count or f.label in always)
