"""The undecided Shorts: a list for many at once, a page of cards for the keyboard."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog import tasks
from catalog.admin import columns
from catalog.admin.filters import field_filter, having
from catalog.admin.shorts import VerdictAdmin
from catalog.models import ChangeSet, ShortsVerdict, Video
from catalog.services import short_review
from catalog.services.shorts import decide_shorts
from ytmanager.admin import actor_of, report_errors
from ytmanager.exceptions import YouTubeCMSError

VIEW = "catalog.view_shortsverdict"
DECIDE = "catalog.change_shortsverdict"
BULK = "catalog.bulk_edit_video"
CARDS = 24
Verdict = ShortsVerdict.Verdict
WAYS = (("one", "One at a time"), ("grid", "Side by side"))

LENGTH = field_filter(
    "length",
    "Length",
    (
        ("minute", "Up to 60 s", having(video__length_seconds__lte=60)),
        ("more", "61 to 180 s", having(video__length_seconds__gt=60)),
        ("unknown", "Not known", having(video__length_seconds=None)),
    ),
)
HINT = field_filter(
    "hint",
    "Claims",
    (("yes", "A claim says it may be", having(evidence__contains="claim says")),),
)


@admin.register(ShortsVerdict)
class ShortsReviewAdmin(VerdictAdmin):
    """Videos that may be Shorts; nothing but a person or YouTube can tell."""

    list_display = (
        "picture",
        "name",
        "channel",
        "duration",
        "published",
        "views",
        "why",
    )
    list_filter: ClassVar[tuple[Any, ...]] = (LENGTH, HINT)
    list_before_template = "catalog/shorts/list_before.html"
    actions = ("are_shorts", "are_no_shorts")

    def get_urls(self) -> list[URLPattern]:
        def page(
            address: str, name: str, view: Callable[..., HttpResponse]
        ) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(view)
            made: URLPattern = path(
                address, wrapped, name=f"catalog_shortsverdict_{name}"
            )
            return made

        return [
            page("review/", "review", self.review_view),
            page("review/decide/", "decide", require_POST(self.decide_view)),
            page("review/undo/", "undo", require_POST(self.undo_view)),
            page("rules/", "rules", require_POST(self.rules_view)),
            page("probe/", "probe", require_POST(self.probe_view)),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        verdicts: Any = super().get_queryset(request)
        undecided: QuerySet[Any] = verdicts.undecided()
        return undecided

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "title": "Shorts to decide",
            "may_decide": self.has_decide_permission(request),
            "may_run_rules": request.user.has_perm(BULK),
            "may_probe": settings.SHORTS_PROBE_ENABLED,
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description="Published")
    def published(self, verdict: ShortsVerdict) -> str | None:
        when = verdict.video.published_at
        return f"{when:%Y-%m-%d}" if when else None

    @admin.action(description="These are Shorts", permissions=["decide"])
    def are_shorts(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.opposite = Verdict.YES
        self.flip(request, queryset)

    @admin.action(description="These are not Shorts", permissions=["decide"])
    def are_no_shorts(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.opposite = Verdict.NO
        self.flip(request, queryset)

    # The cards

    def review_view(self, request: HttpRequest) -> HttpResponse:
        """GET: the next cards, one at a time or side by side."""
        self.require(request, DECIDE)
        after = request.GET.get("after", "")
        verdicts = ShortsVerdict.objects.visible_to(request.user)
        waiting = verdicts.undecided().for_list()
        if after.isascii() and after.isdigit():
            waiting = waiting.before(int(after))
        rows = list(waiting[: CARDS + 1])
        way = "grid" if request.GET.get("way") == "grid" else "one"
        address = reverse("admin:catalog_shortsverdict_review")
        last = rows[CARDS - 1].pk if len(rows) > CARDS else None
        context = {
            **self.admin_site.each_context(request),
            "title": "Shorts review",
            "opts": self.opts,
            "cards": [card_of(row) for row in rows[:CARDS]],
            "way": way,
            "ways": WAYS,
            "after": after,
            "next": f"{address}?way={way}&after={last}" if last else "",
            "start": f"{address}?way={way}",
            "undo": request.GET.get("undo", ""),
        }
        return TemplateResponse(request, "catalog/shorts/review.html", context)

    def decide_view(self, request: HttpRequest) -> HttpResponse:
        """POST: one verdict; scripts get JSON, forms the next cards."""
        self.require(request, DECIDE)
        key, said = request.POST.get("video", ""), request.POST.get("verdict", "")
        if said not in (Verdict.YES, Verdict.NO) or not key.isdecimal():
            return answer(request, error="Choose Short or Not a Short.", status=400)
        videos = Video.objects.visible_to(request.user).filter(pk=key)
        try:
            made = decide_shorts(
                videos=videos, verdict=Verdict(said), actor=actor_of(request)
            )
        except YouTubeCMSError as error:
            return answer(request, error=error.message, status=error.status_code)
        return answer(request, change_set=made.pk if made else None)

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        """POST: take one of this person's own decisions back."""
        self.require(request, DECIDE)
        key = request.POST.get("change_set", "")
        mine = ChangeSet.objects.visible_to(request.user).filter(
            actor=actor_of(request)
        )
        change_set = get_object_or_404(mine, pk=key if key.isdecimal() else None)
        try:
            short_review.undo_decision(change_set=change_set, actor=actor_of(request))
        except YouTubeCMSError as error:
            return answer(request, error=error.message, status=error.status_code)
        return answer(request)

    # Buttons above the list

    def rules_view(self, request: HttpRequest) -> HttpResponse:
        """POST: plan what the rules would decide otherwise; its page is next."""
        self.require(request, BULK)
        address = reverse("admin:catalog_shortsverdict_changelist")
        with report_errors(request), transaction.atomic():
            change_set = short_review.plan_rules(actor=actor_of(request))
            tasks.enqueue(change_set)
            address = reverse("admin:catalog_changeset_change", args=[change_set.pk])
        return HttpResponseRedirect(address)

    def probe_view(self, request: HttpRequest) -> HttpResponse:
        """POST: let a worker ask YouTube about some of them."""
        self.require(request, BULK)
        if not settings.SHORTS_PROBE_ENABLED:
            messages.error(request, "Asking YouTube is switched off on this system.")
        else:
            self.start_probe(request)
        return HttpResponseRedirect(reverse("admin:catalog_shortsverdict_changelist"))

    def start_probe(self, request: HttpRequest) -> None:
        if not tasks.start_probe(actor_of(request)):
            messages.info(request, "YouTube is being asked already.")
            return
        messages.success(
            request,
            f"YouTube is being asked about up to {short_review.PROBES_AT_ONCE} videos, "
            "slowly. Reload the list in some minutes.",
        )


def card_of(row: ShortsVerdict) -> dict[str, Any]:
    """What a person needs to decide."""
    video = row.video
    return {
        "row": row,
        "video": video,
        "picture": columns.thumbnail(video, "large"),
        "link": columns.page_link(video),
        "length": columns.video_length(video),
        "short_address": f"https://www.youtube.com/shorts/{video.video_id}",
    }


def answer(
    request: HttpRequest,
    *,
    error: str = "",
    status: int = 200,
    change_set: int | None = None,
) -> HttpResponse:
    """JSON for the page's script, a message and the next cards for its forms."""
    if "application/json" in request.headers.get("Accept", ""):
        body = {"error": error} if error else {"change_set": change_set}
        return JsonResponse(body, status=status)
    if error:
        messages.error(request, error)
    way = "grid" if request.POST.get("way") == "grid" else "one"
    after = request.POST.get("after", "")
    address = f"{reverse('admin:catalog_shortsverdict_review')}?way={way}"
    address += f"&after={int(after)}" if after.isascii() and after.isdigit() else ""
    address += f"&undo={change_set}" if change_set else ""
    return HttpResponseRedirect(address)
