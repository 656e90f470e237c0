"""`/api/shorts-verdicts/`: which videos are Shorts, and people's decisions."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog import tasks
from catalog.api.change_set_serializers import ChangeSetSerializer
from catalog.api.planned import PLANNED, show_planned
from catalog.api.selections import SelectionSerializer, videos_of
from catalog.exceptions import ProbeOffError, SelectionError
from catalog.models import ShortsVerdict, Video
from catalog.querysets import ShortsVerdictQuerySet, VideoQuerySet
from catalog.services import short_review
from catalog.services.shorts import decide_shorts
from ytmanager.api import (
    EmptySerializer,
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.api_fields import TextField
from ytmanager.filters import ListFilterSet, WordFilter

AT_MOST = 10_000  # videos of one request
RUNNING = ("catalog.view_shortsverdict", "catalog.bulk_edit_video")
DECIDING = ("catalog.view_shortsverdict", "catalog.change_shortsverdict")


class ShortsVerdictFilterSet(ListFilterSet):
    """What `/api/shorts-verdicts/` can be narrowed down by."""

    verdict = WordFilter(choices=ShortsVerdict.Verdict.choices)
    method = WordFilter(choices=ShortsVerdict.Method.choices)
    channel = filters.CharFilter("video__channel__channel_id", help_text="An ID.")
    search = filters.CharFilter(
        method="by_search", help_text="Words of title, artist, label or identifiers."
    )

    class Meta:
        model = ShortsVerdict
        fields = ()

    def by_search(
        self, found: ShortsVerdictQuerySet, _: str, value: str
    ) -> ShortsVerdictQuerySet:
        videos = Video.objects.search(value).order_by()
        return found.filter(video__in=videos.values("pk"))


class VerdictSerializer(serializers.ModelSerializer[ShortsVerdict]):
    """Whether a video is a Short, and how that was decided."""

    video_id = serializers.CharField(source="video.video_id")
    title = serializers.CharField(source="video.title")
    channel_id = serializers.CharField(source="video.channel.channel_id")
    length_seconds = serializers.IntegerField(
        source="video.length_seconds", allow_null=True
    )
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True)

    class Meta:
        model = ShortsVerdict
        fields = (
            "video_id",
            "title",
            "channel_id",
            "length_seconds",
            "verdict",
            "method",
            "evidence",
            "rule_version",
            "decided_by",
            "decided_at",
            "probed_at",
            "probe_note",
        )
        read_only_fields = fields


class DecideSerializer(serializers.Serializer[Any]):
    """A person's verdict, which no rule overrides."""

    verdict = serializers.ChoiceField(choices=ShortsVerdict.Verdict.choices)
    reason = TextField(required=False, allow_blank=True, max_length=1000, default="")


class DecideManySerializer(SelectionSerializer, DecideSerializer):
    """The same verdict for many videos."""


class ShortsDecisionSerializer(serializers.Serializer[Any]):
    """The change set that decided; null: all had this verdict by a person already."""

    change_set = ChangeSetSerializer(allow_null=True)


class ProbeSerializer(serializers.Serializer[Any]):
    """How YouTube is asked."""

    is_new = serializers.BooleanField(help_text="false: it is being asked already.")
    most_videos = serializers.IntegerField()


DECIDED = {200: action_body(ShortsDecisionSerializer())}


@extend_schema_view(
    list=extend_schema(summary="List Shorts, what is none, and what may be one"),
    retrieve=extend_schema(summary="Show the verdict on a video"),
)
class ShortsVerdictViewSet(ReadOnlyResourceViewSet[ShortsVerdict]):
    """One verdict for each video; reverting the change set takes a decision back."""

    queryset = ShortsVerdict.objects.all()
    lookup_field = "video_id"
    filterset_class = ShortsVerdictFilterSet
    detail_serializer_class = VerdictSerializer
    action_permissions: ClassVar = {
        **dict.fromkeys(("decide", "decide_many"), DECIDING),
        **dict.fromkeys(("run_rules", "probe"), RUNNING),
    }

    def get_queryset(self) -> ShortsVerdictQuerySet:
        found = ShortsVerdict.objects.visible_to(self.request.user).for_list()
        return found.order_by("-pk")  # the order of the index over the verdict

    def get_object(self) -> ShortsVerdict:
        wanted = self.kwargs["video_id"]
        verdict = get_object_or_404(self.get_queryset(), video__video_id=wanted)
        self.check_object_permissions(self.request, verdict)
        return verdict

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "decide": DecideSerializer,
            "decide_many": DecideManySerializer,
            "run_rules": EmptySerializer,
            "probe": EmptySerializer,
        }
        return classes.get(self.action, VerdictSerializer)

    @extend_schema(
        summary="Decide about a video", request=DecideSerializer, responses=DECIDED
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, video_id: str) -> Response:
        verdict = self.get_object()
        return self.decided(Video.objects.filter(pk=verdict.pk), self.asked())

    @extend_schema(
        summary="Decide about many videos alike",
        request=DecideManySerializer,
        responses=DECIDED,
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="decide",
        url_name="decide-many",
        filter_backends=[],
        pagination_class=None,
    )
    def decide_many(self, request: Request) -> Response:
        asked = self.asked()
        videos = videos_of(request.user, asked)
        if videos.order_by()[: AT_MOST + 1].count() > AT_MOST:
            raise SelectionError(
                f"These are more than {AT_MOST:,} videos. Narrow the filter down."
            )
        return self.decided(videos, asked)

    @extend_schema(
        summary="Plan what the rules about Shorts would decide otherwise today",
        request=EmptySerializer,
        responses=PLANNED,
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="run-rules",
        filter_backends=[],
        pagination_class=None,
    )
    def run_rules(self, request: Request) -> Response:
        """What people decided, reports proved and YouTube answered stays."""
        with transaction.atomic():
            change_set = short_review.plan_rules(actor=actor_of(request))
            tasks.enqueue(change_set)
        return show_planned(change_set, request)

    @extend_schema(
        summary="Ask YouTube about undecided videos",
        request=EmptySerializer,
        responses={202: action_body(ProbeSerializer())},
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def probe(self, request: Request) -> Response:
        """A worker asks slowly, where that is switched on; else a 422."""
        if not settings.SHORTS_PROBE_ENABLED:
            raise ProbeOffError
        is_new = tasks.start_probe(actor_of(request))
        facts = {"is_new": is_new, "most_videos": short_review.PROBES_AT_ONCE}
        return action_response(facts, status=202)

    def decided(self, videos: VideoQuerySet, asked: dict[str, Any]) -> Response:
        change_set = decide_shorts(
            videos=videos,
            verdict=ShortsVerdict.Verdict(asked["verdict"]),
            actor=actor_of(self.request),
            reason=asked["reason"],
        )
        shown = change_set and dict(ChangeSetSerializer(change_set).data)
        return action_response({"change_set": shown}, status=200)

    def asked(self) -> dict[str, Any]:
        sent = self.get_serializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        asked: dict[str, Any] = sent.validated_data
        return asked
