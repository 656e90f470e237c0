"""Shorts and videos that are none, with a person's way to flip the verdict."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin import columns
from catalog.admin.filters import field_filter, having
from catalog.admin.video_actions import tell
from catalog.admin.video_search import find_videos
from catalog.models import NonYouTubeShorts, ShortsVerdict, Video, YouTubeShorts
from catalog.services.shorts import decide_shorts
from ytmanager.admin import ModelAdmin, ReadOnlyAdminMixin, actor_of, report_errors
from ytmanager.templatetags.figures import thousands

METHOD = field_filter(
    "method",
    "Decided by",
    tuple((v, label, having(method=v)) for v, label in ShortsVerdict.Method.choices),
)


class VerdictAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """One kind of verdict; the video's own page has the rest."""

    list_display_links = None
    list_filter: ClassVar[tuple[Any, ...]] = (METHOD,)
    search_fields = ("video__search_text",)
    search_help_text = "Title, artist, label, ISRC, UPC or video ID"
    ordering = ("-pk",)  # the order of the index over the verdict
    sortable_by = ()
    opposite: ShortsVerdict.Verdict

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        verdicts: Any = super().get_queryset(request)
        listed: QuerySet[Any] = verdicts.for_list()
        return listed

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        videos = find_videos(Video.objects.visible_to(request.user), search_term)
        return queryset.filter(video__in=videos.order_by()), False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_shortsverdict")

    def flip(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        chosen = Video.objects.filter(pk__in=queryset.order_by().values("pk"))
        with report_errors(request):
            done = decide_shorts(
                videos=chosen, verdict=self.opposite, actor=actor_of(request)
            )
            tell(request, f"decided: {self.opposite.label}", done)

    @admin.display(description="Picture")
    def picture(self, verdict: ShortsVerdict) -> SafeString:
        return columns.thumbnail(verdict.video)

    @admin.display(description="Video")
    def name(self, verdict: ShortsVerdict) -> SafeString:
        video = verdict.video
        title = format_html("<strong>{}</strong>", columns.page_link(video))
        return columns.lines(title, columns.youtube_links(video))

    @admin.display(description="Channel")
    def channel(self, verdict: ShortsVerdict) -> SafeString:
        return columns.page_link(verdict.video.channel)

    @admin.display(description="Length")
    def duration(self, verdict: ShortsVerdict) -> str | None:
        return columns.video_length(verdict.video)

    @admin.display(description="Views")
    def views(self, verdict: ShortsVerdict) -> str:
        return thousands(verdict.video.sort_views)

    @admin.display(description="Why")
    def why(self, verdict: ShortsVerdict) -> SafeString:
        by = f"{verdict.get_method_display()}"
        if verdict.decided_by:
            by = f"{by}: {verdict.decided_by}"
        quiet = format_html('<span class="ytm-quiet">{}</span>', by)
        return columns.lines(verdict.evidence, quiet)


@admin.register(YouTubeShorts)
class YouTubeShortsAdmin(VerdictAdmin):
    """The Shorts."""

    opposite = ShortsVerdict.Verdict.NO
    actions = ("mark_as_no_short",)
    list_display = (
        "picture",
        "name",
        "channel",
        "duration",
        "views",
        "why",
        "detected",
    )

    @admin.display(description="Detected")
    def detected(self, short: YouTubeShorts) -> str:
        return f"{short.detected_at:%Y-%m-%d %H:%M}"

    @admin.action(description="These are not Shorts", permissions=["decide"])
    def mark_as_no_short(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.flip(request, queryset)


@admin.register(NonYouTubeShorts)
class NonYouTubeShortsAdmin(VerdictAdmin):
    """The videos that are certainly no Shorts."""

    opposite = ShortsVerdict.Verdict.YES
    actions = ("mark_as_short",)
    list_display = (
        "picture",
        "name",
        "channel",
        "duration",
        "views",
        "why",
        "verified",
    )

    @admin.display(description="Verified")
    def verified(self, verdict: NonYouTubeShorts) -> str:
        return f"{verdict.verified_at:%Y-%m-%d %H:%M}"

    @admin.action(description="These are Shorts", permissions=["decide"])
    def mark_as_short(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.flip(request, queryset)
