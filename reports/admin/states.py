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
        "Nothing in the catalogue was changed. If the file is damaged, download it "
        "again from YouTube; otherwise import it again."
    ),
    State.CANCELLED: (
        "Nothing in the catalogue was changed. It can be imported at any time."
    ),
    State.REFUSED: (
        "Nothing in the catalogue was changed. Video reports and asset reports of "
        "Content Manager are imported here."
    ),
    State.DUPLICATE: "Nothing in the catalogue was changed.",
    State.NEEDS_ANSWER: (
        "Nothing in the catalogue was changed. The import goes on once this is "
        "answered."
    ),
}


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
