"""`/api/push-plans/`: plans with their price, from draft to results and undo."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog.api.selections import SelectionSerializer, videos_of
from catalog.models import ChangeSet
from catalog.tasks import enqueue
from youtube_sync import tasks
from youtube_sync.api.filters import PlanFilterSet
from youtube_sync.api.serializers import (
    PLAN_BODY,
    ItemKeysSerializer,
    NothingToSaySerializer,
    PlanDetailSerializer,
    PlanItemSerializer,
    PlanSerializer,
    UndoSerializer,
)
from youtube_sync.models import PushPlan
from youtube_sync.querysets import PushPlanQuerySet
from youtube_sync.services import plan_control, plans, undo
from ytmanager.api import (
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)

VIEW, PUSH = "youtube_sync.view_pushplan", "catalog.push_video"
CHANGED = {202: PLAN_BODY}
CHOSEN = {200: PLAN_BODY}
Control = Callable[..., PushPlan]


def button(summary: str) -> Callable[[Any], Any]:
    """Describe an action without a body."""
    return extend_schema(
        summary=summary, request=NothingToSaySerializer, responses=CHANGED
    )


@extend_schema_view(
    list=extend_schema(summary="List push plans"),
    retrieve=extend_schema(
        summary="Show a plan, its price, its forecast and how far it is",
        responses=PlanDetailSerializer,
    ),
)
class PlanViewSet(ReadOnlyResourceViewSet[PushPlan]):
    """Plans: drafted and priced by a POST, sent once a publisher confirms them."""

    queryset = PushPlan.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = PlanFilterSet
    detail_serializer_class = PlanDetailSerializer
    volatile_fields = frozenset({"forecast"})
    paginated_actions = frozenset({"list", "items"})
    action_permissions: ClassVar = {
        "create": (VIEW, "catalog.view_video", "youtube_sync.add_pushplan"),
        "items": (VIEW,),
        **dict.fromkeys(
            (
                "confirm",
                "pause",
                "resume",
                "cancel",
                "retry",
                "leave_out",
                "take_in",
                "undo",
            ),
            (VIEW, PUSH),
        ),
    }

    def get_queryset(self) -> PushPlanQuerySet:
        found = PushPlan.objects.visible_to(self.request.user).for_list()
        return found.select_related("account__content_owner")

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "list": PlanSerializer,
            "retrieve": PlanDetailSerializer,
            "create": SelectionSerializer,
            "leave_out": ItemKeysSerializer,
            "take_in": ItemKeysSerializer,
        }
        return classes.get(self.action, NothingToSaySerializer)

    @extend_schema(
        summary="Draft and price a plan for each content owner of a selection",
        request=SelectionSerializer,
        responses={201: action_body(PlanSerializer(many=True))},
    )
    def create(self, request: Request) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        videos = videos_of(request.user, asked.validated_data)
        made = plans.create_plans(videos=videos, actor=actor_of(request))
        shown = self.get_queryset().filter(pk__in=[plan.pk for plan in made])
        return action_response(
            list(PlanSerializer(shown.order_by("pk"), many=True).data), status=201
        )

    @extend_schema(
        summary="List the items of a plan with their results",
        responses=PlanItemSerializer(many=True),
    )
    @action(detail=True, filter_backends=[])
    def items(self, request: Request, pk: str) -> Response:
        rows = self.get_object().items.select_related("video").order_by("pk")
        return self.respond_with_page(rows, PlanItemSerializer)

    @button("Confirm a draft: the push starts")
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        return self._started(plans.confirm_plan)

    @button("Pause a plan after the item that is being sent")
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        return self._controlled(plan_control.pause_plan)

    @button("Go on with a paused plan")
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        return self._started(plan_control.resume_plan)

    @button("Cancel a plan; what was sent stays")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._controlled(plans.cancel_plan)

    @button("Send the failed items of a plan once more")
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        return self._started(plan_control.retry_failed)

    @button("Put a plan before others; it may use the units kept for single pushes")
    @action(detail=True, methods=["post"], url_path="put-first")
    def put_first(self, request: Request, pk: str) -> Response:
        return self._controlled(plan_control.put_first)

    @button("Let a plan wait for its turn again")
    @action(detail=True, methods=["post"], url_path="put-back")
    def put_back(self, request: Request, pk: str) -> Response:
        return self._controlled(plan_control.put_back)

    @extend_schema(
        summary="Leave items out of a draft or a paused plan",
        request=ItemKeysSerializer,
        responses=CHOSEN,
    )
    @action(detail=True, methods=["post"], url_path="leave-out")
    def leave_out(self, request: Request, pk: str) -> Response:
        return self._chosen(plan_control.leave_out)

    @extend_schema(
        summary="Take items in again that were left out",
        request=ItemKeysSerializer,
        responses=CHOSEN,
    )
    @action(detail=True, methods=["post"], url_path="take-in")
    def take_in(self, request: Request, pk: str) -> Response:
        return self._chosen(plan_control.take_in)

    @extend_schema(
        summary="Take back on YouTube what a plan sent: a change set, then a draft",
        request=NothingToSaySerializer,
        responses={202: action_body(UndoSerializer())},
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """With many fields a worker restores them first: ask again until `plan`."""
        plan, actor = self.get_object(), actor_of(request)
        with transaction.atomic():
            change_set = undo.find_undo(plan)
            if change_set is None:
                change_set = undo.request_undo(plan=plan, actor=actor)
                enqueue(change_set)
        back = None
        if change_set.state == ChangeSet.State.APPLIED:
            back = undo.create_undo_plan(plan=plan, actor=actor)
        shown = {"change_set": change_set.pk, "state": change_set.state, "plan": back}
        return action_response(dict(UndoSerializer(shown).data), status=202)

    def _started(self, control: Control) -> Response:
        """Move the plan on and start its job in one transaction."""
        plan = self.get_object()
        with transaction.atomic():
            tasks.start_plan(control(plan=plan, actor=actor_of(self.request)))
        return self._show(202)

    def _controlled(self, control: Control) -> Response:
        control(plan=self.get_object(), actor=actor_of(self.request))
        return self._show(202)

    def _chosen(self, control: Control) -> Response:
        asked = self.get_serializer(data=self.request.data)
        asked.is_valid(raise_exception=True)
        control(
            plan=self.get_object(),
            item_keys=asked.validated_data["items"],
            actor=actor_of(self.request),
        )
        return self._show(200)

    def _show(self, status: int) -> Response:
        plan = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        return action_response(dict(PlanDetailSerializer(plan).data), status=status)
