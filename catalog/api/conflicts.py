"""`/api/conflicts/`: what YouTube and the office both moved, and its decision."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog import fields
from catalog.api.selections import FilterField
from catalog.choices import Source
from catalog.models import Conflict, Video
from catalog.querysets import ConflictQuerySet
from catalog.services.conflicts import resolve_conflict, resolve_conflicts, seen_now
from ytmanager.api import (
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.api_fields import TextField, WholeNumberField
from ytmanager.filters import (
    DayFilter,
    ListFilterSet,
    WordFilter,
    filter_schema,
    words,
)

STATES = ("all", *Conflict.State.values)
SEEN_HELP = (
    "What the summary gave as `seen`: conflicts that opened or moved since then "
    "stay open."
)


class ConflictFilterSet(ListFilterSet):
    """What `/api/conflicts/` can be narrowed down by; open ones unless asked."""

    state = WordFilter(
        method="by_state", choices=words(*STATES), help_text="Open unless asked."
    )
    field = WordFilter(choices=words(*fields.PUSHABLE))
    video_id = filters.CharFilter("video__video_id")
    channel = filters.CharFilter("video__channel__channel_id", help_text="An ID.")
    source = WordFilter("observation__source", choices=Source.choices)
    search = filters.CharFilter(
        method="by_search", help_text="Words of title, artist, label or identifiers."
    )
    date_from = DayFilter("opened_at__date", lookup_expr="gte", help_text="Opened.")
    date_to = DayFilter("opened_at__date", lookup_expr="lte", help_text="Opened.")

    class Meta:
        model = Conflict
        fields = ()

    def filter_queryset(self, queryset: ConflictQuerySet) -> ConflictQuerySet:
        if not self.form.cleaned_data["state"]:
            queryset = queryset.open()
        filtered: ConflictQuerySet = super().filter_queryset(queryset)
        return filtered

    def by_state(self, found: ConflictQuerySet, _: str, value: str) -> ConflictQuerySet:
        return found if value == "all" else found.filter(state=value)

    def by_search(
        self, found: ConflictQuerySet, _: str, value: str
    ) -> ConflictQuerySet:
        videos = Video.objects.search(value).order_by()
        return found.filter(video__in=videos.values("pk"))


class ConflictRowSerializer(serializers.ModelSerializer[Conflict]):
    """A field that YouTube and the office both moved, and who decided what."""

    video_id = serializers.CharField(source="video.video_id")
    title = serializers.CharField(source="video.title")
    channel_id = serializers.CharField(source="video.channel.channel_id")
    base = serializers.JSONField(allow_null=True, help_text="Before both moved it.")
    ours = serializers.JSONField(allow_null=True)
    theirs = serializers.JSONField(allow_null=True, help_text="On YouTube.")
    origin = serializers.CharField(
        source="observation.source", help_text="The source of the observation."
    )
    closed_by = serializers.CharField(source="closed_by.username", allow_null=True)

    class Meta:
        model = Conflict
        fields: tuple[str, ...] = (
            "pk",
            "video_id",
            "title",
            "channel_id",
            "field",
            "base",
            "ours",
            "theirs",
            "state",
            "origin",
            "opened_at",
            "closed_at",
            "closed_by",
        )
        read_only_fields = fields


class ResolveSerializer(serializers.Serializer[Any]):
    """Keep our value, or take the one on YouTube."""

    take = serializers.ChoiceField(
        choices=["ours", "theirs"],
        help_text="Ours stays an unpushed edit; theirs becomes ours.",
    )
    seen = TextField(required=False, max_length=10_000, default="", help_text=SEEN_HELP)


@extend_schema_field(filter_schema(ConflictFilterSet))
class ConflictFilterField(FilterField):
    """The parameters of the list of conflicts."""


class ResolveManySerializer(ResolveSerializer):
    """The same for some conflicts, or for all that a filter finds."""

    conflicts = serializers.ListField(
        child=WholeNumberField(min_value=1, max_value=2**63 - 1),
        required=False,
        min_length=1,
        max_length=1000,
    )
    filter = ConflictFilterField(
        required=False,
        help_text="Parameters of `/api/conflicts/`; {} is all open ones.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("conflicts" in attrs) == ("filter" in attrs):
            raise ValidationError("Give either `conflicts` or `filter`.")
        if "filter" in attrs and not attrs["seen"]:
            message = "Look at the summary first; say here what it gave as `seen`."
            raise ValidationError({"seen": [message]})
        return attrs


class ResolutionSerializer(serializers.Serializer[Any]):
    """What became of a selection."""

    resolved_count = serializers.IntegerField()
    left_count = serializers.IntegerField(help_text="Moved since: they stay open.")
    left = serializers.ListField(
        child=serializers.IntegerField(), help_text="The first of them."
    )
    change_set = serializers.IntegerField(
        allow_null=True, help_text="Which took YouTube's values."
    )


class ConflictSummarySerializer(serializers.Serializer[Any]):
    """How many open conflicts there are, at one moment."""

    count = serializers.IntegerField()
    by_field = serializers.DictField(child=serializers.IntegerField())
    seen = serializers.CharField(help_text="Say it when you resolve.")


@extend_schema_view(
    list=extend_schema(summary="List conflicts, newest first"),
    retrieve=extend_schema(summary="Show a conflict"),
)
class ConflictViewSet(ReadOnlyResourceViewSet[Conflict]):
    """Conflicts block their field in push plans until somebody decides."""

    queryset = Conflict.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = ConflictFilterSet
    detail_serializer_class = ConflictRowSerializer
    action_permissions: ClassVar = {
        "summary": ("catalog.view_conflict",),
        **dict.fromkeys(
            ("resolve", "resolve_many"),
            ("catalog.view_conflict", "catalog.change_conflict"),
        ),
    }

    def get_queryset(self) -> ConflictQuerySet:
        found = Conflict.objects.visible_to(self.request.user)
        return found.select_related("video__channel", "observation", "closed_by")

    def get_object(self) -> Conflict:
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.check_object_permissions(self.request, found)
        return found

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        classes: dict[str, type[BaseSerializer[Any]]] = {
            "resolve": ResolveSerializer,
            "resolve_many": ResolveManySerializer,
        }
        return classes.get(self.action, ConflictRowSerializer)

    @extend_schema(
        summary="Count the open conflicts by field", responses=ConflictSummarySerializer
    )
    @action(detail=False, filter_backends=[], pagination_class=None)
    def summary(self, request: Request) -> Response:
        seen = seen_now()
        counts = dict(
            Conflict.objects.visible_to(request.user).open().counts_by_field()
        )
        facts = {"count": sum(counts.values()), "by_field": counts, "seen": seen}
        return Response(facts)

    @extend_schema(
        summary="Resolve a conflict",
        request=ResolveSerializer,
        responses={200: action_body(ConflictRowSerializer())},
    )
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """Nothing happens to one that is closed already: its state tells.

        Say `If-Match`, so that only what was looked at is decided.
        """
        asked, seen = self.asked(), seen_now()
        resolve_conflict(
            conflict=self.get_object(),
            take_theirs=asked["take"] == "theirs",
            actor=actor_of(request),
            seen=asked["seen"] or seen,
        )
        shown = dict(ConflictRowSerializer(self.get_object()).data)
        return action_response(shown, status=200)

    @extend_schema(
        summary="Resolve many conflicts alike",
        request=ResolveManySerializer,
        responses={200: action_body(ResolutionSerializer())},
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="resolve",
        url_name="resolve-many",
        filter_backends=[],
        pagination_class=None,
    )
    def resolve_many(self, request: Request) -> Response:
        asked = self.asked()
        done = resolve_conflicts(
            conflicts=self.chosen(asked),
            take_theirs=asked["take"] == "theirs",
            actor=actor_of(request),
            seen=asked["seen"],
        )
        facts = {
            "resolved_count": done.resolved_count,
            "left_count": done.left_count,
            "left": [conflict.pk for conflict in done.left],
            "change_set": done.change_set and done.change_set.pk,
        }
        return action_response(facts, status=200)

    def asked(self) -> dict[str, Any]:
        sent = self.get_serializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        asked: dict[str, Any] = sent.validated_data
        return asked

    def chosen(self, asked: dict[str, Any]) -> ConflictQuerySet:
        """The rows that the body names; raises ValidationError."""
        visible: ConflictQuerySet = Conflict.objects.visible_to(self.request.user)
        if "conflicts" in asked:
            return visible.filter(pk__in=asked["conflicts"])
        unknown = sorted(set(asked["filter"]) - set(ConflictFilterSet.base_filters))
        if unknown:
            raise ValidationError({"filter": [f"Not known: {', '.join(unknown)}."]})
        found = ConflictFilterSet(data=asked["filter"], queryset=visible)
        if not found.is_valid():
            raise ValidationError({"filter": found.errors})
        return Conflict.objects.filter(pk__in=found.qs.order_by().values("pk"))
