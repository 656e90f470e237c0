"""How the states of a report look, and what each of them asks of people."""

from django.utils.safestring import SafeString

from catalog.admin.columns import badge
from reports.models import Report

State = Report.State

LABELS = {State.REFUSED: "Refused", State.DUPLICATE: "Duplicate"}
TONES = {
    State.READING: "busy",
    State.MERGING: "busy",
    State.COMPLETED: "good",
    State.COMPLETED_WITH_ERRORS: "warn",
    State.FAILED: "bad",
    State.REFUSED: "bad",
    State.NEEDS_ANSWER: "warn",
}
ADVICE = {
    State.AVAILABLE: "This file was not imported yet.",
    State.WAITING: "The import begins as soon as a worker is free.",
    State.READING: "The file is being read. Nothing is changed before all of it is.",
    State.MERGING: (
        "The rows are being compared with the catalogue. "
        "From here on the import can no longer be stopped."
    ),
    State.COMPLETED: (
        "Everything in this file is accounted for. Importing it again would change "
        "nothing."
    ),
    State.COMPLETED_WITH_ERRORS: (
        "The good rows are in the catalogue. What was left out is listed below: mend "
        "it where it comes from, and the next report brings it in."
    ),
    State.FAILED: (
        "If the file is damaged or not complete, download it again from YouTube. If it "
        "is right, import it again."
    ),
    State.CANCELLED: "The file can be imported at any time.",
    State.REFUSED: (
        "Video, asset, asset conflict, claim and Shorts reports of Content Manager "
        "are imported here."
    ),
    State.DUPLICATE: "There is nothing to do.",
    State.NEEDS_ANSWER: "The import goes on once this is answered.",
}


UNTOUCHED = "Nothing in the catalogue was changed."


def advice_for(report: Report) -> str:
    """What the state means for the catalogue, and what to do now."""
    state, advice = State(report.state), ADVICE[State(report.state)]
    is_over = report.is_finished and state not in Report.IMPORTED
    is_said = "nothing was changed" in report.error_message.lower()
    return f"{UNTOUCHED} {advice}" if is_over and not is_said else advice


def label_of(report: Report) -> str:
    """A state in a word or two, short enough for a list."""
    state = State(report.state)
    return str(LABELS.get(state, state.label))


def badge_of(report: Report) -> SafeString:
    return badge(label_of(report), TONES.get(State(report.state), ""))


def leaving(report: Report) -> str:
    """The live condition that holds as soon as the state is another one."""
    others = [value for value in State.values if value != report.state]
    return f"state={','.join(others)}"
