"""`/api/change-sets/`: plan, preview, apply, results and revert."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from catalog import tasks
from catalog.api.change_set_serializers import (
    ApplySerializer,
    ChangeSetDetailSerializer,
    ChangeSetSerializer,
    DriftSerializer,
    NewChangeSetSerializer,
    PlannedChangeSerializer,
    RevertSerializer,
    RowKeysSerializer,
    SwitchedSerializer,
)
from catalog.api.selections import store_selection
from catalog.changesets import plan, preview
from catalog.models import Change, ChangeSet
from catalog.querysets import ChangeQuerySet, ChangeSetQuerySet
from catalog.services import bulk_edits, change_sets, reverts
from ytmanager.api import (
    EmptySerializer,
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
    described_parameters,
)
from ytmanager.filters import DayFilter, ListFilterSet, WordFilter, words

VIEW, CHANGE = "catalog.view_changeset", "catalog.change_changeset"
CONTROLS = ("apply", "discard", "cancel", "resume", "leave_out", "take_in")
BODY = action_body(ChangeSetDetailSerializer())


class ChangeSetFilterSet(ListFilterSet):
    """What `/api/change-sets/` can be narrowed down by."""

    state = WordFilter(choices=ChangeSet.State.choices)
    kind = WordFilter(choices=ChangeSet.Kind.choices)
    actor = filters.CharFilter("actor__username", help_text="A username.")
    search = filters.CharFilter(
        method="by_search", help_text="Words of the reason, a person, or a video ID."
    )
    video_id = filters.CharFilter(method="by_video", help_text="Changed this video.")
    date_from = DayFilter(
        "created_at__date", lookup_expr="gte", help_text="Made then or later."
    )
    date_to = DayFilter(
        "created_at__date", lookup_expr="lte", help_text="Made then or earlier."
    )
    order = WordFilter(method="in_order", choices=words("asc", "desc"))

    class Meta:
        model = ChangeSet
        fields = ()

    def by_search(
        self, found: ChangeSetQuerySet, _: str, value: str
    ) -> ChangeSetQuerySet:
        return found.search(value)

    def by_video(
        self, found: ChangeSetQuerySet, _: str, value: str
    ) -> ChangeSetQuerySet:
        return found.touching(value)

    def in_order(
        self, found: ChangeSetQuerySet, _: str, value: str
    ) -> ChangeSetQuerySet:
        return found.order_by("pk" if value == "asc" else "-pk")


class PlannedChangeFilterSet(ListFilterSet):
    """What the rows of a change set can be narrowed down by."""

    outcome = WordFilter(choices=Change.Outcome.choices)
    field = filters.CharFilter(help_text="A name of a field.")
    video_id = filters.CharFilter("video__video_id")

    class Meta:
        model = Change
        fields = ()


def button(
    summary: str,
    request: type[BaseSerializer[Any]] = EmptySerializer,
    status: int = 202,
) -> Callable[[Any], Any]:
    """Describe an action that answers with the change set."""
    return extend_schema(summary=summary, request=request, responses={status: BODY})


@extend_schema_view(
    list=extend_schema(summary="List change sets, newest first"),
    retrieve=extend_schema(
        summary="Show a change set and how far it is",
        responses=ChangeSetDetailSerializer,
    ),
)
class ChangeSetViewSet(ReadOnlyResourceViewSet[ChangeSet]):
    """Edits of many videos: planned by a POST, looked at, applied, taken back."""

    queryset = ChangeSet.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = ChangeSetFilterSet
    detail_serializer_class = ChangeSetDetailSerializer
    paginated_actions = frozenset({"list", "changes"})
    action_filters: ClassVar = {"changes": PlannedChangeFilterSet}
    action_permissions: ClassVar = {
        "create": (VIEW, "catalog.view_video", "catalog.bulk_edit_video"),
        "changes": (VIEW,),
        "drift": (VIEW,),
        "revert": (VIEW, "catalog.add_changeset"),
        **dict.fromkeys(CONTROLS, (VIEW, CHANGE)),
    }

    def get_queryset(self) -> ChangeSetQuerySet:
        found = ChangeSet.objects.visible_to(self.request.user)
        return found.select_related("actor")

    def get_object(self) -> ChangeSet:
        change_sets = self.get_queryset()
        if self.action in CONTROLS:
            change_sets = change_sets.changeable_by(self.request.user)
        change_set = change_sets.get_by_pk(int(self.kwargs["pk"]))
        self.check_object_permissions(self.request, change_set)
        return change_set

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "list": ChangeSetSerializer,
            "retrieve": ChangeSetDetailSerializer,
            "create": NewChangeSetSerializer,
            "apply": ApplySerializer,
            "leave_out": RowKeysSerializer,
            "take_in": RowKeysSerializer,
            "revert": RevertSerializer,
        }
        return classes.get(self.action, EmptySerializer)

    @extend_schema(
        summary="Plan an edit of many videos; nothing is changed yet",
        request=NewChangeSetSerializer,
        responses={201: BODY, 202: BODY},
    )
    def create(self, request: Request) -> Response:
        """Few videos are planned at once (201), many by a worker (202)."""
        asked = self.asked()
        with transaction.atomic():
            change_set = self.draft(asked)
            store_selection(change_set, request.user, asked)
            if "steps" in asked:
                bulk_edits.request_plan(
                    change_set,
                    bulk_edits.with_names(asked["steps"]),
                    reason=asked["reason"],
                )
            else:
                change_sets.request_plan(change_set)
            tasks.enqueue(change_set)
        return self.show(
            change_set, 202 if change_set.state in ChangeSet.WAITING else 201
        )

    def draft(self, asked: dict[str, Any]) -> ChangeSet:
        """A draft without a selection; raises InvalidEditError for its values."""
        if "steps" in asked:
            return bulk_edits.start(actor=actor_of(self.request))
        return change_sets.start_change_set(
            kind=ChangeSet.Kind.API,
            actor=actor_of(self.request),
            reason=asked["reason"],
            plan_source={"name": "values", "values": plan.normalise(asked["values"])},
        )

    @extend_schema(
        summary="List the rows of a change set: the preview, later the results",
        parameters=described_parameters(PlannedChangeFilterSet),
        responses=PlannedChangeSerializer(many=True),
    )
    @action(detail=True, filter_backends=[])
    def changes(self, request: Request, pk: str) -> Response:
        seen = self.get_object().changes.visible_to(request.user)
        changes = seen.select_related("video", "channel")
        rows = self.narrowed(changes).order_by("video_id", "pk")
        return self.respond_with_page(rows, PlannedChangeSerializer)

    @extend_schema(
        summary="Compare a plan with what its selection finds now",
        responses=DriftSerializer,
    )
    @action(detail=True, filter_backends=[], pagination_class=None)
    def drift(self, request: Request, pk: str) -> Response:
        """Reads the whole selection; a change set without one has no drift."""
        found = preview.drift(self.get_object())
        counts = (found.only_now_count, found.no_more_count) if found else (0, 0)
        facts = dict(zip(DriftSerializer().fields, counts, strict=True))
        return Response(facts)

    @button("Apply a plan", ApplySerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Few changes are applied at once, many by a worker: the state tells."""
        asked, change_set = self.asked(), self.get_object()
        with transaction.atomic():
            change_sets.request_apply(
                change_set, previewed=asked["plan_version"], actor=actor_of(request)
            )
            tasks.enqueue(change_set)
        return self.show(change_set, 202)

    @button("Discard a plan")
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        change_set = self.get_object()
        change_sets.discard(change_set)
        return self.show(change_set, 202)

    @button("Cancel what is being applied; what is done stays")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self.controlled(change_sets.cancel)

    @button("Let a failed change set go on")
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        return self.controlled(change_sets.resume)

    @extend_schema(
        summary="Leave rows out of a plan",
        request=RowKeysSerializer,
        responses={200: action_body(SwitchedSerializer())},
    )
    @action(detail=True, methods=["post"], url_path="leave-out")
    def leave_out(self, request: Request, pk: str) -> Response:
        return self.switched(change_sets.leave_out)

    @extend_schema(
        summary="Take rows in again that were left out",
        request=RowKeysSerializer,
        responses={200: action_body(SwitchedSerializer())},
    )
    @action(detail=True, methods=["post"], url_path="take-in")
    def take_in(self, request: Request, pk: str) -> Response:
        return self.switched(change_sets.take_in)

    @button("Plan to restore the values from before", RevertSerializer, 201)
    @action(detail=True, methods=["post"])
    def revert(self, request: Request, pk: str) -> Response:
        """A new change set that has to be applied; what moved since is skipped."""
        asked, change_set = self.asked(), self.get_object()
        with transaction.atomic():
            made = reverts.revert_change_set(
                change_set=change_set,
                actor=actor_of(request),
                reason=asked["reason"],
                rows=asked.get("changes"),
                names=asked.get("fields"),
            )
            tasks.enqueue(made)
        return self.show(made, 201)

    def asked(self) -> dict[str, Any]:
        """What the body says; raises ValidationError."""
        sent = self.get_serializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        asked: dict[str, Any] = sent.validated_data
        return asked

    def controlled(self, control: Callable[[ChangeSet], None]) -> Response:
        """Move it on and start its job in one transaction."""
        change_set = self.get_object()
        with transaction.atomic():
            control(change_set)
            tasks.enqueue(change_set)
        return self.show(change_set, 202)

    def switched(self, switch: Callable[[ChangeSet, ChangeQuerySet], int]) -> Response:
        asked, change_set = self.asked(), self.get_object()
        rows: Any = change_set.changes.filter(pk__in=asked["changes"])
        facts = {
            "count": switch(change_set, rows),
            "expected_count": change_set.expected_count,
        }
        return action_response(facts, status=200)

    def show(self, change_set: ChangeSet, status: int) -> Response:
        change_set = self.get_queryset().get_by_pk(change_set.pk)
        address = reverse(
            "change-set-detail", args=[change_set.pk], request=self.request
        )
        shown = dict(ChangeSetDetailSerializer(change_set).data)
        return action_response(shown, status=status, location=address)
