"""Which videos a change set is about: a stored filter, ticked rows, a pasted list.

Lists know how to read their own parameters; each registers a function for that,
because this module may not know pages.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, QuerySet

from catalog import fields, validators
from catalog.exceptions import SelectionError
from catalog.models import ChangeSet, SelectedVideo, Video
from catalog.querysets import VideoQuerySet
from catalog.querysets.search import ASSET_ID

Lister = Callable[[str, User], VideoQuerySet]
PASTED_LIMIT = 100_000  # lines
FOUND_AT_ONCE = 1_000  # lines; a worker finds the videos of longer lists
FIRST_LINES = 50  # of a longer list: its form shows examples of them
WAITED_COST = 15_000  # in the planner's units: some tenths of a second
TEXT_KEPT = 1_000  # characters of a line
SHORT_FORM_LIMIT = 64  # characters; no identifier is longer

_LISTERS: dict[str, Lister] = {}


def lister(name: str) -> Callable[[Lister], Lister]:
    """Register how a list turns its query string into videos of one person."""

    def register(function: Lister) -> Lister:
        _LISTERS[name] = function
        return function

    return register


def select_filter(change_set: ChangeSet, *, name: str, query: str) -> None:
    """All videos that match a list's parameters at the moment of planning."""
    change_set.selection = {"kind": "filter", "lister": name, "query": query}
    change_set.save(update_fields=["selection", "updated_at"])


def select_ticked(change_set: ChangeSet, keys: Iterable[int]) -> None:
    """The rows that a person ticked on one page of a list."""
    change_set.selection = {"kind": "ticked"}
    change_set.save(update_fields=["selection", "updated_at"])
    SelectedVideo.objects.bulk_create(
        SelectedVideo(change_set=change_set, place=place, video_id=key)
        for place, key in enumerate(keys, start=1)
    )


def select_pasted(
    change_set: ChangeSet, text: str, *, takes_several: bool = False
) -> None:
    """The videos that pasted IDs, ISRCs or UPCs name, one on a line.

    `selection` counts what was not found and what fits several videos, which
    are left out unless the person takes them. Of a long list only the first
    lines are looked up; `find_pasted` does the rest before the plan is made.
    Raises SelectionError for a list that is empty or too long.
    """
    lines = [line.strip() for line in re.split(r"[\0\r\n\t,;|]+", text)]
    lines = [line for line in dict.fromkeys(lines) if line]
    if not lines:
        raise SelectionError("The list is empty. Paste at least one line.")
    if len(lines) > PASTED_LIMIT:
        raise SelectionError(
            f"This list has {len(lines):,} lines; at most {PASTED_LIMIT:,} are read. "
            "Split it, or import it as a spreadsheet."
        )
    change_set.selection = {
        "kind": "pasted",
        "line_count": len(lines),
        "takes_several": takes_several,
    }
    if len(lines) <= FOUND_AT_ONCE:
        _replace(change_set, lines)
        _note_found(change_set)
        return
    change_set.selection["is_found"] = False
    _replace(change_set, lines[:FIRST_LINES])
    _keep_rest(change_set, lines[FIRST_LINES:])
    change_set.save(update_fields=["selection", "updated_at"])


def is_found(change_set: ChangeSet) -> bool:
    """Whether it is known which videos a selection names."""
    found: bool = change_set.selection.get("is_found", True)
    return found


def find_pasted(change_set: ChangeSet) -> None:
    """Find the videos of a long pasted list, once: some seconds for 100,000 lines."""
    if is_found(change_set):
        return
    rows = SelectedVideo.objects.filter(change_set=change_set).order_by("place", "pk")
    lines = "\n".join(dict(rows.values_list("place", "text")).values()).split("\n")
    with transaction.atomic(), connection.cursor() as cursor:
        _replace(change_set, lines)
        cursor.execute("ANALYZE catalog_selectedvideo")
        _note_found(change_set)


def _replace(change_set: ChangeSet, lines: Sequence[str]) -> None:
    SelectedVideo.objects.filter(change_set=change_set).delete()
    _find_pasted(change_set, [read_identifier(line) for line in lines])


def _keep_rest(change_set: ChangeSet, lines: Sequence[str]) -> None:
    """All further lines in one row: 50,000 rows are not written in a request."""
    text = "\n".join(line[:TEXT_KEPT] for line in lines)
    place = FIRST_LINES + 1
    SelectedVideo.objects.create(change_set=change_set, place=place, text=text)


def _note_found(change_set: ChangeSet) -> None:
    change_set.selection.pop("is_found", None)
    change_set.selection |= {
        "missing_count": missing(change_set).count(),
        "several_count": several(change_set).count(),
    }
    change_set.save(update_fields=["selection", "updated_at"])


def missing(change_set: ChangeSet) -> QuerySet[SelectedVideo]:
    """The pasted lines that fit no video; none before they were looked up."""
    lines = SelectedVideo.objects.filter(change_set=change_set, video=None)
    return lines if is_found(change_set) else lines.none()


