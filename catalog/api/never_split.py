"""`/api/never-split-names/`: artists whose names look like several."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog.models import NeverSplitName
from catalog.services.never_split import add_name, remove_name
from ytmanager.api import ResourceViewSet, actor_of
from ytmanager.api_fields import TextField


class NeverSplitNameSerializer(serializers.ModelSerializer[NeverSplitName]):
    """A name that steps of a bulk edit keep whole."""

    class Meta:
        model = NeverSplitName
        fields = ("pk", "name", "created_at", "updated_at")
        read_only_fields = fields


class NewNameSerializer(serializers.Serializer[NeverSplitName]):
    """A name to keep whole."""

    name = TextField(max_length=200)


@extend_schema_view(list=extend_schema(summary="List names that are never split"))
class NeverSplitNameViewSet(mixins.ListModelMixin, ResourceViewSet[NeverSplitName]):
    """Earth, Wind & Fire stays one artist."""

    queryset = NeverSplitName.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    detail_serializer_class = NeverSplitNameSerializer

    def get_object(self) -> NeverSplitName:
        found = get_object_or_404(NeverSplitName, pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, found)
        return found

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        is_new = self.action == "create"
        return NewNameSerializer if is_new else NeverSplitNameSerializer

    @extend_schema(
        summary="Keep a name whole",
        request=NewNameSerializer,
        responses={200: NeverSplitNameSerializer, 201: NeverSplitNameSerializer},
    )
    def create(self, request: Request) -> Response:
        """One that is kept already stays as it is: 200 instead of 201."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        name = sent.validated_data["name"]
        made, is_new = add_name(name=name, actor=actor_of(request))
        return Response(dict(self.represent(made)), status=201 if is_new else 200)

    @extend_schema(summary="Let a name be split again", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        remove_name(name=self.get_object(), actor=actor_of(request))
        return Response(status=204)
