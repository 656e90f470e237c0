"""`/api/webhook-deliveries/`: every call to other systems, and sending again."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from webhooks import tasks
from webhooks.api.serializers import (
    DeliveryDetailSerializer,
    DeliverySerializer,
    ReplayedSerializer,
    ReplaySerializer,
)
from webhooks.models import EVENT_TYPES, TEST_EVENT, WebhookDelivery
from webhooks.querysets import WebhookDeliveryQuerySet
from ytmanager.api import (
    EmptySerializer,
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.filters import ListFilterSet, WholeNumberFilter, WordFilter

SENDING = ("webhooks.view_webhookdelivery", "webhooks.change_webhookdelivery")
TYPES = (*EVENT_TYPES, (TEST_EVENT, TEST_EVENT))
REPLAYED = {202: action_body(ReplayedSerializer())}


class DeliveryFilterSet(ListFilterSet):
    """What `/api/webhook-deliveries/` can be narrowed down by."""

    endpoint = WholeNumberFilter(help_text="The number of a webhook.")
    state = WordFilter(choices=WebhookDelivery.State.choices)
    type = WordFilter(choices=TYPES)

    class Meta:
        model = WebhookDelivery
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="List deliveries of webhooks, newest first"),
    retrieve=extend_schema(
        summary="Show a delivery, what is sent, and each call",
        responses=DeliveryDetailSerializer,
    ),
)
class WebhookDeliveryViewSet(ReadOnlyResourceViewSet[WebhookDelivery]):
    """Kept for 30 days; any can be sent again, with the same id."""

    queryset = WebhookDelivery.objects.all()
    lookup_field = "message_id"
    filterset_class = DeliveryFilterSet
    detail_serializer_class = DeliveryDetailSerializer
    action_permissions: ClassVar = {"replay": SENDING, "replay_many": SENDING}

    def get_queryset(self) -> WebhookDeliveryQuerySet:
        found = WebhookDelivery.objects.visible_to(self.request.user)
        if self.action == "list":
            return found.defer("body")
        return found.prefetch_related("attempts")

    def get_object(self) -> WebhookDelivery:
        wanted = self.kwargs["message_id"]
        delivery = get_object_or_404(self.get_queryset(), message_id=wanted)
        self.check_object_permissions(self.request, delivery)
        return delivery

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "list": DeliverySerializer,
            "replay": EmptySerializer,
            "replay_many": ReplaySerializer,
        }
        return classes.get(self.action, DeliveryDetailSerializer)

    @extend_schema(
        summary="Send a delivery again", request=EmptySerializer, responses=REPLAYED
    )
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, message_id: str) -> Response:
        """The same id and body, signed anew."""
        chosen = WebhookDelivery.objects.filter(pk=self.get_object().pk)
        return self.replayed(chosen)

    @extend_schema(
        summary="Send many deliveries again",
        request=ReplaySerializer,
        responses=REPLAYED,
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="replay",
        url_name="replay-many",
        filter_backends=[],
        pagination_class=None,
    )
    def replay_many(self, request: Request) -> Response:
        """Some by their ids, or everything that failed for one webhook."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        visible = WebhookDelivery.objects.visible_to(request.user)
        if "message_ids" in asked:
            return self.replayed(visible.filter(message_id__in=asked["message_ids"]))
        return self.replayed(visible.failed_for(asked["failed_for"]))

    def replayed(self, chosen: WebhookDeliveryQuerySet) -> Response:
        """Raises EndpointStateError when a webhook of them is switched off."""
        count = tasks.send_again(chosen=chosen, actor=actor_of(self.request))
        return action_response({"count": count}, status=202)