def several(change_set: ChangeSet) -> QuerySet[SelectedVideo, dict[str, Any]]:
    """Place, text and count of the pasted lines that fit several videos."""
    lines = SelectedVideo.objects.filter(change_set=change_set)
    counted: Any = lines.order_by("place").values("place", "text")
    found: QuerySet[SelectedVideo, dict[str, Any]] = counted.annotate(
        count=Count("video")
    ).filter(count__gt=1)
    return found


@dataclass(frozen=True, slots=True)
class Identifier:
    """What one pasted line may be; '' where it cannot be that."""

    text: str
    video_id: str
    asset_id: str
    isrc: str
    upcs: tuple[str, ...]


def read_identifier(line: str) -> Identifier:
    """Guess by shape alone; a custom ID may look like anything."""
    short = fields.identifier(line[:SHORT_FORM_LIMIT])
    address = re.search(r"(?:[?&]v=|youtu\.be/|/shorts/|/video/)([\w-]{11})", line)
    return Identifier(
        text=line[:TEXT_KEPT],
        video_id=address[1] if address else line if len(line) == 11 else "",
        asset_id=line if ASSET_ID.fullmatch(line) else "",
        isrc=short if re.fullmatch(validators.ISRC_PATTERN, short) else "",
        upcs=_upcs(short),
    )


def _upcs(digits: str) -> tuple[str, ...]:
    """A UPC is the EAN without its leading zero."""
    if not re.fullmatch(r"[0-9]{12,13}", digits):
        return ()
    return (digits, f"0{digits}" if len(digits) == 12 else digits.removeprefix("0"))


def _find_pasted(change_set: ChangeSet, pasted: Sequence[Identifier]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.pasted")
        cursor.execute(
            "CREATE TEMP TABLE pasted (place int, text text, video_id text, "
            "asset_id text, isrc text, upcs text[]) ON COMMIT DROP"
        )
        with cursor.copy("COPY pasted FROM STDIN") as copy:
            for place, one in enumerate(pasted, start=1):
                copy.write_row(
                    (
                        place,
                        one.text,
                        one.video_id,
                        one.asset_id,
                        one.isrc,
                        list(one.upcs),
                    )
                )
        if len(pasted) > FOUND_AT_ONCE:
            cursor.execute("ANALYZE pasted")
        cursor.execute(_FIND_PASTED, [change_set.pk])


# Each arm repeats the condition of its partial index. Arms are joined with the whole
# list: found line by line, a list of 50,000 takes minutes.
_FIND_PASTED = """
    WITH found AS (
        SELECT p.place, v.id FROM pasted p
            JOIN catalog_video v ON v.video_id = p.video_id
        UNION SELECT p.place, v.id FROM pasted p
            JOIN catalog_video v ON v.isrc = p.isrc WHERE v.isrc <> ''
        UNION SELECT p.place, v.id FROM pasted p CROSS JOIN unnest(p.upcs) u (upc)
            JOIN catalog_video v ON v.upc = u.upc WHERE v.upc <> ''
        UNION SELECT p.place, v.id FROM pasted p
            JOIN catalog_video v ON v.custom_id = p.text WHERE v.custom_id <> ''
        UNION SELECT p.place, v.id FROM pasted p
            JOIN catalog_asset a ON a.asset_id = p.asset_id
            JOIN catalog_video v ON v.primary_asset_id = a.id
    )
    INSERT INTO catalog_selectedvideo (change_set_id, place, text, video_id)
    SELECT %s, p.place, p.text, found.id FROM pasted p LEFT JOIN found USING (place)
    ORDER BY p.place, found.id
"""


def takes_long(videos: VideoQuerySet) -> bool:
    """Whether the database expects more work than a page can wait for."""
    sql, params = videos.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    expected = json.loads(found) if isinstance(found, str) else found
    cost: float = expected[0]["Plan"]["Total Cost"]
    return cost > WAITED_COST


def selected_videos(change_set: ChangeSet) -> VideoQuerySet:
    """The videos that a change set is about at this moment.

    Raises SelectionError when its list cannot be read any more.
    """
    chosen = change_set.selection
    if chosen.get("kind") == "filter":
        return _filtered(change_set)
    if chosen.get("kind") in {"ticked", "pasted"}:
        rows = SelectedVideo.objects.filter(change_set=change_set, video__isnull=False)
        if not chosen.get("takes_several", True):
            rows = rows.exclude(place__in=several(change_set).values("place"))
        return Video.objects.filter(pk__in=rows.values("video"))
    raise SelectionError


def _filtered(change_set: ChangeSet) -> VideoQuerySet:
    chosen, actor = change_set.selection, change_set.actor
    read = _LISTERS.get(chosen["lister"])
    if read is None or actor is None:
        raise SelectionError
    return read(chosen["query"], actor)
