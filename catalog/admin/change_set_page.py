"""The page of one change set: its state, its rows, and what people may do."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog import fields, tasks
from catalog.admin.change_rows import rows_of
from catalog.admin.change_set_texts import advice_for, selection_of, tone_of
from catalog.changesets import preview, selection
from catalog.changesets.preview import Drift
from catalog.models import Change, ChangeSet, Spreadsheet
from catalog.querysets import ChangeSetQuerySet
from catalog.services import applying, change_sets, reverts
from catalog.templatetags.catalog_values import field_label
from ytmanager.admin import ModelAdmin, actor_of, report_errors
from ytmanager.realtime.events import change_set_group
from ytmanager.realtime.log import current_position
from ytmanager.templatetags.figures import thousands

CHANGE, ADD = "catalog.change_changeset", "catalog.add_changeset"
LISTED = 200  # pasted lines shown of a kind
FIELD_SAMPLE = 20_000  # rows that are asked which fields a change set has
State = ChangeSet.State


class ChangeSetPage(ModelAdmin):
    """Read-only facts; what people may do are buttons that call services."""

    tone_of = staticmethod(tone_of)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """None: the template shows the facts, so that they stay live."""
        return []

    def get_urls(self) -> list[URLPattern]:
        def button(address: str, view: Callable[..., HttpResponse]) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(require_POST(view))
            name = f"catalog_changeset_{address}"
            named: URLPattern = path(f"<int:pk>/{address}/", wrapped, name=name)
            return named

        return [
            button("apply", self.apply_view),
            button("discard", self.discard_view),
            button("cancel", self.cancel_view),
            button("resume", self.resume_view),
            button("rows", self.rows_view),
            button("revert", self.revert_view),
            *super().get_urls(),
        ]

    # What the page shows

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Note the position of the event log before the change set is read."""
        extra = {"live_position": current_position(), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        change_set = kwargs.get("obj")
        if change_set is not None:
            context.update(self.facts_of(request, change_set))
        return super().render_change_form(request, context, *args, **kwargs)

    def facts_of(self, request: HttpRequest, change_set: ChangeSet) -> dict[str, Any]:
        """Everything that the template shows."""
        may_change = request.user.has_perm(CHANGE)
        return {
            "change_set": change_set,
            "tone": tone_of(change_set),
            "advice": advice_for(change_set),
            "selection": selection_of(change_set),
            "progress": applying.progress_of(change_set),
            "live_group": change_set_group(change_set.pk),
            "leaving": leaving(change_set),
            "sheets": sheets_of(request, change_set),
            "reverted_by": change_set.reverted_by.exclude(state=State.DISCARDED),
            "drift": self.drift_of(request, change_set),
            **pasted_lines(change_set),
            **rows_of(request, change_set),
            "is_purged": change_set.state in ChangeSet.GIVEN_UP
            and change_set.target_count > 0
            and not change_set.changes.exists(),
            **buttons_of(change_set, may_change=may_change),
            "fields": fields_of(change_set) if change_set.applied_count else [],
            "may_revert": request.user.has_perm(ADD)
            and change_set.applied_count > 0
            and change_set.state in (*ChangeSet.DONE, State.FAILED),
        }

    def drift_of(self, request: HttpRequest, change_set: ChangeSet) -> Drift | None:
        """Asked for by a link, because it reads the whole selection."""
        if "drift" not in request.GET or change_set.state != State.PLANNED:
            return None
        with report_errors(request):
            return preview.drift(change_set)

    # Buttons

    def change_set_of(
        self, request: HttpRequest, pk: int, permission: str = CHANGE
    ) -> ChangeSet:
        self.require(request, permission)
        change_sets = cast(ChangeSetQuerySet, self.get_queryset(request))
        if permission == CHANGE:  # a revert is a plan of its own, of what one sees
            change_sets = change_sets.changeable_by(request.user)
        return get_object_or_404(change_sets, pk=pk)

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: carry out the plan, at once or by a worker."""
        change_set = self.change_set_of(request, pk)
        with report_errors(request):
            with transaction.atomic():
                previewed = request.POST.get("plan", "")
                change_sets.request_apply(
                    change_set, previewed=previewed, actor=actor_of(request)
                )
                tasks.enqueue(change_set)
            messages.success(request, applied_text(change_set))
        return back_to(change_set)

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: drop the plan."""
        change_set = self.change_set_of(request, pk)
        with report_errors(request):
            change_sets.discard(change_set)
            messages.success(request, "The plan is discarded. Nothing was changed.")
        return back_to(change_set)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: stop at the next edge of a batch."""
        change_set = self.change_set_of(request, pk)
        with report_errors(request):
            with transaction.atomic():
                change_sets.cancel(change_set)
                tasks.enqueue(change_set)
            messages.success(request, "It stops in a moment; what is done stays.")
        return back_to(change_set)

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: let what failed go on."""
        change_set = self.change_set_of(request, pk)
        with report_errors(request):
            with transaction.atomic():
                change_sets.resume(change_set)
                tasks.enqueue(change_set)
            messages.success(request, "It goes on where it stopped.")
        return back_to(change_set)

    def rows_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: leave ticked rows out, take them in again, or revert them."""
        if request.POST.get("do") == "revert":
            return self.revert_view(request, pk)
        change_set = self.change_set_of(request, pk)
        rows = change_set.changes.filter(pk__in=ticked(request))
        with report_errors(request):
            if request.POST.get("do") == "take_in":
                count = change_sets.take_in(change_set, rows)
                messages.success(request, f"Rows taken in again: {thousands(count)}.")
            else:
                count = change_sets.leave_out(change_set, rows)
                messages.success(request, f"Rows left out: {thousands(count)}.")
        return back_to(change_set, request.GET.urlencode())

    def revert_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: plan to restore everything, ticked rows, or chosen fields."""
        change_set = self.change_set_of(request, pk, ADD)
        shown, query = change_set, request.GET.urlencode()
        with report_errors(request), transaction.atomic():
            shown = reverts.revert_change_set(
                change_set=change_set,
                actor=actor_of(request),
                reason=sent(request, "reason"),
                rows=ticked(request) if request.POST.get("do") else None,
                names=request.POST.getlist("field") or None,
            )
            tasks.enqueue(shown)
            query = ""
        return back_to(shown, query)


def sent(request: HttpRequest, name: str) -> str:
    """A text that a person typed; no database holds NUL characters."""
    return (request.POST.get(name) or "").replace("\0", "").strip()


def ticked(request: HttpRequest) -> list[int]:
    """Keys of the rows that a person ticked on one page."""
    return [int(key) for key in request.POST.getlist("row") if key.isdecimal()]


def back_to(change_set: ChangeSet, query: str = "") -> HttpResponse:
    address = reverse("admin:catalog_changeset_change", args=[change_set.pk])
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def applied_text(change_set: ChangeSet) -> str:
    if change_set.state == State.APPLYING:
        return "The plan is being applied; this page shows how far it is."
    text = f"Changes applied: {thousands(change_set.applied_count)}."
    if change_set.skipped_count:
        text += f" Skipped: {thousands(change_set.skipped_count)}."
    return text


def leaving(change_set: ChangeSet) -> str:
    """The states that call for another look at the page."""
    others = [state for state in State.values if state != change_set.state]
    return f"state={','.join(others)}"


def buttons_of(change_set: ChangeSet, *, may_change: bool) -> dict[str, Any]:
    """Which buttons work now."""
    state, is_started = change_set.state, change_set.started_at is not None
    is_cancelled = change_set.cancel_requested_at is not None
    return {
        "may_apply": may_change
        and state == State.PLANNED
        and change_set.expected_count > 0,
        "may_discard": may_change
        and (
            state in (*ChangeSet.UNDECIDED, State.PLANNING)
            or (state == State.FAILED and not is_started)
        ),
        "may_cancel": may_change
        and not is_cancelled
        and (state == State.APPLYING or (state == State.FAILED and is_started)),
        "may_resume": may_change and state == State.FAILED,
        "may_leave_out": may_change and state == State.PLANNED,
        "is_stopping": is_cancelled and state == State.APPLYING,
    }


def sheets_of(request: HttpRequest, change_set: ChangeSet) -> list[Spreadsheet]:
    """The spreadsheet behind a plan, for people who may see it."""
    may = request.user.has_perm("catalog.view_spreadsheet")
    return list(change_set.spreadsheets.all()) if may else []


def pasted_lines(change_set: ChangeSet) -> dict[str, Any]:
    """What of a pasted list fits no video, and what fits several."""
    if change_set.selection.get("kind") != "pasted":
        return {}
    return {
        "missing_lines": selection.missing(change_set)[:LISTED],
        "several_lines": selection.several(change_set)[:LISTED],
    }


def fields_of(change_set: ChangeSet) -> list[tuple[str, str]]:
    """Name and label of each field that it changed, as the form orders them."""
    sample = change_set.changes.order_by("pk")[:FIELD_SAMPLE]
    outcomes = set(sample.values_list("field", "outcome"))
    names = {name for name, what in outcomes if what == Change.Outcome.APPLIED}
    places = {name: place for place, name in enumerate(fields.FORM_ORDER)}
    ordered = sorted(names, key=lambda name: (places.get(name, len(places)), name))
    return [(name, field_label(name)) for name in ordered]
