"""Errors in the logs of programs: of which kind, and when."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

LEVELS = {"error", "critical", "exception"}
# What a lost database or cache is called by those that lose it.
OUTAGES = (
    "OperationalError",
    "InterfaceError",
    "AdminShutdown",
    "PoolTimeout",
    "ConnectorException",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "TimeoutError",
)
UNAVAILABLE = 503
RAISED = re.compile(r"^[\w.]*\w(?::.*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LoggedError:
    """One error: seconds since the epoch, its event, and what was raised or told."""

    at: float
    event: str
    raised: str
    line: str

    @property
    def is_outage(self):
        return any(name in self.raised for name in OUTAGES)


def errors_in(text):
    """The errors of a log, JSON lines and bare tracebacks alike."""
    at, found, lines = 0.0, [], text.splitlines()
    for number, line in enumerate(lines):
        entry = parsed(line)
        if "timestamp" in entry:
            at = datetime.fromisoformat(entry["timestamp"]).timestamp()
        if entry.get("level") in LEVELS or "exception" in entry:
            raised = last_raised(str(entry.get("exception", ""))) or code_of(entry)
            found.append(LoggedError(at, entry.get("event", ""), raised, line[:4000]))
        elif line.startswith("Traceback"):
            raised = next((each for each in lines[number + 1 :] if ends_it(each)), "")
            found.append(LoggedError(at, "Traceback", raised, raised))
    return found


def parsed(line):
    with suppress(ValueError):
        entry = json.loads(line)
        return entry if isinstance(entry, dict) else {}
    return {}


def last_raised(exception):
    """The last exception of a chain, with the first line of its message."""
    return next(iter(reversed(RAISED.findall(exception))), "")


def code_of(entry):
    """A request that ended with 503 raised what the line of its own tells."""
    is_it = entry.get("code") == UNAVAILABLE
    is_told = str(entry.get("event", "")).startswith("Service Unavailable")
    return "OperationalError, told as 503" if is_it or is_told else ""


def ends_it(line):
    """The line below the frames of a traceback."""
    return bool(line.strip()) and not line.startswith((" ", "\t", "Traceback"))
