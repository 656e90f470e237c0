"""What a report changed against the one before it: counts, rows, channels, CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from catalog.models import Channel, Highlight, HighlightCount, HighlightKind
from catalog.querysets import AnyUser, HighlightQuerySet
from catalog.view_methods import TEXTS
from reports.models import Report

BATCH = 2000
HEADER = (
    "kind",
    "video ID",
    "title",
    "channel ID",
    "channel",
    "asset ID",
    "field",
    "before",
    "now",
    "daily views",
    "note",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which highlights of a report somebody asks for; '' and None: all."""

    kind: str = ""
    channel: Channel | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel of a report and what was found on it."""

    channel: Channel | None
    count: int
    daily_views: int
    counts: dict[str, int]


def predecessor_of(report: Report) -> Report | None:
    """The report of the same kind and owner that was imported before this one."""
    if report.observation_id is None:
        return None
    earlier = Report.objects.imported().filter(
        kind=report.kind,
        content_owner=report.content_owner_id,
        observation__lt=report.observation_id,
    )
    return earlier.order_by("-as_of", "-observation").first()


def latest_of(channel: Channel, user: AnyUser) -> Report | None:
    """The newest report that compared the videos of a channel's owner."""
    reports = Report.objects.visible_to(user).newest_imported()
    listing = reports.filter(
        content_owner=channel.content_owner_id, observation__counts__videos_listed__gt=0
    )
    return listing.order_by("-as_of", "-observation").first()


def counts_of(report: Report, channel: Channel | None = None) -> dict[str, int]:
    """How many highlights there are of each kind, all of them counted."""
    rows = HighlightCount.objects.filter(observation=report.observation_id)
    if channel is not None:
        rows = rows.filter(channel=channel)
    found = dict(rows.order_by().values_list("kind").annotate(Sum("count")))
    return {kind: found[kind] for kind in HighlightKind.values if kind in found}


def highlights_of(
    report: Report, user: AnyUser, selection: Selection
) -> HighlightQuerySet:
    """The rows that were kept, those with the most daily views first."""
    rows = Highlight.objects.visible_to(user).filter(observation=report.observation_id)
    if selection.kind:
        rows = rows.filter(kind=selection.kind)
    if selection.channel is not None:
        rows = rows.filter(channel=selection.channel)
    return rows.search(selection.text)


def channels_of(report: Report) -> QuerySet[Any, dict[str, Any]]:
    """Channels with highlights: key, count, daily views; the largest first."""
    rows = HighlightCount.objects.filter(observation=report.observation_id)
    sums = rows.order_by().values("channel")
    totals: Any = sums.annotate(found=Sum("count"), views=Sum("daily_views"))
    ordered: QuerySet[Any, dict[str, Any]] = totals.order_by(
        "-views", "-found", "channel"
    )
    return ordered


def lines_of(report: Report, sums: list[dict[str, Any]]) -> list[ChannelLine]:
    """One page of `channels_of` with names, and counts of each kind."""
    keys = [row["channel"] for row in sums]
    channels = Channel.objects.in_bulk([key for key in keys if key is not None])
    rows = HighlightCount.objects.filter(observation=report.observation_id)
    counts: dict[int | None, dict[str, int]] = {key: {} for key in keys}
    if None not in counts:
        rows = rows.filter(channel__in=channels)
    for row in rows.only("channel_id", "kind", "count"):
        if row.channel_id in counts:
            counts[row.channel_id][row.kind] = row.count
    return [
        ChannelLine(
            channels.get(row["channel"]),
            row["found"],
            row["views"],
            counts[row["channel"]],
        )
        for row in sums
    ]


def csv_rows_of(
    report: Report, user: AnyUser, selection: Selection
) -> Iterator[tuple[Any, ...]]:
    """Header and rows for a spreadsheet, in constant memory."""
    yield HEADER
    for highlight in _in_batches(highlights_of(report, user, selection).for_list()):
        yield _csv_row(highlight)


def _in_batches(rows: HighlightQuerySet) -> Iterator[Highlight]:
    # Cursors of the server do not survive a transaction pooler.
    batch = list(rows[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.after(batch[-1])[:BATCH])


def _csv_row(highlight: Highlight) -> tuple[Any, ...]:
    video, channel, asset = highlight.video, highlight.channel, highlight.asset
    return (
        highlight.get_kind_display(),
        video.video_id if video else "",
        video.title if video else "",
        channel.channel_id if channel else "",
        channel.name if channel else "",
        asset.asset_id if asset else "",
        highlight.field,
        in_words(highlight.old),
        in_words(highlight.new),
        highlight.daily_views,
        TEXTS.get(highlight.note, ""),
    )


def in_words(value: Any) -> Any:
    """A value for one cell: lists with bars, yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "|".join(map(str, value))
    return "" if value is None else value
