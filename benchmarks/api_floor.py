"""The floor of the API: the same rows by plain views and SQL written by hand.

Authentication, permission and body are the same; there is no serializer, no
filter set and no QuerySet. The addresses are those of the API without `/api/`.
"""

import json
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from rest_framework.request import Request

from catalog.api.serializers import LIST_FIELDS
from catalog.models import Video
from ytmanager.authentication import ApiTokenAuthentication
from ytmanager.urls import urlpatterns as product

PAGE = 50
_ELSEWHERE = {
    "channel_id": "c.channel_id",
    "channel_name": "c.name",
    "asset_id": "a.asset_id",
    "is_short": "CASE s.verdict WHEN 'yes' THEN true WHEN 'no' THEN false END",
    "view_count": "t.view_count",
}
_COLUMNS = ", ".join(f"{_ELSEWHERE.get(n, f'v.{n}')} AS {n}" for n in LIST_FIELDS)
_FROM = (
    "FROM catalog_video v JOIN catalog_channel c ON c.id = v.channel_id "
    "LEFT JOIN catalog_asset a ON a.id = v.primary_asset_id "
    "LEFT JOIN catalog_videostatistics t ON t.video_id = v.id "
    "LEFT JOIN catalog_shortsverdict s ON s.video_id = v.id "
)
_SHOWN = "NOT v.is_hidden AND NOT c.is_hidden"
_ORDER = "ORDER BY v.published_at DESC NULLS LAST, v.id DESC"


def may_view(request: HttpRequest) -> bool:
    """The same token and the same permission as the API asks for."""
    found = ApiTokenAuthentication().authenticate(Request(request))
    return found is not None and found[0].has_perm("catalog.view_video")


def rows(sql: str, params: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def conditions(request: HttpRequest) -> tuple[str, list[Any]]:
    """What the benchmark asks for, and nothing else."""
    where, params = [_SHOWN], []
    if channel := request.GET.get("channel"):
        where.append("c.channel_id = %s")
        params.append(channel)
    if privacy := request.GET.get("privacy_status"):
        where.append("v.privacy_status = %s")
        params.append(privacy)
    if request.GET.get("duration") == "short":
        where.append("v.length_seconds < 240")
    for word in request.GET.get("search", "").split():
        where.append("v.search_text LIKE %s")
        params.append(f"%{word}%")
    return " AND ".join(where), params


def video_list(request: HttpRequest) -> HttpResponse:
    """One page, with a total that is exact up to 20,000 and else estimated."""
    if not may_view(request):
        return HttpResponse(status=403)
    where, params = conditions(request)
    total = count(where, params)
    offset = (int(request.GET.get("page", "1")) - 1) * PAGE
    found = rows(
        f"SELECT {_COLUMNS} {_FROM} WHERE {where} {_ORDER} LIMIT %s OFFSET %s",
        [*params, PAGE, offset],
    )
    return JsonResponse({"results": found, "pagination": {"total": total}})


def count(where: str, params: list[Any]) -> int:
    joined = "FROM catalog_video v JOIN catalog_channel c ON c.id = v.channel_id"
    selected = f"SELECT v.id {joined} WHERE {where}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({selected} LIMIT 20001) x", params)
        bounded: int = cursor.fetchone()[0]
        if bounded <= 20_000:
            return bounded
        cursor.execute(f"EXPLAIN (FORMAT JSON) {selected}", params)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return int(plan[0]["Plan"]["Plan Rows"])


def video_detail(request: HttpRequest, video_id: str) -> HttpResponse:
    """One video with its snapshot, counters, claims and conflicts."""
    if not may_view(request):
        return HttpResponse(status=403)
    everything = ", ".join(f"v.{f.column}" for f in Video._meta.local_concrete_fields)
    found = rows(
        f"SELECT {everything}, {_COLUMNS}, to_jsonb(n) AS observed, "
        f"to_jsonb(t) AS statistics, to_jsonb(s) AS short {_FROM} "
        "LEFT JOIN catalog_videosnapshot n ON n.video_id = v.id WHERE v.video_id = %s",
        [video_id],
    )
    if not found:
        return HttpResponse(status=404)
    video = found[0]
    video["claims"] = rows(
        "SELECT k.*, a.asset_id AS youtube_id FROM catalog_claim k "
        "JOIN catalog_asset a ON a.id = k.asset_id WHERE k.video_id = %s ORDER BY k.id",
        [video_id],
    )
    video["conflicts"] = rows(
        "SELECT field, base, ours, theirs, opened_at FROM catalog_conflict "
        "WHERE video_id = %s AND state = 'open' ORDER BY id DESC",
        [video["id"]],
    )
    return JsonResponse(video)


urlpatterns = [
    *product,
    path("videos/", video_list),
    path("videos/<str:video_id>/", video_detail),
]
