"""What the journey is about: a report that is new, and the same on the sandbox."""

import csv
import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from reports.samples import write_samples
from reports.samples.sandbox import (
    CONTENT_OWNER,
    asset_docs,
    channel_docs,
    claim_docs,
    differences_of,
    video_docs,
)
from reports.samples.videos import SampleCatalogue

OWNER = "Borealis_Sound"
CATALOGUE = SampleCatalogue(videos=4_000, seed=7)
# A column of nobody's makes the file big enough to be read in several slices.
UNKNOWN_COLUMN, REMARK = "remark", "no remark " * 100
SHORT_ROW = ["0" * 11, "too", "few", "cells"]
SHORT_ROW_SHOWN = (",".join(SHORT_ROW), "Too few cells: 4 where the header has 45.")
BAD_ROWS_LISTED = [
    ["", *SHORT_ROW_SHOWN, "yes"],
    ["video_id", "not a video", "Expected 11 letters, digits, - or _.", "yes"],
    [
        "time_uploaded",
        "yesterday",
        "Expected a date such as 2025-08-31 or 2025/08/31 14:05:00 UTC.",
        "no",
    ],
]
# Moves by itself or counts what was asked.
MOVING = {"etag", "now", "units_spent", "units_spent_today"}


@dataclass(frozen=True)
class ReportFiles:
    """Reports of one content owner: with three bad rows, the same packed, assets."""

    video_report: Path
    packed_again: Path
    asset_report: Path
    row_count: int


def write_reports(folder):
    made = write_samples(
        videos=CATALOGUE.count,
        seed=CATALOGUE.seed,
        folder=folder,
        owner=OWNER,
        with_sandbox=False,
    )
    with made.video_report.open(newline="") as file:
        rows = list(csv.reader(file))
    rows = [[*row, REMARK] for row in rows]
    rows[0][-1] = UNKNOWN_COLUMN
    rows += bad_rows(rows[0], rows[-1])
    with made.video_report.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    packed = folder / "mail-attachment.csv.gz"
    with made.video_report.open("rb") as plain, gzip.open(packed, "wb") as file:
        shutil.copyfileobj(plain, file)
    return ReportFiles(made.video_report, packed, made.asset_report, len(rows) - 1)


def bad_rows(header, row):
    """Two rows and a value that no import may take, each wrong in another way."""
    wrong_id, wrong_date = list(row), list(row)
    wrong_id[header.index("video_id")] = "not a video"
    wrong_date[header.index("time_uploaded")] = "yesterday"
    return [SHORT_ROW, wrong_id, wrong_date]


def choose_video():
    """A video with an asset of its own that YouTube shows as the report does."""
    return next(
        video
        for video in CATALOGUE
        if not video.problems and not differences_of(video.number)
    )


def seed_sandbox(sandbox, video):
    """Let the sandbox show a video, with parts that a careless update would wipe."""
    [doc] = video_docs(CATALOGUE, video)
    doc["snippet"] |= {"tags": ["live", "1999"], "defaultAudioLanguage": "tr"}
    doc["localizations"] = {"de": {"title": "Deutsch", "description": "Lied"}}
    seed = {
        "content_owners": [{"id": CONTENT_OWNER, "name": OWNER.replace("_", " ")}],
        "channels": list(channel_docs(CATALOGUE)),
        "videos": [doc],
        "assets": list(asset_docs(CATALOGUE, video)),
        "claims": list(claim_docs(CATALOGUE, video)),
    }
    own = json.dumps(seed).replace(CONTENT_OWNER, "BorealisOwner")
    sandbox.post("seed", **json.loads(own))


def differences_between(before, after, path=""):
    """What two states of the sandbox differ in: the new value by its path."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return {} if before == after else {path: after}
    found = {}
    for key in (before | after).keys() - MOVING:
        inner = f"{path}/{key}" if path else key
        found |= differences_between(before.get(key), after.get(key), inner)
    return found
