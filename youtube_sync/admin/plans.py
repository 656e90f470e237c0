"""Push plans: what they will send, their confirmation, and how far they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from catalog.models import ChangeSet
from catalog.tasks import enqueue
from youtube_sync import tasks
from youtube_sync.admin.columns import StateColumn, plan_address
from youtube_sync.admin.sheets import SheetPages
from youtube_sync.admin.sync_video import SyncVideoPage
from youtube_sync.models import PlanItem, PushPlan
from youtube_sync.querysets import PushPlanQuerySet
from youtube_sync.services import plan_control, plans, quota, undo
from youtube_sync.services.forecast import forecast
from youtube_sync.templatetags.push_values import units
from ytmanager.admin import ReadOnlyAdminMixin, actor_of, report_errors
from ytmanager.admin.seen import SeenFilter
from ytmanager.realtime import log

ITEMS_SHOWN = 50


@admin.register(PushPlan)
class PushPlanAdmin(ReadOnlyAdminMixin, SyncVideoPage, SheetPages, StateColumn):
    """Plans are made from the list of videos and confirmed here."""

    list_display = (
        "title",
        "account",
        "state_badge",
        "item_count",
        "done_count",
        "failed_count",
        "blocked_count",
        "price",
        "created_by",
        "created_at",
    )
    list_display_links = ("title",)
    list_filter = ("state", ("account", SeenFilter))
    change_form_template = "youtube_sync/plan_page.html"
    fields = (("account", "created_by", "created_at"), ("confirmed_by", "confirmed_at"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = cast(PushPlanQuerySet, super().get_queryset(request))
        return rows.for_list()

    def get_urls(self) -> list[URLPattern]:
        def button(address: str, view: Callable[..., HttpResponse]) -> URLPattern:
            def guarded(request: HttpRequest, pk: int) -> HttpResponse:
                self.require(request, "catalog.push_video")
                return view(request, pk)

            wrapped = self.admin_site.admin_view(require_POST(guarded))
            name = f"youtube_sync_pushplan_{address}"
            return path(f"<int:pk>/{address}/", wrapped, name=name)

        return [
            button("confirm", self.confirm_view),
            button("cancel", self.cancel_view),
            button("pause", self.pause_view),
            button("resume", self.resume_view),
            button("retry", self.retry_view),
            button("first", self.first_view),
            button("back", self.back_view),
            button("items", self.items_view),
            button("undo", self.undo_view),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        plan = kwargs.get("obj")
        if plan is not None:
            # What happens from here on arrives as an event; then look again.
            context["live_position"] = log.current_position()
            plan = PushPlan.objects.for_list().get(pk=plan.pk)
            items = plan.items.select_related("video")
            context |= {
                "plan": plan,
                "items": items[:ITEMS_SHOWN],
                "budget": quota.get_budget(),
                "forecast": forecast(plan),
                "unsent_count": unsent_count(plan),
                "blocked_reasons": plan.items.blocked_reasons(),
                "may_choose": plan.state in plan_control.EDITABLE,
                "undo": undo.preview_undo(plan) if may_undo(plan) else None,
                "may_place": plan.state in plan_control.UNDER_WAY,
                "may_retry": may_retry(plan),
                "may_push": request.user.has_perm("catalog.push_video"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: start the push."""
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        with report_errors(request):
            with transaction.atomic():
                plan = plans.confirm_plan(plan=plan, actor=actor_of(request))
                tasks.start_plan(plan)
            messages.success(request, "The push has started.")
        return HttpResponseRedirect(plan_address(plan))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: stop it; what was sent stays."""
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        with report_errors(request):
            plans.cancel_plan(plan=plan, actor=actor_of(request))
            messages.success(request, "The plan is cancelled. What was sent stays.")
        return HttpResponseRedirect(plan_address(plan))

    def pause_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: stop after the item that is being sent."""
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        with report_errors(request):
            plan_control.pause_plan(plan=plan, actor=actor_of(request))
            messages.success(request, "The plan is paused.")
        return HttpResponseRedirect(plan_address(plan))

    def resume_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: go on with a paused plan."""
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        with report_errors(request):
            with transaction.atomic():
                plan = plan_control.resume_plan(plan=plan, actor=actor_of(request))
                tasks.start_plan(plan)
            messages.success(request, "The plan goes on.")
        return HttpResponseRedirect(plan_address(plan))

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: send what failed once more."""
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        with report_errors(request):
            with transaction.atomic():
                plan = plan_control.retry_failed(plan=plan, actor=actor_of(request))
                tasks.start_plan(plan)
            messages.success(request, "What failed is sent once more.")
        return HttpResponseRedirect(plan_address(plan))

    def first_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: let the plan go before others."""
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        with report_errors(request):
            plan_control.put_first(plan=plan, actor=actor_of(request))
            messages.success(request, "The plan goes before others.")
        return HttpResponseRedirect(plan_address(plan))

    def back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: let the plan wait for its turn."""
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        with report_errors(request):
            plan_control.put_back(plan=plan, actor=actor_of(request))
            messages.success(request, "The plan waits for its turn.")
        return HttpResponseRedirect(plan_address(plan))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: want the old values again, then draft the plan that sends them.

        With many fields a worker changes them first; the next press drafts.
        """
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        actor, address = actor_of(request), plan_address(plan)
        with report_errors(request):
            with transaction.atomic():
                change_set = undo.find_undo(plan)
                if change_set is None:
                    change_set = undo.request_undo(plan=plan, actor=actor)
                    enqueue(change_set)
            if change_set.state == ChangeSet.State.APPLIED:
                back = undo.create_undo_plan(plan=plan, actor=actor)
                address = plan_address(back)
                messages.success(request, "Look at the way back, then confirm it.")
            else:
                text = "The old values are being restored here; then press it again."
                messages.info(request, text)
        return HttpResponseRedirect(address)

    def items_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST {leave_out or take_in: key of an item}."""
        plan = get_object_or_404(self.get_queryset(request), pk=pk)
        name = "leave_out" if "leave_out" in request.POST else "take_in"
        choose = plan_control.leave_out if name == "leave_out" else plan_control.take_in
        keys = [int(key) for key in request.POST.getlist(name) if key.isdecimal()]
        with report_errors(request):
            choose(plan=plan, item_keys=keys, actor=actor_of(request))
        return HttpResponseRedirect(plan_address(plan))

    @admin.display(description="Plan", ordering="pk")
    def title(self, plan: PushPlan) -> str:
        return str(plan)

    @admin.display(description="Price", ordering="price_units")
    def price(self, plan: PushPlan) -> str:
        more = " and more" if plan.unpriced_count else ""
        return units(plan.price_units) + more


def unsent_count(plan: PushPlan) -> int:
    """Items that a plan will not send any more, because it was stopped before them."""
    return 0 if plan.is_under_way else plan.items.pending().count()


def may_retry(plan: PushPlan) -> bool:
    """A plan that has ended with items that failed, not only with conflicts."""
    has_ended_badly = plan.state in plan_control.ENDED_BADLY
    failed = plan.items.filter(state=PlanItem.State.FAILED)
    return has_ended_badly and failed.exists()


def may_undo(plan: PushPlan) -> bool:
    """A plan that has ended and wrote something."""
    is_over = plan.finished_at is not None and not plan.is_active
    return is_over and plan.done_count > 0
