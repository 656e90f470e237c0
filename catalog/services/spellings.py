"""Near-equal spellings of names among chosen videos: Björk, Bjork and BJÖRK."""

from dataclasses import dataclass

from django.db import OperationalError, connection

from catalog import fields
from catalog.changesets.selection import find_pasted, selected_videos
from catalog.exceptions import PlanFailedError
from catalog.fields import Shape
from catalog.models import ChangeSet
from catalog.querysets import VideoQuerySet
from catalog.services.bulk_edits import limited_time

SPELLED = ("artist", "genre", "label", "album")
LISTED = 50  # groups on a page, those of most videos first
LOOK_MS = 10_000


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing a name, and how many videos have it."""

    text: str
    video_count: int


@dataclass(frozen=True, slots=True)
class SpellingGroup:
    """Names that differ in case, accents, blanks or punctuation only."""

    spellings: tuple[Spelling, ...]

    @property
    def usual(self) -> str:
        """The way in which most videos write it."""
        return self.spellings[0].text


def find_spellings(change_set: ChangeSet, field: str) -> list[SpellingGroup]:
    """Groups of spellings in one field of the videos that a draft chose.

    Raises PlanFailedError when the selection is too large to be looked through.
    """
    find_pasted(change_set)
    return spellings_of(selected_videos(change_set), field)


def spellings_of(videos: VideoQuerySet, field: str) -> list[SpellingGroup]:
    """Groups of spellings in one field of some videos, set-based.

    Raises PlanFailedError when they are too many to be looked through.
    """
    selection, params = videos.keys_sql()
    is_list = fields.EDITABLE[field].shape is Shape.LIST
    names = f"unnest(v.{field})" if is_list else f"v.{field}"
    # Letters without their accents, and nothing that is neither letter nor digit.
    key = (
        "regexp_replace(lower(normalize(name, NFKD)), "
        r"'[\u0300-\u036f]|[^[:alnum:]]', '', 'g')"
    )
    statement = (
        f"SELECT array_agg(name ORDER BY found DESC, name), "
        "array_agg(found ORDER BY found DESC, name) FROM ("
        f"SELECT name, {key} AS key, count(*) AS found FROM ("
        f"SELECT {names} AS name FROM catalog_video v WHERE v.id IN ({selection})"
        ") named WHERE name <> '' GROUP BY 1) spelled WHERE key <> '' "
        "GROUP BY key HAVING count(*) > 1 ORDER BY sum(found) DESC, 1 LIMIT %s"
    )
    try:
        with limited_time(LOOK_MS), connection.cursor() as cursor:
            cursor.execute(statement, [*params, LISTED])
            return [_group(*row) for row in cursor.fetchall()]
    except OperationalError as exc:
        raise PlanFailedError(
            "There are too many videos to look through. Choose fewer."
        ) from exc


def _group(names: list[str], counts: list[int]) -> SpellingGroup:
    rows = zip(names, counts, strict=True)
    return SpellingGroup(tuple(Spelling(name, count) for name, count in rows))
