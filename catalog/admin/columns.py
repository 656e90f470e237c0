"""Small pieces of HTML that lists and pages of the catalogue share."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.models import Asset, ChangeSet, Channel, ShortsVerdict, Video
from catalog.templatetags.catalog_values import field_label
from ytmanager.templatetags.figures import clock

WATCH = "https://www.youtube.com/watch?v={}"
STUDIO = "https://studio.youtube.com/video/{}/edit"

VERDICT_TONES = {"yes": "good", "no": "", "unknown": "warn"}
POLICY_TONES = {"monetize": "good", "track": "", "block": "bad"}


def badge(text: str, tone: str = "", hint: str = "") -> SafeString:
    """A word in a box; tones: good, warn, bad or none."""
    return format_html(
        '<span class="ytm-badge{}"{}>{}</span>',
        f" ytm-badge--{tone}" if tone else "",
        format_html(' title="{}"', hint) if hint else "",
        text,
    )


def badges(texts: Iterable[str], tone: str = "") -> SafeString:
    return format_html_join(" ", "{}", ((badge(text, tone),) for text in texts))


def lines(*parts: Any) -> SafeString:
    """Values one below the other; empty ones are left out."""
    shown = [part for part in parts if part]
    return format_html_join("", '<span class="ytm-line">{}</span>', zip(shown))


def outside_link(address: str, text: str, label: str) -> SafeString:
    """A link that leaves the admin; `label` is read out instead of `text`."""
    return format_html(
        '<a class="ytm-out" href="{}" target="_blank" rel="noopener" '
        'aria-label="{}">{}</a>',
        address,
        label,
        text,
    )


def youtube_links(video: Video) -> SafeString:
    """Where YouTube shows the video, and where Studio edits it."""
    name = str(video)
    return format_html(
        '<span class="ytm-outs">{} {}</span>',
        outside_link(WATCH.format(video.video_id), "YouTube", f"{name} on YouTube"),
        outside_link(STUDIO.format(video.video_id), "Studio", f"{name} in Studio"),
    )


def thumbnail_address(video: Video) -> str:
    """The observed thumbnail, else where YouTube (or the sandbox) keeps it."""
    if video.thumbnail_url:
        return video.thumbnail_url
    if settings.YOUTUBE_API_BASE.startswith("https://"):
        return f"https://i.ytimg.com/vi/{video.video_id}/mqdefault.jpg"
    return f"{settings.YOUTUBE_API_BASE}/thumbs/{video.video_id}.svg"


def thumbnail(video: Video, size: str = "small") -> SafeString:
    """The picture over a placeholder that stays when there is none."""
    return format_html(
        '<span class="ytm-thumb ytm-thumb--{}"><img class="ytm-thumb-image" '
        'src="{}" alt="Thumbnail of {}" loading="lazy" decoding="async"></span>',
        size,
        thumbnail_address(video),
        str(video),
    )


def channel_image(channel: Channel) -> SafeString:
    """The channel's picture, round as on YouTube; its name stands beside it."""
    image = channel.image_url and format_html(
        '<img class="ytm-thumb-image" src="{}" alt="" loading="lazy" decoding="async">',
        channel.image_url,
    )
    return format_html('<span class="ytm-thumb ytm-thumb--round">{}</span>', image)


def page_link(row: Channel | Asset | Video | ChangeSet, text: str = "") -> SafeString:
    """A link to the row's own page."""
    address = reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a class="ytm-link" href="{}">{}</a>', address, text or row)


def verdict_badge(video: Video) -> SafeString | None:
    verdict: ShortsVerdict | None = getattr(video, "short", None)
    if verdict is None:
        return None
    tone = VERDICT_TONES[verdict.verdict]
    return badge(verdict.get_verdict_display(), tone, verdict.evidence)


def policy_badge(video: Video) -> SafeString | None:
    if not video.policy:
        return None
    tone = POLICY_TONES[video.policy]
    return badge(video.get_policy_display(), tone, video.effective_policy)


def pending_badges(video: Video) -> SafeString:
    """One badge for each field that a push would send."""
    return badges(map(field_label, video.pending_fields), "warn")


def video_length(video: Video) -> str | None:
    return None if video.length_seconds is None else clock(video.length_seconds)
