"""The Content ID API: assets with their metadata, claims, content owners.

Unproven: few people have access to this API, so only its published description
stands behind what is here. Names of fields and addresses come from there; error
reasons of assets, the size of a page of claims, prices (none are charged) and
what a PUT does with keys that it leaves out (they are dropped) are assumptions.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from youtube_sync.sandbox import access, errors
from youtube_sync.sandbox.catalogue import Catalogue
from youtube_sync.sandbox.messages import Json, Reply, Request, json_reply
from youtube_sync.sandbox.oauth import OAuth
from youtube_sync.sandbox.settings import Settings
from youtube_sync.sandbox.state import Doc

ID_LIMIT, CLAIM_PAGE = 50, 25
NEEDS_ARTIST = frozenset({"music_video", "sound_recording"})
TEXTS = frozenset(
    {
        "customId", "title", "description", "notes", "isrc", "upc", "grid", "album",
        "label", "iswc", "hfa", "infoUrl",
    }
)  # fmt: skip
LISTS = frozenset({"artist", "genre", "keyword", "writer"})
PATTERNS = {
    "customId": re.compile(r"[A-Za-z0-9_.@/-]{0,64}"),
    "isrc": re.compile(r"[A-Za-z0-9]{12}|"),
    "upc": re.compile(r"[0-9]{12,13}|"),
    "grid": re.compile(r"[A-Za-z0-9]{18}|"),
    "iswc": re.compile(r"T[0-9]{10}|"),
}
BYTE_LIMITS = {"title": 255, "notes": 255, "album": 255, "label": 255,
               "description": 5000, "infoUrl": 1536}  # fmt: skip
ASSET_KEYS = frozenset(
    {
        "kind", "id", "type", "metadata", "metadataMine", "label", "timeCreated",
        "status", "aliasId", "metadataEffective",
    }
)  # fmt: skip
CLAIM_STATUSES = frozenset(
    {
        "active", "appealed", "disputed", "inactive", "pending", "potential",
        "takedown", "unknown",
    }
)  # fmt: skip
COMMON = {"onBehalfOfContentOwner", "fields", "alt", "prettyPrint", "quotaUser", "key"}
PARAMETERS = {
    "assets.get": {"fetchMetadata"}, "assets.list": {"id", "fetchMetadata"},
    "assets.update": set[str](), "assets.patch": set[str](),
    "claimSearch.list": {
        "videoId", "assetId", "status", "includeThirdPartyClaims", "pageToken",
        "partnerUploaded",
    },
    "contentOwners.list": {"fetchMine"},
}  # fmt: skip
HIDDEN = frozenset({"content_owner", "metadataMine", "metadataEffective", "disputed"})


class ContentIdApi:
    def __init__(self, catalogue: Catalogue, oauth: OAuth, settings: Settings) -> None:
        self._store, self._catalogue = catalogue.store, catalogue
        self._oauth, self._settings = oauth, settings

    # assets

    def get_asset(self, request: Request) -> Reply:
        doc = self._own_asset(request, self._content_owner(request))
        return json_reply(_asset_item(doc, request.comma_list("fetchMetadata")))

    def list_assets(self, request: Request) -> Reply:
        owner = self._content_owner(request)
        ids = list(dict.fromkeys(request.comma_list("id")))
        if not ids or len(ids) > ID_LIMIT:
            raise _invalid("id", "1 to 50 asset IDs are needed.")
        docs = (self._catalogue.asset(asset_id) for asset_id in ids)
        # A merged asset comes once, however many of its ids were asked for.
        known = {doc["id"]: doc for doc in docs if doc}
        mine = [doc for doc in known.values() if doc["content_owner"] == owner]
        views = request.comma_list("fetchMetadata")
        items = [_asset_item(doc, views) for doc in mine]
        return json_reply({"kind": "youtubePartner#assetList", "items": items})

    def update_asset(self, request: Request) -> Reply:
        """PUT: the owner's metadata is replaced as a whole."""
        return self._write(request, {})

    def patch_asset(self, request: Request) -> Reply:
        """PATCH: known to be broken at YouTube, hence a switch."""
        if self._settings["patch_broken"]:
            raise errors.backend_error(500)
        doc = self._own_asset(request, self._content_owner(request))
        return self._write(request, doc["metadataMine"])

    def _write(self, request: Request, base: Json) -> Reply:
        doc = self._own_asset(request, self._content_owner(request))
        body = request.json()
        unknown = set(body) - ASSET_KEYS
        if unknown:
            raise _invalid(min(unknown), f'Unknown name "{min(unknown)}".')
        sent = body.get("metadataMine", body.get("metadata"))
        if not isinstance(sent, dict):
            raise _invalid("metadataMine", "The body has no metadataMine.")
        metadata = {k: v for k, v in (base | sent).items() if v not in (None, "", [])}
        _check_metadata(metadata, doc["type"])
        doc["metadataMine"] = metadata
        if not doc.get("disputed"):
            doc["metadataEffective"] = dict(metadata)
        self._store.put("asset", doc["id"], doc, parent=doc["content_owner"])
        return json_reply(_asset_item(doc, ["mine"]))

    def _own_asset(self, request: Request, owner: str) -> Doc:
        doc = self._catalogue.asset(request.path_parameters["asset_id"])
        if doc is None:
            raise errors.not_found("Asset not found.")
        if doc["content_owner"] != owner:
            raise errors.forbidden("global")
        return doc

    # claims and content owners

    def search_claims(self, request: Request) -> Reply:
        owner = self._content_owner(request)
        claims = self._matching_claims(request, owner)
        start = _start_of(request)
        page = claims[start : start + CLAIM_PAGE]
        info = {"totalResults": len(claims), "resultsPerPage": CLAIM_PAGE}
        body: Json = {
            "kind": "youtubePartner#claimList",
            "pageInfo": info | {"startIndex": start},
            "items": [self._claim_item(doc) for doc in page],
        }
        if start + CLAIM_PAGE < len(claims):
            token = base64.urlsafe_b64encode(str(start + CLAIM_PAGE).encode())
            body["nextPageToken"] = token.decode()
        return json_reply(body)

    def _matching_claims(self, request: Request, owner: str) -> list[Doc]:
        videos, assets = request.comma_list("videoId"), request.comma_list("assetId")
        statuses = request.comma_list("status")
        if not CLAIM_STATUSES.issuperset(statuses):
            raise _invalid("status", "Unknown status.")
        third = request.parameter("includeThirdPartyClaims") == "true"
        if videos:
            found = [c for v in videos for c in self._store.children("claim", v)]
        else:
            found = list(self._store.all("claim").values())
        return [
            claim
            for claim in found
            if (claim["content_owner"] == owner or (third and claim["thirdPartyClaim"]))
            and (not assets or claim["assetId"] in assets)
            and (not statuses or claim["status"] in statuses)
        ]

    def _claim_item(self, claim: Doc) -> Json:
        video = self._catalogue.video(claim["videoId"])
        facts = {"kind": "youtubePartner#claimSnippet"}
        if video:
            facts["videoTitle"] = video["snippet"]["title"]
            facts["videoViews"] = video["statistics"].get("viewCount", "0")
        return facts | {k: v for k, v in claim.items() if k != "content_owner"}

    def list_content_owners(self, request: Request) -> Reply:
        self._admit(request)
        if request.parameter("fetchMine") != "true":
            raise _invalid("fetchMine", "fetchMine=true or an id is needed.")
        items = [
            {
                "kind": "youtubePartner#contentOwner",
                "id": key,
                "displayName": doc.get("name", key),
            }
            for key, doc in self._store.all("content_owner").items()
        ]
        return json_reply({"kind": "youtubePartner#contentOwnerList", "items": items})

    # What every call checks first

    def _admit(self, request: Request) -> access.Caller:
        if not self._settings["content_id_enabled"]:
            raise errors.access_not_configured()
        caller = access.identify(
            request, self._oauth, self._store, access.PARTNER_SCOPES
        )
        unknown = set(request.query) - COMMON - PARAMETERS[request.operation]
        if unknown:
            raise _invalid(min(unknown), f"Unknown parameter {min(unknown)}.")
        return caller

    def _content_owner(self, request: Request) -> str:
        caller = self._admit(request)
        owners = list(self._store.all("content_owner"))
        if not caller.content_owner and len(owners) != 1:
            message = "The content owner must be provided."
            raise errors.ApiError(400, "contentOwnerNotProvided", message)
        return caller.content_owner or owners[0]


