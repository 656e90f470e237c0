"""Claims, conflicts of ownership and content owners: what the CMS says."""

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers

from catalog.api.serializers import ClaimSerializer
from catalog.models import Claim, ContentOwner, OwnershipConflict
from catalog.querysets import (
    ClaimQuerySet,
    ContentOwnerQuerySet,
    OwnershipConflictQuerySet,
)
from ytmanager.api import ReadOnlyResourceViewSet, ResourceViewSet
from ytmanager.filters import DayFilter, FlagFilter, ListFilterSet, WordFilter, words

OWNER_HELP = "A content owner's name."


class ClaimFilterSet(ListFilterSet):
    """What `/api/claims/` can be narrowed down by."""

    claim_id = filters.CharFilter()
    video_id = filters.CharFilter()
    asset_id = filters.CharFilter("asset__asset_id")
    active = FlagFilter(method="by_state", help_text="Listed and not closed.")
    content_owner = filters.CharFilter("content_owner__name", help_text=OWNER_HELP)
    date_from = DayFilter("as_of__date", lookup_expr="gte", help_text="Seen.")
    date_to = DayFilter("as_of__date", lookup_expr="lte", help_text="Seen.")

    class Meta:
        model = Claim
        fields = ()

    def by_state(self, claims: ClaimQuerySet, _: str, value: bool) -> ClaimQuerySet:
        if value:
            return claims.active()
        return claims.exclude(pk__in=Claim.objects.active().values("pk"))


class ClaimRowSerializer(ClaimSerializer):
    """A claim with its video, which may be somebody else's."""

    content_owner = serializers.CharField(source="content_owner.name")
    countries_by_action = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Where the claim monetizes, tracks or blocks.",
    )

    class Meta(ClaimSerializer.Meta):
        fields = (
            "video_id",
            *ClaimSerializer.Meta.fields,
            "content_owner",
            "status_detail",
            "claim_type",
            "claimed_at",
            "countries_by_action",
            "is_shorts_eligible",
            "reference_id",
            "video_title",
            "video_channel_id",
            "video_channel_title",
            "view_count",
            "engaged_view_count",
        )


@extend_schema_view(
    list=extend_schema(summary="List claims, newest first"),
    retrieve=extend_schema(summary="Show a claim"),
)
class ClaimViewSet(ReadOnlyResourceViewSet[Claim]):
    """Claims on our own and on other people's videos."""

    queryset = Claim.objects.all()
    serializer_class = ClaimRowSerializer
    lookup_field = "claim_id"
    lookup_value_regex = "[A-Za-z0-9_.:=+/-]{1,40}"
    filterset_class = ClaimFilterSet
    keeps_lists = True

    def get_queryset(self) -> ClaimQuerySet:
        claims = Claim.objects.visible_to(self.request.user)
        return claims.select_related("asset", "content_owner").order_by("-pk")

    def get_object(self) -> Claim:
        """An asset that was merged leaves two rows: the newest one speaks."""
        claims = self.get_queryset().filter(claim_id=self.kwargs["claim_id"])
        claim: Claim = get_object_or_404(claims[:1])
        self.check_object_permissions(self.request, claim)
        return claim


class OwnershipConflictFilterSet(ListFilterSet):
    """What `/api/ownership-conflicts/` can be narrowed down by."""

    state = WordFilter(
        method="by_state",
        choices=words("open", "ended", "all"),
        help_text="Open unless asked.",
    )
    asset_id = filters.CharFilter("asset__asset_id")
    other_owner = filters.CharFilter(
        "other_owner", "icontains", help_text="Part of a name."
    )
    content_owner = filters.CharFilter("content_owner__name", help_text=OWNER_HELP)

    class Meta:
        model = OwnershipConflict
        fields = ()

    def filter_queryset(
        self, queryset: OwnershipConflictQuerySet
    ) -> OwnershipConflictQuerySet:
        if not self.form.cleaned_data["state"]:
            queryset = queryset.open()
        filtered: OwnershipConflictQuerySet = super().filter_queryset(queryset)
        return filtered

    def by_state(
        self, found: OwnershipConflictQuerySet, _: str, value: str
    ) -> OwnershipConflictQuerySet:
        if value == "all":
            return found
        return found.open() if value == "open" else found.exclude(ended_at=None)


class OwnershipConflictSerializer(serializers.ModelSerializer[OwnershipConflict]):
    """One other owner of one asset of ours."""

    asset_id = serializers.CharField(source="asset.asset_id")
    asset_title = serializers.CharField(source="asset.title", allow_null=True)
    content_owner = serializers.CharField(source="content_owner.name")

    class Meta:
        model = OwnershipConflict
        fields = (
            "pk",
            "asset_id",
            "asset_title",
            "content_owner",
            "other_owner",
            "countries",
            "owned_since",
            "origination",
            "other_owned_since",
            "other_origination",
            "other_title",
            "other_artist",
            "other_isrc",
            "daily_views",
            "engaged_views_in_conflict",
            "lifetime_views",
            "lifetime_engaged_views",
            "as_of",
            "ended_at",
        )
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(summary="List conflicts of ownership, most views first"),
    retrieve=extend_schema(summary="Show a conflict of ownership"),
)
class OwnershipConflictViewSet(ReadOnlyResourceViewSet[OwnershipConflict]):
    """Who else says that our assets are theirs."""

    queryset = OwnershipConflict.objects.all()
    serializer_class = OwnershipConflictSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filterset_class = OwnershipConflictFilterSet

    def get_queryset(self) -> OwnershipConflictQuerySet:
        found = OwnershipConflict.objects.visible_to(self.request.user)
        return found.select_related("asset", "content_owner").defer("asset__displayed")


class ContentOwnerSerializer(serializers.ModelSerializer[ContentOwner]):
    """A content owner; filters name it by its name."""

    class Meta:
        model = ContentOwner
        fields = ("name", "content_owner_id", "created_at", "updated_at")
        read_only_fields = fields


@extend_schema_view(list=extend_schema(summary="List content owners"))
class ContentOwnerViewSet(mixins.ListModelMixin, ResourceViewSet[ContentOwner]):
    """Whose channels, videos and assets these are."""

    queryset = ContentOwner.objects.all()
    serializer_class = ContentOwnerSerializer

    def get_queryset(self) -> ContentOwnerQuerySet:
        return ContentOwner.objects.visible_to(self.request.user).order_by("name")
