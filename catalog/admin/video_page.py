"""The page of one video: its form, what YouTube shows, and its history."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
)

from catalog.admin.refusals import RefusalsMixin
from catalog.admin.values_seen import read_values_seen, values_seen
from catalog.admin.video_buttons import VideoButtons
from catalog.admin.video_form import VideoForm
from catalog.admin.video_merge import merge_context, merged
from catalog.admin.video_panels import panels_of
from catalog.fields import EDITABLE
from catalog.services.change_sets import warnings_of
from catalog.services.videos import update_video
from ytmanager.admin import actor_of


class VideoPage(RefusalsMixin, VideoButtons):
    """Edits go through `update_video`: the database refuses a plain save."""

    form = VideoForm

    class Media:
        css = {"all": ("ytmanager/edit.css",)}
        js = ("ytmanager/edit.js",)

    fieldsets = (
        (
            "Video on YouTube",
            {
                "fields": (
                    "title",
                    "description",
                    "tags",
                    ("category_id", "privacy_status"),
                    ("publish_at", "license"),
                    ("default_language", "default_audio_language"),
                    ("made_for_kids", "embeddable", "public_stats_viewable"),
                )
            },
        ),
        (
            "Music metadata",
            {
                "description": "Kept on the Content ID asset of the video.",
                "fields": (
                    ("artist", "genre"),
                    ("isrc", "upc"),
                    ("label", "album"),
                    "custom_id",
                ),
            },
        ),
        (
            "Office",
            {
                "description": "Never sent to YouTube.",
                "fields": (
                    "notes",
                    "assignee",
                    ("is_administered", "is_hidden"),
                    "pinned_fields",
                ),
            },
        ),
        ("This change", {"fields": ("reason",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """People who only look have no change to give a reason for."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if self.has_change_permission(request) else fieldsets[:-1]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the list or of the page, with what each of them shows."""
        videos: Any = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "catalog_video_changelist"
        wanted: QuerySet[Any] = (
            videos.for_list().with_assignee() if is_list else videos.for_detail()
        )
        return wanted

    # Saving

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        """Send the edit through its service; raises what that refuses."""
        seen = read_values_seen(request, EDITABLE)
        change_set = update_video(
            video=obj,
            values=merged(request, form.wanted()),
            base=seen,
            actor=actor_of(request),
            reason=form.cleaned_data.get("reason", ""),
        )
        if change_set is None:
            messages.info(request, "Nothing was changed: all values are as before.")
            return
        for text in warnings_of(change_set):
            messages.warning(request, text)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        video = kwargs.get("obj")
        if video is not None:
            context.update(panels_of(video, request))
            context["values_seen"] = values_seen(request, video, EDITABLE)
            context.update(merge_context(request))
        return super().render_change_form(request, context, *args, **kwargs)
