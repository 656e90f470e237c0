"""How webhooks and their deliveries look in the API."""

from typing import Any

from rest_framework import serializers

from webhooks.models import (
    EVENT_TYPES,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from ytmanager.api_fields import TextField, WholeNumberField

MOST_REPLAYED = 1000


class EndpointSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """A webhook, whether it is called, and what waits for it; never its secret."""

    waiting_count = serializers.IntegerField()
    failed_count = serializers.IntegerField()
    created_by = serializers.CharField(source="created_by.username", allow_null=True)

    class Meta:
        model = WebhookEndpoint
        fields: tuple[str, ...] = (
            "pk",
            "name",
            "url",
            "event_types",
            "state",
            "enabled_at",
            "failing_since",
            "waiting_count",
            "failed_count",
            "previous_secret_until",
            "created_by",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class EndpointEditSerializer(serializers.Serializer[WebhookEndpoint]):
    """What an administrator decides about a webhook."""

    name = TextField(max_length=80, help_text="Which system is called.")
    url = TextField(
        max_length=500,
        help_text="Called with POST; begins with https://. It answers with a status "
        "from 200 to 299 within 10 seconds.",
    )
    event_types = serializers.ListField(
        child=serializers.ChoiceField(EVENT_TYPES),
        min_length=1,
        help_text="What each event says: `docs/live-events.md`.",
    )

    def validate_event_types(self, chosen: list[str]) -> list[str]:
        return list(dict.fromkeys(chosen))


class SecretEndpointSerializer(serializers.Serializer[Any]):
    """A webhook with its new secret, which nobody can see again."""

    endpoint = EndpointSerializer()
    secret = serializers.CharField(help_text="Signs every call; keep it.")


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """One event on its way to one webhook."""

    endpoint = serializers.IntegerField(source="endpoint_id")

    class Meta:
        model = WebhookDelivery
        fields: tuple[str, ...] = (
            "message_id",
            "endpoint",
            "type",
            "event_sequence",
            "state",
            "attempt_count",
            "next_attempt_at",
            "last_status",
            "last_error",
            "created_at",
            "delivered_at",
        )
        read_only_fields = fields


class AttemptSerializer(serializers.ModelSerializer[WebhookAttempt]):
    """One call, as it went."""

    class Meta:
        model = WebhookAttempt
        fields = ("made_at", "status", "milliseconds", "error", "excerpt")
        read_only_fields = fields


class DeliveryDetailSerializer(DeliverySerializer):
    """A delivery with what is sent and every call that was made."""

    body = serializers.DictField()
    attempts = AttemptSerializer(many=True)

    class Meta(DeliverySerializer.Meta):
        fields = (*DeliverySerializer.Meta.fields, "body", "attempts")
        read_only_fields = fields


class ReplaySerializer(serializers.Serializer[Any]):
    """Which deliveries go again: some by their ids, or all that failed for one."""

    message_ids = serializers.ListField(
        child=TextField(max_length=40),
        required=False,
        min_length=1,
        max_length=MOST_REPLAYED,
    )
    failed_for = WholeNumberField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="The number of a webhook: all its deliveries that failed.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("message_ids" in attrs) == ("failed_for" in attrs):
            raise serializers.ValidationError(
                "Give either `message_ids` or `failed_for`."
            )
        return attrs


class ReplayedSerializer(serializers.Serializer[Any]):
    """How many deliveries are on their way again."""

    count = serializers.IntegerField()
