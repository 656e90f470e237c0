"""Columns that the lists of YouTube sync share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.columns import badge
from catalog.models import Video
from youtube_sync.models import PushPlan
from youtube_sync.templatetags.push_values import TONES
from ytmanager.admin import ModelAdmin


class StateColumn(ModelAdmin):
    """A state as a badge."""

    @admin.display(description="State", ordering="state")
    def state_badge(self, row: Any) -> SafeString:
        return badge(row.get_state_display(), TONES.get(row.state, ""))


def video_link(video: Video) -> SafeString:
    address = reverse("admin:catalog_video_change", args=[video.pk])
    return format_html('<a class="ytm-link" href="{}">{}</a>', address, video)


def plan_address(plan: PushPlan) -> str:
    return reverse("admin:youtube_sync_pushplan_change", args=[plan.pk])
