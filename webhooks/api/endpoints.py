"""`/api/webhook-endpoints/`: which systems are called, set up by administrators."""

from typing import Any, ClassVar

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from webhooks import tasks
from webhooks.api.serializers import (
    DeliverySerializer,
    EndpointEditSerializer,
    EndpointSerializer,
    SecretEndpointSerializer,
)
from webhooks.client import get_webhook_client
from webhooks.models import WebhookEndpoint
from webhooks.querysets import WebhookEndpointQuerySet
from webhooks.services import endpoints
from ytmanager.api import (
    EmptySerializer,
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.filters import ListFilterSet, WordFilter

CHANGING = ("webhooks.view_webhookendpoint", "webhooks.change_webhookendpoint")
REFUSED = OpenApiResponse(description="The address may not be called.")


class EndpointFilterSet(ListFilterSet):
    """What `/api/webhook-endpoints/` can be narrowed down by."""

    state = WordFilter(choices=WebhookEndpoint.State.choices)

    class Meta:
        model = WebhookEndpoint
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="List webhooks"),
    retrieve=extend_schema(summary="Show a webhook and what waits for it"),
)
class WebhookEndpointViewSet(ReadOnlyResourceViewSet[WebhookEndpoint]):
    """A secret is answered once, when it is made; `Idempotency-Key` keeps none."""

    queryset = WebhookEndpoint.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = EndpointFilterSet
    detail_serializer_class = EndpointSerializer
    keeps_answers = False
    volatile_fields = frozenset({"waiting_count", "failed_count", "failing_since"})
    action_permissions: ClassVar = dict.fromkeys(
        ("rotate", "test", "switch_on", "switch_off"), CHANGING
    )

    def get_queryset(self) -> WebhookEndpointQuerySet:
        found = WebhookEndpoint.objects.visible_to(self.request.user)
        counted = found.with_counts().order_by("name", "pk")
        return counted.select_related("created_by")

    def get_object(self) -> WebhookEndpoint:
        endpoint = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, endpoint)
        return endpoint

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action in {"create", "partial_update"}:
            return EndpointEditSerializer
        is_button = self.action in self.action_permissions
        return EmptySerializer if is_button else EndpointSerializer

    @extend_schema(
        summary="Add a webhook; the answer is the only one that shows its secret",
        request=EndpointEditSerializer,
        responses={201: action_body(SecretEndpointSerializer()), 422: REFUSED},
    )
    def create(self, request: Request) -> Response:
        made = WebhookEndpoint(**self.asked())
        secret = endpoints.create_endpoint(endpoint=made, actor=actor_of(request))
        address = reverse("webhook-endpoint-detail", args=[made.pk], request=request)
        return self.secret_of(made.pk, secret, status=201, location=address)

    @extend_schema(
        summary="Change name, address or events of a webhook",
        request=EndpointEditSerializer,
        responses={200: EndpointSerializer, 422: REFUSED},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """The secret stays."""
        endpoint = self.get_object()
        for name, value in self.asked(partial=True).items():
            setattr(endpoint, name, value)
        endpoints.save_endpoint(endpoint=endpoint, actor=actor_of(request))
        return self.shown()

    @extend_schema(summary="Remove a webhook and its log", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        endpoints.remove_endpoint(endpoint=self.get_object(), actor=actor_of(request))
        return Response(status=204)

    @extend_schema(
        summary="Give a webhook a new secret; the old one signs for a day more",
        request=EmptySerializer,
        responses={200: action_body(SecretEndpointSerializer())},
    )
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """The answer is the only one that shows it."""
        endpoint = self.get_object()
        secret = endpoints.rotate_secret(endpoint=endpoint, actor=actor_of(request))
        return self.secret_of(endpoint.pk, secret, status=200)

    @extend_schema(
        summary="Send a test event to a webhook",
        request=EmptySerializer,
        responses={202: action_body(DeliverySerializer())},
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """`Location` leads to the delivery, which tells how the call went."""
        endpoint = self.get_object()
        with transaction.atomic():
            made = endpoints.send_test(endpoint=endpoint, actor=actor_of(request))
            tasks.start_deliveries(endpoint)
        address = reverse(
            "webhook-delivery-detail", args=[made.message_id], request=request
        )
        shown = dict(DeliverySerializer(made).data)
        return action_response(shown, status=202, location=address)

    @extend_schema(
        summary="Call a webhook again",
        request=EmptySerializer,
        responses={200: EndpointSerializer},
    )
    @action(detail=True, methods=["post"], url_path="switch-on")
    def switch_on(self, request: Request, pk: str) -> Response:
        """What happened while it was off is not sent."""
        endpoints.switch_on(endpoint=self.get_object(), actor=actor_of(request))
        return self.shown()

    @extend_schema(
        summary="Call a webhook no more",
        request=EmptySerializer,
        responses={200: EndpointSerializer},
    )
    @action(detail=True, methods=["post"], url_path="switch-off")
    def switch_off(self, request: Request, pk: str) -> Response:
        endpoints.switch_off(endpoint=self.get_object(), actor=actor_of(request))
        return self.shown()

    def asked(self, *, partial: bool = False) -> dict[str, Any]:
        """What the body says; raises ValidationError and TargetRefusedError."""
        sent = self.get_serializer(data=self.request.data, partial=partial)
        sent.is_valid(raise_exception=True)
        asked: dict[str, Any] = sent.validated_data
        if "url" in asked:
            get_webhook_client().check_target(asked["url"])
        return asked

    def shown(self) -> Response:
        return Response(dict(self.represent(self.get_object())))

    def secret_of(
        self, pk: int, secret: str, *, status: int, location: str = ""
    ) -> Response:
        """The one answer that shows a secret; nobody on the way keeps it."""
        shown = dict(self.represent(self.get_queryset().get(pk=pk)))
        facts = {"endpoint": shown, "secret": secret}
        response = action_response(facts, status=status, location=location)
        response["Cache-Control"] = "no-store"
        return response
