"""The page *System status*: how each part is, for administrators."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from ytmanager import maintenance, system_status
from ytmanager.health import is_channel_layer_ready
from ytmanager.jobs import count_stalled
from ytmanager.models import Backup
from ytmanager.program_names import WEB

PERMISSION = "ytmanager.view_backup"


def system_status_view(request: HttpRequest) -> HttpResponse:
    """GET shows queues, workers, database, stores and the newest backup."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    context = {**admin.site.each_context(request), **facts(), "title": "System status"}
    return TemplateResponse(request, "ytmanager/system_status.html", context)


def facts() -> dict[str, Any]:
    """Everything on the page; nine queries and one look into each store."""
    return {
        "queues": system_status.queues(),
        "longest_wait": settings.MAX_QUEUE_MINUTES * 60,
        "stalled_count": count_stalled(),
        "web_processes": sorted(system_status.programs().get(WEB, [])),
        "database": system_status.database(),
        "pool": system_status.pool(),
        "stores": system_status.stores(),
        "has_channel_layer": is_channel_layer_ready(),
        "backup": Backup.objects.newest(),
        "drilled": Backup.objects.last_drilled(),
        "closed_message": maintenance.message(),
    }
