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
from reports.samples.rows import ASSET_HEADER, VIDEO_HEADER, asset_rows, video_rows
from reports.samples.videos import SampleCatalogue, SampleVideo


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the files are and how many of what they hold."""

    video_report: Path
    asset_report: Path
    sandbox: Path | None
    counts: dict[str, int]


def write_samples(
    *,
    videos: int,
    seed: int,
    folder: Path,
    owner: str = "Aurora_Music",
    nights: int = 0,
    with_sandbox: bool = True,
) -> SampleFiles:
    """Write a matching pair of reports, and what the APIs show of the same.

    `nights` lets every counter grow as by so many days; nothing else changes.
    """
    catalogue = SampleCatalogue(videos=videos, seed=seed, nights=nights)
    folder.mkdir(parents=True, exist_ok=True)
    files = SampleFiles(
        folder / f"video_report_{owner}_V_v1-4.csv",
        folder / f"asset_full_report_{owner}_L_v1-2.csv",
        folder / "sandbox.json" if with_sandbox else None,
        {},
    )
    counts: Counter[str] = Counter(videos=videos, channels=catalogue.channel_count)
    _write_reports(catalogue, files, counts)
    if files.sandbox:
        _write_sandbox(catalogue, files.sandbox, counts, owner)
    files.counts.update(counts)
    return files


def _write_reports(
    catalogue: SampleCatalogue, files: SampleFiles, counts: Counter[str]
) -> None:
    with ExitStack() as stack:
        videos = csv.writer(_opened(stack, files.video_report), lineterminator="\n")
        assets = csv.writer(_opened(stack, files.asset_report), lineterminator="\n")
        videos.writerow(VIDEO_HEADER)
        assets.writerow(ASSET_HEADER)
        for video in catalogue:
            counts.update(video.problems)
            for row in video_rows(catalogue, video):
                videos.writerow(row)
                counts["video_rows"] += 1
            for row in asset_rows(catalogue, video):
                assets.writerow(row)
                counts["asset_rows"] += 1


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
