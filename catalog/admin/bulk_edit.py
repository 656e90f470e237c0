"""The pages of a bulk edit: choose videos, say what to do, look at examples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog import fields, tasks
from catalog.admin import columns
from catalog.admin.bulk_edit_forms import (
    FIRST,
    MAX_STEPS,
    StepForm,
    sent_forms,
    step_forms,
)
from catalog.admin.change_set_page import ChangeSetPage, pasted_lines, sent
from catalog.admin.change_set_texts import selection_of
from catalog.admin.selection import store_selection
from catalog.admin.spellings import add_spellings, show_spellings
from catalog.bulk.plan import NAME
from catalog.changesets.selection import is_found, select_pasted
from catalog.exceptions import PlanFailedError
from catalog.models import ChangeSet, NeverSplitName
from catalog.querysets import ChangeSetQuerySet
from catalog.services import bulk_edits
from catalog.services.bulk_edits import Example
from catalog.templatetags.catalog_values import described, field_label
from catalog.templatetags.differences import marked
from ytmanager.admin import ModelAdmin, actor_of, report_errors
from ytmanager.exceptions import YouTubeCMSError

BULK_EDIT = "catalog.bulk_edit_video"
State = ChangeSet.State
# The form can be corrected until somebody applies what it made.
OPEN = (State.DRAFT, State.PLANNED, State.FAILED, State.EXPIRED)


def begin(request: HttpRequest) -> HttpResponse:
    """Keep what an action of the Videos list is about and open the form."""
    with transaction.atomic():
        change_set = bulk_edits.start(actor=actor_of(request))
        store_selection(change_set, request)
    return HttpResponseRedirect(form_address(change_set))


def form_address(change_set: ChangeSet) -> str:
    return reverse("admin:catalog_changeset_edit", args=[change_set.pk])


def spellings_address(change_set: ChangeSet) -> str:
    return reverse("admin:catalog_changeset_spellings", args=[change_set.pk])


def can_correct(change_set: ChangeSet) -> bool:
    """Whether the form behind a plan can be opened again."""
    is_ours = change_set.plan_source.get("name") == NAME
    never_started = change_set.started_at is None
    return is_ours and never_started and change_set.state in OPEN


class BulkEditPages(ChangeSetPage):
    """A form that the server draws anew at each step; scripts only save clicks."""

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            wrapped: Any = self.admin_site.admin_view(view)
            made: URLPattern = path(address, wrapped, name=name)
            return made

        return [
            page("<int:pk>/edit/", self.edit_view, "catalog_changeset_edit"),
            page(
                "<int:pk>/edit/spellings/",
                self.spellings_view,
                "catalog_changeset_spellings",
            ),
            page("paste/", self.paste_view, "catalog_changeset_paste"),
            page(
                "paste/start/",
                require_POST(self.start_pasted_view),
                "catalog_changeset_start_pasted",
            ),
            *super().get_urls(),
        ]

    def facts_of(self, request: HttpRequest, change_set: ChangeSet) -> dict[str, Any]:
        """The page of a plan leads back to the form behind it."""
        is_mine = change_set.actor_id == request.user.pk
        may = request.user.has_perm(BULK_EDIT) and is_mine and can_correct(change_set)
        return {**super().facts_of(request, change_set), "may_correct": may}

    def paste_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a list of IDs, ISRCs or UPCs."""
        self.require(request, BULK_EDIT)
        context = {
            **self.admin_site.each_context(request),
            "title": "Edit a list of videos",
        }
        return TemplateResponse(request, "catalog/bulk_edit/paste.html", context)

    def start_pasted_view(self, request: HttpRequest) -> HttpResponse:
        """POST: find what was pasted and open the form."""
        self.require(request, BULK_EDIT)
        address = reverse("admin:catalog_changeset_paste")
        with report_errors(request), transaction.atomic():
            change_set = bulk_edits.start(actor=actor_of(request))
            select_pasted(
                change_set,
                request.POST.get("lines", ""),
                takes_several="takes_several" in request.POST,
            )
            address = form_address(change_set)
        return HttpResponseRedirect(address)

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, change its steps, or make the plan of it."""
        self.require(request, BULK_EDIT)
        change_set = self.draft_of(request, pk)
        if not can_correct(change_set):
            return HttpResponseRedirect(plan_address(change_set))
        if request.method != "POST":
            stored = change_set.plan_source["operations"] or [FIRST]
            return self.form_page(request, change_set, step_forms(stored))
        return self.handle(request, change_set)

    def draft_of(self, request: HttpRequest, pk: int) -> ChangeSet:
        """A person's own bulk edit."""
        rows: ChangeSetQuerySet = ChangeSet.objects.visible_to(request.user)
        return get_object_or_404(rows, pk=pk, actor=actor_of(request))

    def spellings_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Find spellings of a name among the chosen videos; POST: make steps."""
        self.require(request, BULK_EDIT)
        change_set = self.draft_of(request, pk)
        address = form_address(change_set)
        if change_set.state != State.DRAFT:
            return HttpResponseRedirect(address)
        if request.method == "POST":
            return add_spellings(request, change_set, address)
        context = self.admin_site.each_context(request) | {"form_address": address}
        return show_spellings(request, change_set, context)

    def handle(self, request: HttpRequest, change_set: ChangeSet) -> HttpResponse:
        """POST: a button moves steps about, tries them, or makes the plan."""
        do, _, place = request.POST.get("do", "").partition(":")
        sent = sent_forms(request.POST, number_of(request.POST.get("count")))
        if do in {"add", "remove", "up", "down", "reload"}:
            moved = rearranged([typed(form) for form in sent], do, number_of(place))
            return self.form_page(request, change_set, step_forms(moved))
        if do == "spellings":
            return self.keep(request, change_set, sent)
        if [form for form in sent if not form.is_valid()]:
            return self.form_page(request, change_set, sent)
        steps = bulk_edits.with_names([form.step() for form in sent])
        if do != "plan":
            return self.form_page(request, change_set, sent, tried=steps)
        try:
            self.plan(request, change_set, steps)
        except YouTubeCMSError as error:
            messages.error(request, error.message)
            return self.form_page(request, change_set, sent)
        return HttpResponseRedirect(plan_address(change_set))

    def keep(
        self, request: HttpRequest, change_set: ChangeSet, forms: Sequence[StepForm]
    ) -> HttpResponse:
        """Keep the steps that were filled in while spellings are looked for."""
        filled = [form for form in forms if not form.is_blank()]
        if [form for form in filled if not form.is_valid()]:
            return self.form_page(request, change_set, forms)
        change_set.reason = sent(request, "reason")
        steps = bulk_edits.with_names([form.step() for form in filled])
        bulk_edits.keep_steps(change_set, steps)
        return HttpResponseRedirect(spellings_address(change_set))

    def plan(
        self, request: HttpRequest, change_set: ChangeSet, steps: Sequence[Any]
    ) -> None:
        """Make the plan, at once or by a worker; raises YouTubeCMSError."""
        reason = sent(request, "reason")
        with transaction.atomic():
            bulk_edits.request_plan(change_set, steps, reason=reason)
            tasks.enqueue(change_set)

    def form_page(
        self,
        request: HttpRequest,
        change_set: ChangeSet,
        steps: Sequence[StepForm],
        tried: Sequence[dict[str, Any]] = (),
    ) -> HttpResponse:
        """The form with its steps, and what they make of some videos."""
        count, is_more = bulk_edits.count_selected(change_set)
        context = {
            **self.admin_site.each_context(request),
            "title": "Edit many videos",
            "change_set": change_set,
            "selection": selection_of(change_set),
            "count": count,
            "is_more": is_more,
            "is_unfound": not is_found(change_set),
            "steps": steps,
            "may_add": len(steps) < MAX_STEPS,
            "is_draft": change_set.state == State.DRAFT,
            "reason": request.POST.get("reason", change_set.reason),
            "examples": self.examples(request, change_set, tried),
            **pasted_lines(change_set),
        }
        return TemplateResponse(request, "catalog/bulk_edit/form.html", context)

    def examples(
        self,
        request: HttpRequest,
        change_set: ChangeSet,
        steps: Sequence[dict[str, Any]],
    ) -> list[dict[str, Any]] | None:
        """None: nothing was tried, or a message says why it failed."""
        if not steps:
            return None
        try:
            return [shown(one) for one in bulk_edits.try_steps(change_set, steps)]
        except PlanFailedError as error:
            messages.error(request, error.message)
            return None


def plan_address(change_set: ChangeSet) -> str:
    return reverse("admin:catalog_changeset_change", args=[change_set.pk])


def number_of(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def typed(form: StepForm) -> dict[str, Any]:
    """What stands in the inputs of a step, valid or not."""
    values = {name: form[name].value() for name in form.fields}
    return {**values, "field": form.edited.name, "operation": form.chosen.name}


def rearranged(
    steps: list[dict[str, Any]], do: str, place: int
) -> list[dict[str, Any]]:
    """The steps after a press of a button beside one of them."""
    if do == "add" and len(steps) < MAX_STEPS:
        return [*steps, {"field": steps[-1]["field"] if steps else "title"}]
    if not place < len(steps):
        return steps
    if do == "remove":
        return [*steps[:place], *steps[place + 1 :]] or [FIRST]
    other = place - 1 if do == "up" else place + 1
    if do in {"up", "down"} and 0 <= other < len(steps):
        steps[place], steps[other] = steps[other], steps[place]
    return steps


def shown(example: Example) -> dict[str, Any]:
    """One example with its differences marked, and why a value is not valid."""
    rows = []
    for change in example.changes:
        old, new = marked(
            described(change.old, change.field), described(change.new, change.field)
        )
        problem = " ".join(fields.EDITABLE[change.field].check(change.new))
        rows.append(
            {
                "field": field_label(change.field),
                "old": old,
                "new": new,
                "problem": problem,
            }
        )
    return {"video": columns.page_link(example.video), "rows": rows}


@admin.register(NeverSplitName)
class NeverSplitNameAdmin(ModelAdmin):
    """Artists whose names look like several."""

    list_display = ("name", "changed")
    search_fields = ("name",)
    list_before_template = "catalog/bulk_edit/names_before.html"

    @admin.display(description="Changed", ordering="updated_at")
    def changed(self, name: NeverSplitName) -> datetime:
        return name.updated_at
