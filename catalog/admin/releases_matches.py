"""Which videos show which releases: people accept or refuse, then fill."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from catalog import tasks
from catalog.admin import columns
from catalog.admin.filters import OptionsFilter, field_filter, having
from catalog.models import Release, ReleaseMatch
from catalog.releases import decisions, filling
from catalog.releases.columns import COLUMNS, FILLS
from ytmanager.admin import (
    ModelAdmin,
    ReadOnlyAdminMixin,
    SearchedRowsMixin,
    actor_of,
    report_errors,
)
from ytmanager.templatetags.figures import clock

DECIDE = "catalog.change_releasematch"
FILL = "catalog.bulk_edit_video"
USUAL_LEAST = 90
State = ReleaseMatch.State
TONES = {"accepted": "good", "refused": "bad"}

CONFIDENCE = field_filter(
    "sure",
    "Confidence",
    (
        ("high", "95 and more", having(confidence__gte=95)),
        ("good", "80 to 94", having(confidence__gte=80, confidence__lt=95)),
        ("low", "Under 80", having(confidence__lt=80)),
    ),
)
METHOD = field_filter(
    "method",
    "Found by",
    tuple((v, n, having(method=v)) for v, n in ReleaseMatch.Method.choices),
)
RIVALS = field_filter(
    "rivals",
    "Several releases fit",
    (
        ("yes", "Yes", having(is_ambiguous=True)),
        ("no", "No", having(is_ambiguous=False)),
    ),
)


class MatchStateFilter(OptionsFilter):
    """Without a choice: what waits for a decision."""

    title, parameter_name = "State", "state"
    all_label = "Proposed"
    nothing_left = "All proposed matches are decided."
    options = (
        ("all", "All", lambda matches: matches),
        *((v, label, having(state=v)) for v, label in State.choices[1:]),
    )

    def otherwise(self, rows: Any) -> QuerySet[ReleaseMatch]:
        proposed: QuerySet[ReleaseMatch] = rows.proposed()
        return proposed


class AcceptForm(forms.Form):
    """From which confidence on."""

    least = forms.IntegerField(min_value=60, max_value=100, initial=USUAL_LEAST)


class FillForm(forms.Form):
    """Which fields, and whether values that are there are replaced."""

    names = forms.MultipleChoiceField(
        choices=[(name, COLUMNS[name].label) for name in FILLS], required=False
    )
    overwrites = forms.BooleanField(required=False)


@admin.register(ReleaseMatch)
class ReleaseMatchAdmin(ReadOnlyAdminMixin, SearchedRowsMixin, ModelAdmin):
    """Proposals, the surest first."""

    list_display = ("picture", "name", "recording", "sure", "why", "state_shown")
    list_display_links = None
    list_filter = (CONFIDENCE, MatchStateFilter, METHOD, RIVALS)
    search_fields = ("video__search_text",)
    search_help_text = "Words of the video or the release"
    sortable_by = ()
    list_before_template = "catalog/releases/matches_before.html"
    actions = ("accept", "refuse", "reopen")

    class Media:
        css = {"all": ("catalog/releases.css",)}

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(require_POST(view))
            name = f"catalog_releasematch_{address}"
            made: URLPattern = path(f"{address}/", wrapped, name=name)
            return made

        return [
            page("accept", self.accept_view),
            page("fill", self.fill_view),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        matches: Any = super().get_queryset(request)
        return matches.for_list()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The figures above the list say how far the work is."""
        matches = ReleaseMatch.objects.visible_to(request.user)
        context = {
            "accepted_count": matches.accepted().count(),
            "clear_count": matches.clear().at_least(USUAL_LEAST).count(),
            "least": USUAL_LEAST,
            "fills": [(name, COLUMNS[name].label) for name in FILLS],
            "may_decide": self.has_decide_permission(request),
            "may_fill": request.user.has_perm(FILL),
            "has_releases": Release.objects.visible_to(request.user).exists(),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(DECIDE)

    # What people say

    @admin.action(description="Accept: the video shows this", permissions=["decide"])
    def accept(self, request: HttpRequest, queryset: Any) -> None:
        with report_errors(request):
            count = decisions.accept_matches(matches=queryset, actor=actor_of(request))
            messages.success(request, f"{count} accepted.")

    @admin.action(description="Refuse", permissions=["decide"])
    def refuse(self, request: HttpRequest, queryset: Any) -> None:
        with report_errors(request):
            count = decisions.refuse_matches(matches=queryset, actor=actor_of(request))
            messages.success(request, f"{count} refused. They do not come again.")

    @admin.action(description="Take the decision back", permissions=["decide"])
    def reopen(self, request: HttpRequest, queryset: Any) -> None:
        with report_errors(request):
            count = decisions.reopen_matches(matches=queryset)
            messages.success(request, f"{count} proposed again.")

    def accept_view(self, request: HttpRequest) -> HttpResponse:
        """POST: accept all clear ones from a confidence on."""
        self.require(request, DECIDE)
        form = AcceptForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Enter a confidence from 60 to 100.")
            return self.back()
        with report_errors(request):
            count = decisions.accept_clear_matches(
                matches=ReleaseMatch.objects.visible_to(request.user),
                least=form.cleaned_data["least"],
                actor=actor_of(request),
            )
            messages.success(request, f"{count} accepted. Nothing is filled in yet.")
        return self.back()

    def fill_view(self, request: HttpRequest) -> HttpResponse:
        """POST: plan what the accepted matches fill in."""
        self.require(request, FILL)
        form = FillForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Choose fields from the list.")
            return self.back()
        address = reverse("admin:catalog_releasematch_changelist")
        with report_errors(request), transaction.atomic():
            change_set = filling.plan_filling(
                actor=actor_of(request),
                names=form.cleaned_data["names"],
                overwrites=form.cleaned_data["overwrites"],
            )
            tasks.enqueue(change_set)
            address = reverse("admin:catalog_changeset_change", args=[change_set.pk])
        return HttpResponseRedirect(address)

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_releasematch_changelist"))

    # Columns

    @admin.display(description="Picture")
    def picture(self, match: ReleaseMatch) -> SafeString:
        return columns.thumbnail(match.video)

    @admin.display(description="Video")
    def name(self, match: ReleaseMatch) -> SafeString:
        video = match.video
        title = format_html("<strong>{}</strong>", columns.page_link(video))
        about = " · ".join(filter(None, (str(video.channel), length_of(video))))
        quiet = format_html('<span class="ytm-quiet">{}</span>', about)
        return columns.lines(title, quiet, columns.youtube_links(video))

    @admin.display(description="Release")
    def recording(self, match: ReleaseMatch) -> SafeString:
        release = match.release
        codes = " · ".join(filter(None, (release.isrc, release.upc)))
        product = " · ".join(filter(None, (release.album, release.label)))
        return columns.lines(
            format_html("<strong>{}</strong>", release.title or "–"),
            " · ".join(filter(None, (", ".join(release.artist), length_of(release)))),
            quiet_text(product),
            quiet_text(codes),
        )

    @admin.display(description="Confidence")
    def sure(self, match: ReleaseMatch) -> SafeString:
        tone = "good" if match.confidence >= 95 else ""
        tone = "warn" if match.confidence < 80 else tone
        several = columns.badge("Several fit", "warn") if match.is_ambiguous else ""
        return columns.lines(columns.badge(f"{match.confidence} %", tone), several)

    @admin.display(description="Why")
    def why(self, match: ReleaseMatch) -> SafeString:
        rows = format_html_join("", "{} ", ((reason,) for reason in match.reasons))
        return columns.lines(rows)

    @admin.display(description="State")
    def state_shown(self, match: ReleaseMatch) -> SafeString:
        tone = TONES.get(match.state, "")
        state = columns.badge(match.get_state_display(), tone)
        return columns.lines(state, match.decided_by and str(match.decided_by))


def length_of(row: Any) -> str:
    return "" if row.length_seconds is None else clock(row.length_seconds)


def quiet_text(text: str) -> SafeString | str:
    return format_html('<span class="ytm-quiet">{}</span>', text) if text else ""
