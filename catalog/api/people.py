"""`/api/me/` and `/api/people/`: who asks, what they may do, who else works here.

People, their groups, passwords and scopes are looked after in the admin alone: a
token that leaked gives nobody more rights.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Scope
from catalog.querysets import is_scoped
from ytmanager.api import ReadOnlyResourceViewSet, ResourceViewSet, actor_of
from ytmanager.filters import FlagFilter, ListFilterSet
from ytmanager.models import ApiToken

READ_BEFORE = ("groups", "scopes__content_owner", "scopes__channel")


class ScopeSerializer(serializers.ModelSerializer[Scope]):
    """One thing that a person sees; all null and empty: it is gone."""

    content_owner = serializers.CharField(source="content_owner.name", default=None)
    channel_id = serializers.CharField(source="channel.channel_id", default=None)

    class Meta:
        model = Scope
        fields = ("content_owner", "channel_id", "label")
        read_only_fields = fields

    def get_fields(self) -> Any:
        found = super().get_fields()
        for name in ("content_owner", "channel_id"):
            found[name].allow_null = True
        return found


class PersonSerializer(serializers.ModelSerializer[User]):
    """Somebody who may sign in, with groups and scope."""

    name = serializers.CharField(source="get_full_name")
    groups = serializers.SerializerMethodField(help_text="Names of groups.")
    scope = ScopeSerializer(
        source="scopes", many=True, help_text="Sees this only; empty: everything."
    )

    class Meta:
        model = User
        fields: tuple[str, ...] = (
            "pk",
            "username",
            "name",
            "email",
            "is_active",
            "is_superuser",
            "groups",
            "scope",
            "last_login",
        )
        read_only_fields: tuple[str, ...] = fields

    def get_groups(self, person: User) -> list[str]:
        return [group.name for group in person.groups.all()]


class UsedTokenSerializer(serializers.ModelSerializer[ApiToken]):
    """The token of this request."""

    class Meta:
        model = ApiToken
        fields = ("name", "access", "created", "expiry")
        read_only_fields = fields


class LimitsSerializer(serializers.Serializer[Any]):
    """Requests a minute of one person or token."""

    reads_a_minute = serializers.IntegerField()
    writes_a_minute = serializers.IntegerField()


class MeSerializer(PersonSerializer):
    """Who asks, and what this request may do."""

    permissions = serializers.ListField(
        child=serializers.CharField(), help_text="As `catalog.change_video`."
    )
    token = UsedTokenSerializer(
        allow_null=True, help_text="null: signed in by a session."
    )
    limits = LimitsSerializer()

    class Meta(PersonSerializer.Meta):
        fields = (*PersonSerializer.Meta.fields, "permissions", "token", "limits")
        read_only_fields = fields


class MeViewSet(ResourceViewSet[User]):
    """The person behind the session or the token."""

    queryset = User.objects.all()
    serializer_class = MeSerializer
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        summary="Show who asks, with permissions, scope, token and limits",
        responses=MeSerializer,
    )
    def show(self, request: Request) -> Response:
        person: Any = actor_of(request)
        person.permissions = sorted(person.get_all_permissions())
        person.token = request.auth if isinstance(request.auth, ApiToken) else None
        person.limits = {
            "reads_a_minute": settings.API_READS,
            "writes_a_minute": settings.API_WRITES,
        }
        return Response(dict(MeSerializer(person).data))


class PersonFilterSet(ListFilterSet):
    """What `/api/people/` can be narrowed down by."""

    is_active = FlagFilter()
    group = filters.CharFilter("groups__name", help_text="The name of a group.")
    search = filters.CharFilter(
        "username", "icontains", help_text="Part of a username."
    )

    class Meta:
        model = User
        fields = ()


@extend_schema_view(
    list=extend_schema(summary="List people with their groups and scopes"),
    retrieve=extend_schema(summary="Show a person"),
)
class PersonViewSet(ReadOnlyResourceViewSet[User]):
    """For administrators, to read; who sees a part finds nobody else."""

    queryset = User.objects.all()
    serializer_class = PersonSerializer
    lookup_value_regex = "[0-9]{1,9}"
    filterset_class = PersonFilterSet

    def get_queryset(self) -> QuerySet[User]:
        people = User.objects.order_by("pk").prefetch_related(*READ_BEFORE)
        me = actor_of(self.request)
        return people.filter(pk=me.pk) if is_scoped(me) else people

    def get_object(self) -> User:
        person = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, person)
        return person
