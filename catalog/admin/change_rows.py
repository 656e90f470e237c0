"""The rows of a change set, page by page, with their differences marked."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalog.admin import columns
from catalog.models import Change, ChangeSet
from catalog.templatetags.catalog_values import described, field_label
from catalog.templatetags.differences import marked
from ytmanager.paginator import EstimatingPaginator

ROWS_PER_PAGE = 50
Outcome = Change.Outcome
_TONES = {
    Outcome.APPLIED: "good",
    Outcome.MOVED: "warn",
    Outcome.INVALID: "bad",
    Outcome.PLANNED: "",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One change, ready to be read."""

    change: Change
    target: SafeString
    channel: str
    field: str
    old: SafeString
    new: SafeString
    outcome: SafeString
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """A choice of rows by what becomes of them."""

    value: str
    label: str
    count: int
    is_current: bool


def rows_of(request: HttpRequest, change_set: ChangeSet) -> dict[str, Any]:
    """One page of rows, and the tabs that narrow them."""
    chosen = request.GET.get("outcome", "")
    searched = request.GET.get("video", "").replace("\0", "").strip()
    page = _page(request, change_set, chosen, searched)
    return {
        "rows": [_row(change) for change in page.object_list],
        "page": page,
        "tabs": tabs_of(change_set, chosen),
        "chosen_outcome": chosen,
        "searched_video": searched,
        "is_of_channels": is_of_channels(change_set),
    }


def is_of_channels(change_set: ChangeSet) -> bool:
    """A set is about videos or about channels: its first row tells."""
    keys = change_set.changes.order_by().values_list("channel", flat=True)
    return any(key is not None for key in keys[:1])


def _page(
    request: HttpRequest, change_set: ChangeSet, chosen: str, searched: str
) -> Page[Any]:
    seen = change_set.changes.visible_to(request.user)
    changes = seen.select_related("video__channel", "channel")
    if chosen == "warned":
        changes = changes.filter(outcome=Outcome.PLANNED, findings__isnull=False)
    elif chosen in Outcome.values:
        changes = changes.filter(outcome=chosen)
    if searched:
        kind = (
            "channel__channel_id" if is_of_channels(change_set) else "video__video_id"
        )
        changes = changes.filter(**{kind: searched})
    # In the order of the plan: an index of the change set has it.
    ordered = changes.order_by("video_id", "pk")
    return EstimatingPaginator(ordered, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def tabs_of(change_set: ChangeSet, chosen: str) -> list[Tab]:
    """Only those with rows, and the one that is open."""
    is_planned = change_set.state in ChangeSet.UNDECIDED
    counts = (
        (Outcome.PLANNED, "To be changed", change_set.expected_count * is_planned),
        ("warned", "With a warning", change_set.warning_count * is_planned),
        (Outcome.APPLIED, "Applied", change_set.applied_count),
        (Outcome.MOVED, "Skipped", change_set.skipped_count),
        (Outcome.INVALID, "Not valid", change_set.invalid_count),
        (Outcome.EXCLUDED, "Left out", change_set.excluded_count),
    )
    shown = [
        Tab(value, label, count, value == chosen)
        for value, label, count in counts
        if count or value == chosen
    ]
    total = sum(tab.count for tab in shown if tab.value != "warned")
    return [Tab("", "All", total, not chosen), *shown]


def _row(change: Change) -> Row:
    row = change.video or change.channel
    assert row is not None, "a constraint gives each change a target"
    old, new = marked(
        described(change.old, change.field), described(change.new, change.field)
    )
    tone = _TONES.get(Outcome(change.outcome), "")
    return Row(
        change=change,
        target=columns.page_link(row),
        channel=str(change.video.channel) if change.video else "",
        field=field_label(change.field),
        old=old,
        new=new,
        outcome=columns.badge(short_outcome(change), tone),
        texts=tuple(finding["text"] for finding in change.findings or ()),
    )


def short_outcome(change: Change) -> str:
    """The outcome in one or two words; findings say more."""
    if change.outcome == Outcome.PLANNED and change.findings:
        return "To be changed, with a warning"
    if change.outcome == Outcome.PLANNED:
        return "To be changed"
    return Outcome(change.outcome).label
