"""What the office answered to each edit, held against what became of it."""

import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from threading import Lock

# Every applied change of a title, and from where it came.
HISTORY = """
    SELECT v.video_id, c.new, c.change_set_id, c.observation_id, c.created_at::text
    FROM catalog_change c JOIN catalog_video v ON v.id = c.video_id
    WHERE v.video_id = ANY(%s) AND c.field = 'title' AND c.outcome = 'applied'
    ORDER BY c.id
"""
VALUES = "SELECT video_id, title FROM catalog_video WHERE video_id = ANY(%s)"
CONFLICTS = """
    SELECT v.video_id, c.ours, c.theirs, c.state, c.opened_at::text
    FROM catalog_conflict c JOIN catalog_video v ON v.id = c.video_id
    WHERE v.video_id = ANY(%s) AND c.field = 'title' ORDER BY c.id
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """One title that somebody sent, and how that was answered; status 0: not at all."""

    sent: float
    answered: float
    clock: str
    person: str
    door: str
    video_id: str
    title: str
    status: int
    is_acknowledged: bool
    answer: str = ""

    @property
    def is_refused(self):
        """Somebody was told that it was not saved."""
        return not self.is_acknowledged and 200 <= self.status < 500


@dataclass(frozen=True, slots=True)
class Fate:
    """What the database knows of the title of one video."""

    value: str | None
    history: list
    conflicts: list


@dataclass
class Ledger:
    """Every edit in the order in which it was sent; one person edits each video."""

    edits: list[Edit] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def add(self, edit):
        with self.lock:
            self.edits.append(edit)

    @property
    def acknowledged(self):
        return [edit for edit in self.edits if edit.is_acknowledged]

    def videos(self):
        """The videos of which at least one edit was acknowledged."""
        return sorted({edit.video_id for edit in self.acknowledged})

    def find_losses(self, rows):
        """Each broken promise with all that is known of its video."""
        return [
            {"video": video_id, "broken": broken, **story(edits, fate)}
            for video_id, (edits, fate) in self.fates(rows).items()
            if (broken := broken_promises(edits, fate))
        ]

    def fates(self, rows):
        chosen = self.videos()
        values = dict(rows(VALUES, chosen))
        history, conflicts, edits = (defaultdict(list) for _ in range(3))
        for video_id, *step in rows(HISTORY, chosen):
            history[video_id].append(step)
        for video_id, *conflict in rows(CONFLICTS, chosen):
            conflicts[video_id].append(conflict)
        for edit in self.edits:
            edits[edit.video_id].append(edit)
        return {
            v: (edits[v], Fate(values.get(v), history[v], conflicts[v])) for v in chosen
        }


def broken_promises(edits, fate):
    """Hold the answers of one video's edits against its history and its value.

    An acknowledged edit stands in the history once, in the order of the answers; a
    refused one does not. From the first acknowledged one on nothing else moves the
    title, and the last that was applied is the value.
    """
    sent = {edit.title: edit for edit in edits}
    promised = [edit.title for edit in edits if edit.is_acknowledged]
    titles = [new for new, *_ in fate.history]
    kept = [title for title in titles if title in promised]
    since = titles[titles.index(kept[0]) :] if kept else []
    broken = []
    if kept != promised:
        broken.append("not every acknowledged edit stands in the history, once each")
    if [title for title in since if title not in sent]:
        broken.append("something else than an edit moved the title")
    if [title for title in titles if title in sent and sent[title].is_refused]:
        broken.append("an edit that was refused was applied")
    if not titles or fate.value != titles[-1]:
        broken.append("the value is not the last that was applied")
    return broken


def story(edits, fate):
    return {"edits": [asdict(edit) for edit in edits], **asdict(fate)}


def told(losses):
    """As text, so that what was lost can be judged afterwards."""
    return json.dumps(losses, indent=1, default=str)
