"""Rows about what another content owner has: the wrong owner, or a mixed file.

Videos belong to the owner of their channel, assets to the owner whose report first
named them. Merged under another owner, most of such a file would change nothing.
"""

from django.db import connection

from catalog.models import ContentOwner
from reports.models import Report
from reports.services import cells
from reports.services.owners import question_of_owner
from reports.services.staging import RawTable
from reports.wording import counted

CONFIRMED = "owner_confirmed"  # a person's word on whose report it is
SAMPLE_ROWS = 20_000
NAMED = 5
_OF_VIDEOS = (
    "JOIN catalog_video v ON v.video_id = x.key "
    "JOIN catalog_channel o ON o.id = v.channel_id"
)
_OF_ASSETS = "JOIN catalog_asset o ON o.asset_id = x.key"


def look_for_other_owners(report: Report, raw: RawTable, owner: ContentOwner) -> None:
    """Warn of rows that are about what other owners have.

    Raises QuestionError when there are more of them than of the owner's own, unless
    a person said whose report it is.
    """
    if not ContentOwner.objects.exclude(pk=owner.pk).exists():
        return
    if not _has_any(raw, owner):
        return
    counts = _rows_by_owner(raw)
    own = counts.pop(owner.pk, 0)
    noun = "videos" if raw.kind.key == "video_id" else "assets"
    others = _listed(counts, noun)
    if sum(counts.values()) > own and CONFIRMED not in report.answers:
        ours = counted(own, "row") if own else "none"
        about = f"{others} and {ours} about {noun} of {owner.name}"
        raise question_of_owner(
            f"This file would be imported for {owner.name}, but of the {noun} that "
            f"are known already it has {about}. Whose report is it?",
            name=owner.name if owner.pk is None else "",
            rows=dict(_named(counts)),
            own_rows=own,
        )
    fate = (
        "What YouTube shows of them was taken; they stay with their owner."
        if noun == "videos"
        else "They were left as they are."
    )
    report.warnings.append(f"This file has {others}. {fate}")


def _has_any(raw: RawTable, owner: ContentOwner) -> bool:
    """Whether the first rows have any: a file of another owner is full of them."""
    found = _select(
        f"SELECT o.content_owner_id, 1 FROM ({_keys(raw)} LIMIT {SAMPLE_ROWS}) x "
        f"{_owners(raw)} WHERE o.content_owner_id <> {int(owner.pk or 0)} LIMIT 1"
    )
    return bool(found)


def _rows_by_owner(raw: RawTable) -> dict[int, int]:
    """Rows about known videos or assets, by the key of their content owner."""
    return dict(
        _select(
            f"SELECT o.content_owner_id, count(*) FROM ({_keys(raw)}) x "
            f"{_owners(raw)} GROUP BY 1"
        )
    )


def _keys(raw: RawTable) -> str:
    column = "video_id" if raw.kind.key == "video_id" else "asset_id"
    return f"SELECT {cells.expression(raw, column)} AS key FROM {raw.name} r"


def _owners(raw: RawTable) -> str:
    return _OF_VIDEOS if raw.kind.key == "video_id" else _OF_ASSETS


def _named(counts: dict[int, int]) -> list[tuple[str, int]]:
    """Owners by name, those with the most rows first."""
    owners = ContentOwner.objects.in_bulk(list(counts))
    ranked = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return [(owners[pk].name, count) for pk, count in ranked]


def _listed(counts: dict[int, int], noun: str) -> str:
    """Such as "1,200 rows about videos of Echo Music"."""
    named = _named(counts)
    shown = ", ".join(
        f"{counted(count, 'row')} about {noun} of {name}"
        for name, count in named[:NAMED]
    )
    more = len(named) - NAMED
    more_owners = counted(more, "more owner")
    return f"{shown} and of {more_owners}" if more > 0 else shown


def _select(sql: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
