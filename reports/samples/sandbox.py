"""The same videos as the APIs would show them, plus differences worth finding."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from reports.samples.videos import SampleCatalogue, SampleVideo

CONTENT_OWNER = "SandboxOwner"
# Difference -> (one in so many videos, which of them).
DIFFERENCES = {
    "title_edited_in_studio": (50, 1),
    "made_private_in_studio": (125, 2),
    "deleted_on_youtube": (167, 4),
    "isrc_edited_in_content_manager": (60, 6),
    "uploaded_since_the_report": (100, 8),
}

Doc = dict[str, Any]


def differences_of(number: int) -> frozenset[str]:
    """Name in what the APIs differ from the report about one video."""
    return frozenset(
        name
        for name, (interval, place) in DIFFERENCES.items()
        if number % interval == place
    )


def channel_docs(catalogue: SampleCatalogue) -> Iterator[Doc]:
    for number, (channel_id, title) in enumerate(catalogue.channels()):
        yield {
            "id": channel_id,
            "title": title,
            "description": f"Music by {title}.",
            "content_owner": CONTENT_OWNER,
            "country": ("DE", "US", "JP", "TR")[number % 4],
            "subscriber_count": 1_500 * (number + 1) ** 2,
            "view_count": 3_000_000_000 if number == 0 else 250_000 * (number + 1),
        }


def video_docs(catalogue: SampleCatalogue, video: SampleVideo) -> Iterator[Doc]:
    """The video, unless it was deleted, and one uploaded since, if any."""
    differences = differences_of(video.number)
    if "deleted_on_youtube" not in differences:
        yield _video_doc(video, differences)
    if "uploaded_since_the_report" in differences:
        yield _new_upload(catalogue, video)


def asset_docs(catalogue: SampleCatalogue, video: SampleVideo) -> Iterator[Doc]:
    if "shared_asset" in video.problems:
        return
    isrc = _plain_isrc(video)
    if "isrc_edited_in_content_manager" in differences_of(video.number) and isrc:
        isrc = f"QT{isrc[2:]}"
    for asset_id in video.asset_ids:
        yield _asset_doc(video, asset_id, "sound_recording", isrc)
    if "several_claims" in video.problems:
        second = catalogue.second_asset_id(video.number)
        yield _asset_doc(video, second, "composition", "")


def claim_docs(catalogue: SampleCatalogue, video: SampleVideo) -> Iterator[Doc]:
    for place, asset_id in enumerate(video.asset_ids):
        claim_id = video.claim_id if place == 0 else video.claim_id[::-1]
        yield _claim_doc(video, claim_id, asset_id)
    if "several_claims" in video.problems:
        number = video.number
        claim_id = catalogue.second_claim_id(number)
        yield _claim_doc(video, claim_id, catalogue.second_asset_id(number))
    if "claimed_by_another_owner" in video.problems:
        yield _claim_doc(video, f"third-{video.claim_id}", "A000000000000001") | {
            "thirdPartyClaim": True,
            "isPartnerUploaded": False,
            "content_owner": "EchoPublishing",
        }


def _video_doc(video: SampleVideo, differences: frozenset[str]) -> Doc:
    title = video.title.replace("\n", " ")
    if "title_edited_in_studio" in differences:
        title = f"{title} (Remastered)"
    is_private = "made_private_in_studio" in differences
    return {
        "id": video.video_id,
        "snippet": {
            "channelId": video.channel_id,
            "title": title,
            "description": _description(video),
            "tags": [
                tag for tag in (video.artist, video.genre.lower(), "music") if tag
            ],
            "categoryId": video.category[1],
            "publishedAt": _moment(video),
            "defaultLanguage": "en" if video.number % 4 == 0 else "",
        },
        "status": {
            "privacyStatus": "private" if is_private else video.privacy.lower(),
            "embeddable": bool(video.number % 33),
            "license": "youtube",
            "publicStatsViewable": True,
            "selfDeclaredMadeForKids": False,
        },
        "contentDetails": {"duration": f"PT{video.length_seconds}S"},
        "statistics": {
            "viewCount": str(video.views + 5),
            "likeCount": str(video.views // 30),
            "commentCount": str(video.views // 150),
        },
    }


def _new_upload(catalogue: SampleCatalogue, video: SampleVideo) -> Doc:
    doc = _video_doc(video, frozenset())
    doc["id"] = catalogue.video_id(video.number + 900_000_000)
    doc["snippet"]["title"] = f"New: {doc['snippet']['title']}"
    doc["snippet"]["publishedAt"] = "2026-06-30T12:00:00Z"
    doc["statistics"] = {"viewCount": "12", "likeCount": "1", "commentCount": "0"}
    return doc


def _asset_doc(video: SampleVideo, asset_id: str, kind: str, isrc: str) -> Doc:
    texts = {
        "title": video.title.replace("\n", " "),
        "album": video.album,
        "label": video.label,
        "customId": video.custom_id,
        "isrc": isrc,
        "upc": "" if "damaged_upc" in video.problems else video.upc,
    }
    lists = {"artist": [video.artist], "genre": [video.genre]}
    metadata: Doc = {key: text for key, text in texts.items() if text}
    metadata |= {key: items for key, items in lists.items() if items[0]}
    return {
        "id": asset_id,
        "type": kind,
        "content_owner": CONTENT_OWNER,
        "metadataMine": metadata,
    }


def _claim_doc(video: SampleVideo, claim_id: str, asset_id: str) -> Doc:
    return {
        "id": claim_id,
        "videoId": video.video_id,
        "assetId": asset_id,
        "content_owner": CONTENT_OWNER,
        "timeCreated": _moment(video),
    }


def _plain_isrc(video: SampleVideo) -> str:
    isrc = video.isrc.replace("-", "")
    return isrc if len(isrc) == 12 and " " not in isrc else ""


def _moment(video: SampleVideo) -> str:
    moment = video.published_at or video.uploaded_at + timedelta(minutes=5)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _description(video: SampleVideo) -> str:
    return (
        f"{video.artist or 'Various artists'} – {video.album}\n"
        f"(P) & (C) {video.label}\n\n#{video.genre.lower()}"
    )
