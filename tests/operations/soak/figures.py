"""What people and machine took, in numbers."""

import math
import statistics
from collections import Counter

from tests.operations.soak.gauges import median_memory


def figures_of(day, calm, warm_up):
    """Visits of the calm minutes, the system's use of itself, and what was logged."""
    kinds = sorted({v.kind for v in calm})
    of_kind = {kind: seconds_of([v for v in calm if v.kind == kind]) for kind in kinds}
    return {
        "visits": of_kind | {"all": seconds_of(calm)},
        "sockets": told(event_seconds(day)),
        "system": system_figures(day, warm_up),
        "answers": Counter(v.status for v in day.notebook.visits),
        "edits": edit_figures(day.notebook.ledger.edits),
        "logged": Counter(f"{e.event}: {e.raised[:80]}" for e in day.logged_errors()),
    }


def seconds_of(visits):
    return told([v.seconds for v in visits])


def told(seconds):
    """How many, their median and their 95th percentile."""
    ordered = sorted(seconds)
    return {
        "count": len(ordered),
        "p50": round(statistics.median(ordered), 3),
        "p95": round(ordered[math.ceil(0.95 * len(ordered)) - 1], 3),
    }


def event_seconds(day):
    """From the sending of an edit until each open page heard of it, in the calm."""
    sent = [e for e in day.notebook.ledger.acknowledged if e.answered < day.calm_until]
    heard = (
        (page.heard_after(edit.video_id, edit.sent), edit.sent)
        for edit in sent
        for page in day.listeners.listeners
    )
    return [at - since for at, since in heard if at is not None]


def edit_figures(edits):
    return {
        "sent": len(edits),
        "acknowledged": sum(edit.is_acknowledged for edit in edits),
        "refused": sum(edit.is_refused for edit in edits),
    }


def system_figures(day, warm_up):
    calm = day.gauges.between(day.started + warm_up, day.calm_until)
    third = len(calm) // 3
    evening = day.gauges.samples[-1]
    return {
        "memory_mb": [
            round(median_memory(each))
            for each in (calm[:third], calm[-third:], [evening])
        ],
        "connections": [calm[0].connections, calm[-1].connections, evening.connections],
        "connections_max": max(s.connections for s in calm),
        "queue_seconds_max": round(max(s.queue_seconds for s in calm), 1),
        "nights": len(day.nights),
        "plans": len(day.notebook.plans),
        "visits_in_all": len(day.notebook.visits),
    }
