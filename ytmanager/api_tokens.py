"""`/api/tokens/`: a person's own tokens, made, seen and revoked."""

from datetime import timedelta
from typing import Any

import structlog
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from ytmanager.api import ResourceViewSet, action_body, action_response, actor_of
from ytmanager.api_fields import TextField
from ytmanager.models import ApiToken, ApiTokenQuerySet

logger = structlog.get_logger(__name__)

LIFETIMES = (30, 90, 365)  # days
SHOWN = 16  # characters of the digest: enough to name a token, useless to sign in


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token by what it is for; the token itself is shown only when it is made."""

    token_id = serializers.SerializerMethodField(help_text="To revoke it.")
    user = serializers.CharField(source="user.username")

    class Meta:
        model = ApiToken
        fields: tuple[str, ...] = (
            "token_id",
            "name",
            "user",
            "access",
            "created",
            "expiry",
            "last_used_at",
        )
        read_only_fields = fields

    def get_token_id(self, token: ApiToken) -> str:
        return str(token.digest[:SHOWN])


class NewTokenSerializer(serializers.ModelSerializer[ApiToken]):
    """What a person decides about a new token."""

    days = serializers.ChoiceField(
        choices=LIFETIMES, default=90, help_text="Until it expires."
    )

    name = TextField(max_length=80)

    class Meta:
        model = ApiToken
        fields = ("name", "access", "days")


class MadeTokenSerializer(TokenSerializer):
    """A new token; nobody can see it again."""

    token = serializers.CharField(help_text="Send it as `Authorization: Token …`.")

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")
        read_only_fields = fields


@extend_schema_view(list=extend_schema(summary="List tokens, newest first"))
class TokenViewSet(mixins.ListModelMixin, ResourceViewSet[ApiToken]):
    """Everybody has tokens of their own; administrators see and revoke any."""

    queryset = ApiToken.objects.all()
    lookup_field = "token_id"
    lookup_value_regex = "[0-9a-f]{1,128}"
    permission_classes = (IsAuthenticated,)
    detail_serializer_class = TokenSerializer
    keeps_answers = False

    def get_queryset(self) -> ApiTokenQuerySet:
        tokens: ApiTokenQuerySet = ApiToken.objects.visible_to(self.request.user)
        return tokens.select_related("user")

    def get_object(self) -> ApiToken:
        shown = self.kwargs["token_id"]
        tokens = self.get_queryset().filter(digest__startswith=shown)
        token: ApiToken = get_object_or_404(
            tokens if len(shown) == SHOWN else tokens.none()
        )
        self.check_object_permissions(self.request, token)
        return token

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return NewTokenSerializer if self.action == "create" else TokenSerializer

    @extend_schema(
        summary="Make a token; the answer is the only one that shows it",
        request=NewTokenSerializer,
        responses={201: action_body(MadeTokenSerializer())},
    )
    def create(self, request: Request) -> Response:
        """Only for people who signed in: a token that leaked makes no others."""
        if request.auth is not None:
            raise PermissionDenied("Sign in to make a token; a token cannot.")
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        facts = dict(asked.validated_data)
        days = timedelta(days=facts.pop("days"))
        made, plain_text = ApiToken.objects.create(
            user=actor_of(request), expiry=days, **facts
        )
        logger.info("api_token_made", token_name=made.name, user_pk=request.user.pk)
        shown = dict(TokenSerializer(made).data)
        response = action_response({**shown, "token": plain_text}, status=201)
        response["Cache-Control"] = "no-store"
        return response

    @extend_schema(summary="Revoke a token", responses={204: None})
    def destroy(self, request: Request, token_id: str) -> Response:
        """From the next request on it is refused."""
        token = self.get_object()
        logger.info(
            "api_token_revoked",
            token_name=token.name,
            owner_pk=token.user_id,
            user_pk=request.user.pk,
        )
        token.delete()
        return Response(status=204)
