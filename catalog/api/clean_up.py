"""`/api/custom-id-clean-up/`: partners where YouTube put the ID of the video."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from catalog import tasks
from catalog.api.planned import PLANNED, show_planned
from catalog.models import ChangeSet
from catalog.querysets import is_scoped
from catalog.services.custom_ids import (
    Cause,
    kept_outlook,
    start_clean_up,
)
from ytmanager.api import ResourceViewSet, actor_of
from ytmanager.api_fields import YesNoField

PERMISSIONS = ("catalog.view_channel", "catalog.bulk_edit_video")


class SkippedSerializer(serializers.Serializer[Any]):
    """Why videos are left as they are."""

    reason = serializers.CharField()
    video_count = serializers.IntegerField()


class CleanUpSerializer(serializers.Serializer[Any]):
    """What a clean-up would do now."""

    ready_count = serializers.IntegerField(help_text="Videos that would change.")
    skipped = SkippedSerializer(many=True)


class CleanUpRequestSerializer(serializers.Serializer[Any]):
    """What a clean-up writes."""

    with_label = YesNoField(
        default=False, help_text="Also the partner's name as label."
    )


class CleanUpViewSet(ResourceViewSet[ChangeSet]):
    """About the whole catalogue, so not there for people who see a part."""

    queryset = ChangeSet.objects.all()
    action_permissions: ClassVar = {"outlook": PERMISSIONS, "plan": PERMISSIONS}

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return CleanUpRequestSerializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if is_scoped(request.user):
            raise Http404

    @extend_schema(
        summary="Count what a clean-up of custom IDs would change",
        responses=CleanUpSerializer,
    )
    def outlook(self, request: Request) -> Response:
        found = kept_outlook()
        skipped = [
            {"reason": reason, "video_count": count}
            for reason, count in found.skipped.items()
        ]
        facts = {"ready_count": found.ready_count, "skipped": skipped}
        return Response(dict(CleanUpSerializer(facts).data))

    @extend_schema(
        summary="Plan a clean-up of custom IDs as a change set",
        request=CleanUpRequestSerializer,
        responses=PLANNED,
    )
    def plan(self, request: Request) -> Response:
        """Apply the change set when it is planned; skipped videos are listed in it."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            change_set = start_clean_up(
                cause=Cause.PERSON,
                actor=actor_of(request),
                with_label=asked.validated_data["with_label"],
            )
            assert change_set is not None, "a person always gets a plan"
            tasks.enqueue(change_set)
        return show_planned(change_set, request)
