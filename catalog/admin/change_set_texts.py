"""What the page of a change set says about its state and its selection."""

from dataclasses import dataclass

from django.urls import reverse

from catalog.models import ChangeSet
from catalog.services.change_sets import LIFETIME
from ytmanager.templatetags.figures import thousands

State = ChangeSet.State
_TONES = {
    State.PLANNING: "warn",
    State.PLANNED: "warn",
    State.APPLYING: "warn",
    State.APPLIED: "good",
    State.FAILED: "bad",
}
_ADVICE = {
    State.DRAFT: "Nothing is planned yet.",
    State.PLANNING: "The new values are being worked out. You may leave this page.",
    State.APPLYING: "The values are being written. You may leave this page.",
    State.APPLIED: "It is done. What was changed can be reverted.",
    State.CANCELLED: "It was cancelled on the way. What was applied until then stays, "
    "and can be reverted.",
    State.EXPIRED: "Nobody applied this plan within 7 days. Nothing was changed; make "
    "it again.",
    State.DISCARDED: "This plan was discarded. Nothing was changed.",
}


def tone_of(change_set: ChangeSet) -> str:
    return _TONES.get(State(change_set.state), "")


def advice_for(change_set: ChangeSet) -> str:
    """What a person can do now, in one or two sentences."""
    if change_set.state == State.FAILED:
        done = "What was applied stays. " if change_set.started_at else ""
        return f"{done}Try again; if it fails once more, tell an administrator."
    if change_set.state != State.PLANNED:
        return _ADVICE[State(change_set.state)]
    if not change_set.expected_count:
        return "No value would change, so there is nothing to apply."
    until = (change_set.planned_at or change_set.created_at) + LIFETIME
    return (
        "Nothing is changed yet. Look at the rows below, leave out what should stay "
        f"as it is, then apply. The plan expires on {until:%Y-%m-%d}."
    )


@dataclass(frozen=True, slots=True)
class SelectionText:
    """What a change set is about, in words, with a link to the list."""

    text: str
    address: str = ""


def selection_of(change_set: ChangeSet) -> SelectionText | None:
    """None for an edit of one form and for files, which have no selection."""
    chosen, kind = change_set.selection, change_set.selection.get("kind")
    if change_set.kind == ChangeSet.Kind.RELEASES:
        matches = reverse("admin:catalog_releasematch_changelist")
        return SelectionText("All accepted matches", f"{matches}?state=accepted")
    if kind == "filter":
        listed = reverse("admin:catalog_video_changelist")
        return SelectionText(
            "All videos that match a list", f"{listed}?{chosen['query']}"
        )
    if kind == "ticked":
        return SelectionText("Videos chosen one by one")
    if kind == "pasted":
        lines, missing = chosen["line_count"], chosen.get("missing_count", 0)
        text = f"A pasted list of {thousands(lines)} lines"
        if missing:
            text += f", {thousands(missing)} of them not found"
        several = chosen.get("several_count", 0)
        if several and not chosen.get("takes_several"):
            text += f", {thousands(several)} left out because several videos fit"
        return SelectionText(text)
    return None
