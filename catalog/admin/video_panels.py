"""What stands beside the form on the page of a video, all of it read-only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from catalog.admin import columns
from catalog.admin.history import history_of
from catalog.models import Claim, Video
from catalog.templatetags.catalog_values import described, field_label
from ytmanager.realtime.log import current_position
from ytmanager.templatetags.figures import clock

ADS = (
    ("third_party_ads_enabled", "Third-party ads"),
    ("display_ads_enabled", "Display ads"),
    ("sponsored_cards_enabled", "Sponsored cards"),
    ("overlay_ads_enabled", "Overlay ads"),
    ("skippable_video_ads_enabled", "Skippable video ads"),
    ("nonskippable_video_ads_enabled", "Non-skippable video ads"),
    ("long_nonskippable_video_ads_enabled", "Long non-skippable ads"),
    ("prerolls_enabled", "Pre-rolls"),
    ("midrolls_enabled", "Mid-rolls"),
    ("postrolls_enabled", "Post-rolls"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs between the office and YouTube."""

    label: str
    wanted: str
    observed: str


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter with the value before it, where one is known."""

    label: str
    count: int | None
    previous: int | None = None

    @property
    def difference(self) -> int | None:
        known = self.count is not None and self.previous is not None
        return self.count - self.previous if known else None  # type: ignore[operator]


def panels_of(video: Video, request: HttpRequest) -> dict[str, Any]:
    """Everything that the template shows around the form."""
    return {
        "video": video,
        "position": current_position(),
        "thumbnail": columns.thumbnail(video, "large"),
        "watch_address": columns.WATCH.format(video.video_id),
        "studio_address": columns.STUDIO.format(video.video_id),
        "verdict": getattr(video, "short", None),
        "differences": list(differences(video)),
        "facts": list(facts(video)),
        "ads": list(ads(video)),
        "statistics": getattr(video, "statistics", None),
        "counters": list(counters(video)),
        "claims": Claim.objects.for_video(video),
        "open_conflicts": video.conflicts.open().select_related("observation"),
        **history_of(video),
        "may_restore": request.user.has_perm("catalog.change_video"),
        "may_decide": request.user.has_perm("catalog.change_shortsverdict"),
        "may_choose_asset": request.user.has_perm("catalog.change_video"),
        "may_resolve": request.user.has_perm("catalog.change_conflict"),
    }


def differences(video: Video) -> Iterator[Difference]:
    """The unpushed edits: wanted beside what YouTube shows."""
    snapshot = getattr(video, "snapshot", None)
    for name in video.pending_fields:
        wanted, observed = getattr(video, name), getattr(snapshot, name, None)
        yield Difference(
            field_label(name), described(wanted, name), described(observed, name)
        )


def facts(video: Video) -> Iterator[tuple[str, str]]:
    """What is only observed, as name and value."""
    seconds = video.length_seconds
    yield "Length", "unknown" if seconds is None else clock(seconds)
    for label, moment in (
        ("Published", video.published_at),
        ("Uploaded", video.uploaded_at),
        ("Not found on YouTube since", video.not_found_at),
        ("No longer listed in reports since", video.missing_since),
    ):
        if moment is not None:
            yield label, f"{moment:%Y-%m-%d %H:%M} UTC"
    yield "Live stream", described(video.is_live_stream)
    yield "Policy", video.get_policy_display() or "none"
    yield "Effective policy", video.effective_policy or "unknown"
    yield "Claimed", video.claimed_status or "unknown"
    yield "Claimed by another owner", described(video.claimed_by_another_owner)
    if video.other_owners_claiming:
        yield "Other owners claiming", video.other_owners_claiming
    yield "Ratings allowed", described(video.ratings_allowed)
    yield "Comments allowed", described(video.comments_allowed)


def ads(video: Video) -> Iterator[tuple[str, str]]:
    """The ad formats about which something is known."""
    for name, label in ADS:
        if getattr(video, name) is not None:
            yield label, described(getattr(video, name))


def counters(video: Video) -> Iterator[Counter]:
    statistics = getattr(video, "statistics", None)
    if statistics is not None:
        previous = statistics.previous_view_count
        yield Counter("Views", statistics.view_count, previous)
        if (daily := statistics.daily_views) is not None:
            yield Counter("Views a day", daily, statistics.previous_daily_views)
        yield Counter("Likes", statistics.like_count)
        yield Counter("Comments", statistics.comment_count)
        yield Counter("Engaged views", statistics.engaged_view_count)
