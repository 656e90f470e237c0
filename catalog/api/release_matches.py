"""`/api/release-matches/`: which videos show which releases, decided and filled in."""

from typing import Any, ClassVar

from django.db import transaction
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog import tasks
from catalog.api.planned import PLANNED, show_planned
from catalog.models import Release, ReleaseMatch
from catalog.querysets import ReleaseMatchQuerySet
from catalog.releases import decisions, filling
from catalog.releases.columns import FILLS
from ytmanager.api import (
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.api_fields import TextField, WholeNumberField, YesNoField
from ytmanager.filters import FlagFilter, ListFilterSet, WholeNumberFilter, WordFilter

DECIDING = ("catalog.view_releasematch", "catalog.change_releasematch")
LEAST = 60  # what is less likely is not proposed


class ReleaseMatchFilterSet(ListFilterSet):
    """What `/api/release-matches/` can be narrowed down by."""

    state = WordFilter(choices=ReleaseMatch.State.choices)
    method = WordFilter(choices=ReleaseMatch.Method.choices)
    is_ambiguous = FlagFilter(help_text="Several releases fit the video.")
    least = WholeNumberFilter(
        "confidence",
        lookup_expr="gte",
        least=0,
        most=100,
        help_text="The least confidence, 0 to 100.",
    )
    video_id = filters.CharFilter("video__video_id")
    isrc = filters.CharFilter("release__isrc")
    search = filters.CharFilter(
        method="by_search", help_text="Words of the video or the release."
    )

    class Meta:
        model = ReleaseMatch
        fields = ()

    def by_search(
        self, found: ReleaseMatchQuerySet, _: str, value: str
    ) -> ReleaseMatchQuerySet:
        return found.search(value)


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """A recording on a product, as the distributor's list has it."""

    class Meta:
        model = Release
        fields = (
            "isrc",
            "upc",
            "artist",
            "title",
            "album",
            "label",
            "genre",
            "length_seconds",
        )
        read_only_fields = fields


class ReleaseMatchSerializer(serializers.ModelSerializer[ReleaseMatch]):
    """A video, the release that it seems to show, how surely, and why."""

    video_id = serializers.CharField(source="video.video_id")
    title = serializers.CharField(source="video.title")
    channel_id = serializers.CharField(source="video.channel.channel_id")
    release = ReleaseSerializer()
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True)

    class Meta:
        model = ReleaseMatch
        fields = (
            "pk",
            "video_id",
            "title",
            "channel_id",
            "release",
            "confidence",
            "method",
            "reasons",
            "is_ambiguous",
            "state",
            "decided_by",
            "decided_at",
        )
        read_only_fields = fields


class ChosenMatchesSerializer(serializers.Serializer[Any]):
    """Matches by their keys."""

    matches = serializers.ListField(
        child=WholeNumberField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=1000,
        required=False,
    )


class AcceptSerializer(ChosenMatchesSerializer):
    """Some matches, or all without a rival from a confidence on."""

    least = serializers.IntegerField(
        min_value=LEAST,
        max_value=100,
        required=False,
        help_text="Accept all proposals without a rival that are as sure as this.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("matches" in attrs) == ("least" in attrs):
            raise ValidationError("Give either `matches` or `least`.")
        return attrs


class DecisionSerializer(serializers.Serializer[Any]):
    """How many matches a decision changed."""

    count = serializers.IntegerField()


class FillSerializer(serializers.Serializer[Any]):
    """What the accepted matches fill in."""

    fields_to_fill = serializers.MultipleChoiceField(
        choices=list(FILLS), required=False, help_text="All unless named."
    )
    overwrites = YesNoField(
        default=False, help_text="Also replace values that are there."
    )
    reason = TextField(required=False, default="", max_length=2000)


@extend_schema_view(
    list=extend_schema(summary="List release matches, the surest first"),
    retrieve=extend_schema(summary="Show a release match"),
)
class ReleaseMatchViewSet(ReadOnlyResourceViewSet[ReleaseMatch]):
    """Accepting changes no video: `fill` plans that as a change set."""

    queryset = ReleaseMatch.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = ReleaseMatchFilterSet
    detail_serializer_class = ReleaseMatchSerializer
    action_permissions: ClassVar = {
        **dict.fromkeys(("accept", "refuse", "reopen"), DECIDING),
        "fill": ("catalog.view_releasematch", "catalog.bulk_edit_video"),
    }

    def get_queryset(self) -> ReleaseMatchQuerySet:
        return ReleaseMatch.objects.visible_to(self.request.user).for_list()

    def get_object(self) -> ReleaseMatch:
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, found)
        return found

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "accept": AcceptSerializer,
            "refuse": ChosenMatchesSerializer,
            "reopen": ChosenMatchesSerializer,
            "fill": FillSerializer,
        }
        return classes.get(self.action, ReleaseMatchSerializer)

    @extend_schema(
        summary="Accept release matches",
        request=AcceptSerializer,
        responses={200: action_body(DecisionSerializer())},
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def accept(self, request: Request) -> Response:
        """One for each video; the rivals of what is accepted are refused."""
        asked, actor = self.asked(), actor_of(request)
        if "least" in asked:
            matches = ReleaseMatch.objects.visible_to(request.user)
            count = decisions.accept_clear_matches(
                matches=matches, least=asked["least"], actor=actor
            )
        else:
            count = decisions.accept_matches(matches=self.chosen(asked), actor=actor)
        return action_response({"count": count}, status=200)

    @extend_schema(
        summary="Refuse release matches",
        request=ChosenMatchesSerializer,
        responses={200: action_body(DecisionSerializer())},
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def refuse(self, request: Request) -> Response:
        """They are not proposed again."""
        matches, actor = self.chosen(self.asked()), actor_of(request)
        count = decisions.refuse_matches(matches=matches, actor=actor)
        return action_response({"count": count}, status=200)

    @extend_schema(
        summary="Take decisions about release matches back",
        request=ChosenMatchesSerializer,
        responses={200: action_body(DecisionSerializer())},
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def reopen(self, request: Request) -> Response:
        """All releases of these videos are proposed again."""
        count = decisions.reopen_matches(matches=self.chosen(self.asked()))
        return action_response({"count": count}, status=200)

    @extend_schema(
        summary="Plan what accepted matches fill in",
        request=FillSerializer,
        responses=PLANNED,
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def fill(self, request: Request) -> Response:
        """Fills what is missing; apply the change set when it is planned."""
        asked = self.asked()
        with transaction.atomic():
            change_set = filling.plan_filling(
                actor=actor_of(request),
                names=asked.get("fields_to_fill") or FILLS,
                overwrites=asked["overwrites"],
                reason=asked["reason"],
            )
            tasks.enqueue(change_set)
        return show_planned(change_set, request)

    def asked(self) -> dict[str, Any]:
        sent = self.get_serializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        asked: dict[str, Any] = sent.validated_data
        return asked

    def chosen(self, asked: dict[str, Any]) -> ReleaseMatchQuerySet:
        """The matches that the body names; raises ValidationError for none."""
        if "matches" not in asked:
            raise ValidationError({"matches": ["Name at least one match."]})
        visible: ReleaseMatchQuerySet = ReleaseMatch.objects.visible_to(
            self.request.user
        )
        return visible.filter(pk__in=asked["matches"])
