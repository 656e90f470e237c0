"""`/api/channels/`: what YouTube shows of them, and the office's own fields."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog import fields
from catalog.api.filters import ChannelFilterSet
from catalog.api.serializers import (
    ChangeSerializer,
    ChannelSerializer,
    refuse_unknown,
)
from catalog.models import Change, ChangeSet, Channel
from catalog.querysets import ChannelQuerySet
from catalog.services.channels import update_channel
from ytmanager.api import EmptySerializer, ReadOnlyResourceViewSet, actor_of
from ytmanager.api_fields import TextField, YesNoField

CHANGING = ("catalog.view_channel", "catalog.change_channel")


class ChannelEditSerializer(serializers.Serializer[Channel]):
    """The office's own fields of a channel, any of them."""

    partner_custom_id = TextField(required=False, allow_blank=True)
    partner_name = TextField(required=False, allow_blank=True, max_length=200)
    is_hidden = YesNoField(required=False)
    reason = TextField(
        required=False, write_only=True, help_text="Why; kept in the history."
    )

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(data, self.fields)
        return super().to_internal_value(data)


@extend_schema_view(
    list=extend_schema(summary="List channels"),
    retrieve=extend_schema(summary="Show a channel"),
)
class ChannelViewSet(ReadOnlyResourceViewSet[Channel]):
    """Channels of the content owners; hiding one hides its videos."""

    queryset = Channel.objects.all()
    lookup_field = "channel_id"
    filterset_class = ChannelFilterSet
    keeps_lists = True
    detail_serializer_class = ChannelSerializer
    paginated_actions = frozenset({"list", "history"})
    action_permissions: ClassVar = {
        "history": ("catalog.view_channel", "catalog.view_change"),
        "destroy": CHANGING,
        "restore": CHANGING,
    }

    def get_queryset(self) -> ChannelQuerySet:
        channels = Channel.objects.visible_to(self.request.user)
        return channels.select_related("content_owner")

    def get_object(self) -> Channel:
        channel = self.get_queryset().get_by_channel_id(self.kwargs["channel_id"])
        self.check_object_permissions(self.request, channel)
        return channel

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "partial_update": ChannelEditSerializer,
            "restore": EmptySerializer,
        }
        return classes.get(self.action, ChannelSerializer)

    @extend_schema(
        summary="Edit the office's fields of a channel",
        request=ChannelEditSerializer,
        responses={
            200: ChannelSerializer,
            422: OpenApiResponse(description="`details.fields` names what is wrong."),
        },
    )
    def partial_update(self, request: Request, channel_id: str) -> Response:
        sent = self.get_serializer(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        return self.edit(values, reason=values.pop("reason", ""))

    @extend_schema(
        summary="Hide a channel and its videos from the lists",
        responses={200: ChannelSerializer},
    )
    def destroy(self, request: Request, channel_id: str) -> Response:
        """Nothing is erased: `restore` brings it back."""
        return self.edit({"is_hidden": True})

    @extend_schema(
        summary="Show a hidden channel and its videos again",
        request=EmptySerializer,
        responses={200: ChannelSerializer},
    )
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, channel_id: str) -> Response:
        return self.edit({"is_hidden": False})

    def edit(self, values: dict[str, Any], reason: str = "") -> Response:
        update_channel(
            channel=self.get_object(),
            values={n: fields.OF_CHANNEL[n].normalise(v) for n, v in values.items()},
            actor=actor_of(self.request),
            kind=ChangeSet.Kind.API,
            reason=reason,
        )
        return Response(dict(ChannelSerializer(self.get_object()).data))

    @extend_schema(
        summary="List the changes of a channel, newest first",
        responses=ChangeSerializer(many=True),
    )
    @action(detail=True, filter_backends=[])
    def history(self, request: Request, channel_id: str) -> Response:
        changes = Change.objects.visible_to(request.user).filter(
            channel=self.get_object()
        )
        return self.respond_with_page(changes.history(), ChangeSerializer)
