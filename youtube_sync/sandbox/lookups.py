"""Lists that never change: categories, languages, regions."""

from __future__ import annotations

from youtube_sync.sandbox import access
from youtube_sync.sandbox.languages import LANGUAGE_NAMES, REGION_NAMES
from youtube_sync.sandbox.lists import READ_COST, Admission, list_reply, no_filter
from youtube_sync.sandbox.messages import Json, Reply, Request
from youtube_sync.sandbox.quota import Quota
from youtube_sync.sandbox.video_rules import CATEGORY_TITLES, UNASSIGNABLE
from youtube_sync.sandbox.video_view import with_etag

PARTS = frozenset({"id", "snippet"})
CATEGORIES_CHANNEL = "UCBR8-60-B28hp2BmDPdntcQ"


class LookupApi:
    """videoCategories, i18nLanguages and i18nRegions (1 unit each)."""

    def __init__(self, admission: Admission, quota: Quota) -> None:
        self._admission, self._quota = admission, quota

    def list_categories(self, request: Request) -> Reply:
        parts = self._admit(request)
        wanted = request.comma_list("id")
        if not wanted and not request.parameter("regionCode"):
            raise no_filter("id, regionCode")
        items = [
            _item("videoCategory", key, parts, _category(key))
            for key in CATEGORY_TITLES
            if not wanted or key in wanted
        ]
        return list_reply(request, "videoCategoryListResponse", items, {})

    def list_languages(self, request: Request) -> Reply:
        parts = self._admit(request)
        items = [
            _item("i18nLanguage", code, parts, {"hl": code, "name": name})
            for code, name in LANGUAGE_NAMES.items()
        ]
        return list_reply(request, "i18nLanguageListResponse", items, {})

    def list_regions(self, request: Request) -> Reply:
        parts = self._admit(request)
        items = [
            _item("i18nRegion", code, parts, {"gl": code, "name": name})
            for code, name in REGION_NAMES.items()
        ]
        return list_reply(request, "i18nRegionListResponse", items, {})

    def _admit(self, request: Request) -> list[str]:
        _, parts = self._admission.admit(request, access.READ_SCOPES, PARTS)
        self._quota.charge(request, READ_COST)
        return parts


def _item(kind: str, key: str, parts: list[str], snippet: Json) -> Json:
    shown = {"snippet": snippet} if "snippet" in parts else {}
    return with_etag({"kind": f"youtube#{kind}", "id": key} | shown)


def _category(key: str) -> Json:
    return {
        "title": CATEGORY_TITLES[key], "assignable": key not in UNASSIGNABLE,
        "channelId": CATEGORIES_CHANNEL,
    }  # fmt: skip