def _asset_item(doc: Doc, views: list[str]) -> Json:
    """One kind of metadata asked for is repeated under the older name."""
    item: Json = {"kind": "youtubePartner#asset"}
    item |= {k: v for k, v in doc.items() if k not in HIDDEN}
    names = {"mine": "metadataMine", "effective": "metadataEffective"}
    wanted = [names[view] for view in views if view in names]
    item |= {name: doc[name] for name in wanted}
    if len(wanted) == 1:
        item["metadata"] = doc[wanted[0]]
    return item


def _check_metadata(metadata: Json, asset_type: str) -> None:
    for key, value in metadata.items():
        _check_value(key, value)
    if asset_type in NEEDS_ARTIST and not metadata.get("artist"):
        raise _invalid("metadataMine.artist", "An artist is required.")


def _check_value(key: str, value: Any) -> None:
    if key in LISTS:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise _invalid(f"metadataMine.{key}", f"{key} must be a list of texts.")
    elif key in TEXTS:
        _check_text(key, value)
    elif key != "releaseDate":
        raise _invalid(f"metadataMine.{key}", f'Unknown name "{key}".')


def _check_text(key: str, value: Any) -> None:
    if not isinstance(value, str):
        raise _invalid(f"metadataMine.{key}", f"{key} must be a text.")
    is_long = len(value.encode("utf-8", "surrogatepass")) > BYTE_LIMITS.get(key, 9999)
    if is_long or (key in PATTERNS and not PATTERNS[key].fullmatch(value)):
        raise _invalid(f"metadataMine.{key}", f"Invalid value for {key}.")


def _start_of(request: Request) -> int:
    try:
        token = base64.urlsafe_b64decode(request.parameter("pageToken"))
        return max(int(token or b"0"), 0)
    except ValueError as exc:
        raise _invalid("pageToken", "The page token is not valid.") from exc


def _invalid(location: str, message: str) -> errors.ApiError:
    return errors.ApiError(
        400, "invalid", message, location=location, location_type="other"
    )
