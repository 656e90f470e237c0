"""How the states of a report look, and what each of them asks of people."""

from django.utils.safestring import SafeString

from catalog.admin.columns import badge
from reports.models import Report
from reports.services.requests import force_of

State = Report.State

LABELS = {
    State.REFUSED: "Refused",
    State.DUPLICATE: "Duplicate",
    State.CHECKED: "Checked",
}
TONES = {
    State.READING: "busy",
    State.MERGING: "busy",
    State.COMPLETED: "good",
    State.CHECKED: "good",
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
    State.DUPLICATE: (
        "Its content is in the catalogue already, so there is usually nothing to do. "
        "Import it again only if you want its rows to be compared once more."
    ),
    State.CHECKED: (
        "This was a check: below is what an import would do. Nothing of it was written."
    ),
    State.NEEDS_ANSWER: "The import goes on once this is answered.",
}


GONE = ("s3_object_gone", "s3_object_replaced")
PASSING = ("s3_", "database_lost")
PUT_RIGHT = "Once this is put right, import the file again."
ANYWAY = (
    "Mend the file and upload it again, or have the rows that can be read imported."
)
BEHIND = "It begins when another report of the same content owner has ended."
LATER = "It is tried again by itself."
UNTOUCHED = "Nothing in the catalogue was changed."


def advice_for(report: Report) -> str:
    """What the state means for the catalogue, and what to do now."""
    state, advice = State(report.state), _advice(report)
    is_over = report.is_finished and state not in (*Report.IMPORTED, State.CHECKED)
    is_said = "nothing was changed" in report.error_message.lower()
    return f"{UNTOUCHED} {advice}" if is_over and not is_said else advice


def _advice(report: Report) -> str:
    state = State(report.state)
    if state == State.WAITING and report.waits_for_id:
        return BEHIND
    if state == State.WAITING and report.retry_at:
        return LATER
    if state == State.FAILED and report.error_type.startswith(PASSING):
        return "" if report.error_type in GONE else PUT_RIGHT
    if state == State.FAILED and force_of(report):
        return ANYWAY
    return ADVICE[state]


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
