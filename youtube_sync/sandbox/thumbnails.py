"""thumbnails.set, and the pictures that the sandbox serves itself."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from youtube_sync.sandbox import access, errors
from youtube_sync.sandbox.catalogue import Catalogue
from youtube_sync.sandbox.lists import Admission
from youtube_sync.sandbox.messages import Reply, Request, json_reply
from youtube_sync.sandbox.quota import Quota
from youtube_sync.sandbox.video_view import thumbnails_at, with_etag

SET_COST, MOST_BYTES = 50, 52_428_800
PICTURE_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}
DRAWN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">
<rect width="320" height="180" fill="hsl({hue},55%,42%)"/>
<circle cx="160" cy="82" r="38" fill="hsl({hue},55%,62%)"/>
<path d="M148 60l40 22-40 22z" fill="#fff"/>
<text x="160" y="158" fill="#fff" font-family="sans-serif" font-size="18"
 text-anchor="middle">{label}</text></svg>
"""


class ThumbnailApi:
    """Takes a picture of a video (50 units) and shows it from then on."""

    def __init__(
        self, catalogue: Catalogue, admission: Admission, quota: Quota
    ) -> None:
        self._catalogue = catalogue
        self._admission, self._quota = admission, quota

    def set_picture(self, request: Request) -> Reply:
        caller = self._admission.caller(request, access.WRITE_SCOPES)
        self._quota.charge(request, SET_COST)
        video = self._catalogue.video(request.parameter("videoId"))
        if video is None:
            raise errors.thumbnail_video_not_found()
        if not caller.owns(self._catalogue.channel(video["snippet"]["channelId"])):
            raise errors.forbidden("youtube.thumbnail")
        kind = _kind_of(request.body)
        coded = base64.b64encode(request.body).decode()
        self._catalogue.store.put(
            "thumbnail", video["id"], {"kind": kind, "body": coded}
        )
        video["contentDetails"]["hasCustomThumbnail"] = True
        self._catalogue.save_video(video)
        items = [thumbnails_at(f"{request.origin}/thumbs/{video['id']}.svg")]
        body = {"kind": "youtube#thumbnailSetResponse", "items": items}
        return json_reply(with_etag(body))

    def show(self, request: Request) -> Reply:
        """The picture that was set, else one drawn from the name."""
        name = request.path_parameters["name"]
        headers = {"Cache-Control": "max-age=86400"}
        kept = self._catalogue.store.get("thumbnail", name)
        if kept:
            picture = base64.b64decode(kept["body"])
            return Reply(200, picture, kept["kind"], headers)
        hue = int(hashlib.sha256(name.encode()).hexdigest()[:4], 16) % 360
        drawn = DRAWN.format(hue=hue, label=escape(name))
        return Reply(200, drawn.encode(), "image/svg+xml", headers)


def _kind_of(picture: bytes) -> str:
    if not picture:
        raise errors.thumbnail_error("mediaBodyRequired", "No picture was sent.")
    kinds = [k for start, k in PICTURE_TYPES.items() if picture.startswith(start)]
    if not kinds or len(picture) > MOST_BYTES:
        message = "The provided image content is invalid."
        raise errors.thumbnail_error("invalidImage", message)
    return kinds[0]
