"""Write the sample files, one video at a time."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from reports.samples import sandbox
from reports.samples.claims import (
    CLAIM_HEADER,
    CONFLICT_HEADER,
    SHORTS_HEADER,
    claim_rows,
    conflict_rows,
    shorts_rows,
)
from reports.samples.rows import (
    ASSET_HEADER,
    VIDEO_HEADER,
    Row,
    asset_rows,
    video_rows,
)
from reports.samples.videos import SampleCatalogue, SampleVideo

Rows = Callable[[SampleCatalogue, SampleVideo], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the files are and how many of what they hold."""

    video_report: Path
    asset_report: Path
    sandbox: Path | None
    counts: dict[str, int]
    claim_report: Path | None = None
    conflict_report: Path | None = None
    shorts_report: Path | None = None


def write_samples(
    *,
    videos: int,
    seed: int,
    folder: Path,
    owner: str = "Aurora_Music",
    nights: int = 0,
    days_ago: int = 0,
    with_sandbox: bool = True,
    with_claims: bool = False,
) -> SampleFiles:
    """Write a matching pair of reports, and what the APIs show of the same.

    `nights` lets every counter grow as by so many days; nothing else changes.
    `days_ago` shows the catalogue before what happened since (see `days`).
    `with_claims` adds the claim, conflict and Shorts reports.
    """
    catalogue = SampleCatalogue(
        videos=videos, seed=seed, nights=nights, days_ago=days_ago
    )
    folder.mkdir(parents=True, exist_ok=True)
    files = SampleFiles(
        folder / f"video_report_{owner}_V_v1-4.csv",
        folder / f"asset_full_report_{owner}_L_v1-2.csv",
        folder / "sandbox.json" if with_sandbox else None,
        {},
        *(_claim_files(folder, owner) if with_claims else ()),
    )
    counts: Counter[str] = Counter(videos=videos, channels=catalogue.channel_count)
    _write_reports(catalogue, files, counts)
    if files.sandbox:
        _write_sandbox(catalogue, files.sandbox, counts, owner)
    files.counts.update(counts)
    return files


def _claim_files(folder: Path, owner: str) -> tuple[Path, Path, Path]:
    return (
        folder / f"claim_report_{owner}_C_v1-2.csv",
        folder / f"asset_conflict_report_{owner}_v1-3.csv",
        folder / "youtube_shorts_ads_revenue_month_youtube_shorts_ads_video_summary_"
        "v1_1_20260601.csv",
    )


def _write_reports(
    catalogue: SampleCatalogue, files: SampleFiles, counts: Counter[str]
) -> None:
    tables: list[tuple[Path | None, list[str], Rows, str]] = [
        (files.video_report, VIDEO_HEADER, video_rows, "video_rows"),
        (files.asset_report, ASSET_HEADER, asset_rows, "asset_rows"),
        (files.claim_report, CLAIM_HEADER, claim_rows, "claim_rows"),
        (files.conflict_report, CONFLICT_HEADER, conflict_rows, "conflict_rows"),
        (files.shorts_report, SHORTS_HEADER, shorts_rows, "shorts_rows"),
    ]
    with ExitStack() as stack:
        writers = []
        for path, header, rows, name in tables:
            if path is not None:
                writer = csv.writer(_opened(stack, path), lineterminator="\n")
                writer.writerow(header)
                writers.append((writer, rows, name))
        for video in catalogue:
            counts.update(video.problems)
            for writer, rows, name in writers:
                for row in rows(catalogue, video):
                    writer.writerow(row)
                    counts[name] += 1


def _opened(stack: ExitStack, path: Path) -> TextIO:
    opened: AbstractContextManager[TextIO] = path.open(
        "w", newline="", encoding="utf-8"
    )
    return stack.enter_context(opened)


Docs = Callable[[SampleCatalogue, SampleVideo], Iterator[dict[str, Any]]]


def _write_sandbox(
    catalogue: SampleCatalogue, path: Path, counts: Counter[str], owner: str
) -> None:
    parts: dict[str, Docs] = {
        "videos": sandbox.video_docs,
        "assets": sandbox.asset_docs,
        "claims": sandbox.claim_docs,
    }
    for video in catalogue:
        counts.update(sandbox.differences_of(video.number))
    name = owner.replace("_", " ")
    owners = [{"id": sandbox.CONTENT_OWNER, "name": name}]
    with path.open("w", encoding="utf-8") as file:
        file.write('{"content_owners": ')
        _write_list(file, owners)
        file.write(',\n"channels": ')
        _write_list(file, sandbox.channel_docs(catalogue))
        for part, docs in parts.items():
            file.write(f',\n"{part}": ')
            _write_list(
                file, (doc for video in catalogue for doc in docs(catalogue, video))
            )
        file.write("}\n")


def _write_list(file: TextIO, docs: Iterable[dict[str, Any]]) -> None:
    separator = "["
    for doc in docs:
        file.write(f"{separator}\n{json.dumps(doc, ensure_ascii=False)}")
        separator = ","
    file.write("]")
