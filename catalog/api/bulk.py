"""`/api/videos/bulk/`: up to 1,000 videos, or all of a filter, in one request."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from catalog import tasks
from catalog.api.change_set_serializers import ChangeSetSerializer
from catalog.api.selections import MOST_IDS, VideoFilterField, store_selection
from catalog.api.serializers import VideoValuesSerializer
from catalog.changesets.policies import BatchPolicy
from catalog.exceptions import InvalidEditError
from catalog.models import ChangeSet, Video
from catalog.services import batches, change_sets
from catalog.services.batches import Batch, Edit
from ytmanager.api import ResourceViewSet, action_body, action_response, actor_of
from ytmanager.api_fields import TextField

BULK = ("catalog.view_video", "catalog.bulk_edit_video")
POLICY_HELP = (
    "What a value that is not valid takes with it: everything (`reject_all`), the "
    "other fields of its video (`reject_failed`), or nothing (`ignore_failed`)."
)


class BulkItemSerializer(serializers.Serializer[Any]):
    """What is wanted of one video."""

    video_id = TextField(max_length=20)
    values = VideoValuesSerializer(help_text="As in a PATCH of the video.")
    row_version = serializers.IntegerField(
        required=False, min_value=1, help_text="Seen: refused when it moved since."
    )


class BulkEditSerializer(serializers.Serializer[Any]):
    """Videos with values of their own, or a filter with the same values for all."""

    items = serializers.ListField(
        child=BulkItemSerializer(), required=False, min_length=1, max_length=MOST_IDS
    )
    filter = VideoFilterField(
        required=False, help_text="Parameters of `/api/videos/`; {} is all."
    )
    values = VideoValuesSerializer(
        required=False, help_text="Of every video of the filter."
    )
    policy = serializers.ChoiceField(
        choices=BatchPolicy.choices,
        default=BatchPolicy.REJECT_ALL.value,
        help_text=POLICY_HELP,
    )
    reason = TextField(required=False, allow_blank=True, max_length=1000, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("items" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError("Give either `items` or `filter`.")
        if ("values" in attrs) != ("filter" in attrs):
            raise serializers.ValidationError("`values` belong to a `filter`.")
        return attrs


class BulkResultSerializer(serializers.Serializer[Any]):
    """What became of one video."""

    video_id = serializers.CharField()
    outcome = serializers.ChoiceField(
        choices=["accepted", "applied", "unchanged", "skipped", "rejected"],
        help_text="Accepted: a worker does it. Skipped: it moved meanwhile.",
    )
    refused = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Why, by field; of a video that was applied: what was left out.",
    )


class BulkSerializer(serializers.Serializer[Any]):
    """What was done, or what a worker does."""

    change_set = ChangeSetSerializer(
        allow_null=True, help_text="Null: nothing had to be changed."
    )
    results = BulkResultSerializer(many=True, help_text="In the order of the items.")


BODY = action_body(BulkSerializer())


class BulkActions(ResourceViewSet[Video]):
    """Edits of many videos without a preview."""

    @extend_schema(
        summary="Edit many videos at once, or by a worker",
        request=BulkEditSerializer,
        responses={200: BODY, 202: BODY},
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """200 with a result for each item; 202 with the change set to be watched."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        if "filter" in asked:
            return self.answer(self.edit_filtered(asked), [])
        edits = [Edit(**item) for item in asked["items"]]
        with transaction.atomic():
            batch = batches.edit_each(
                edits=edits,
                policy=BatchPolicy(asked["policy"]),
                actor=actor_of(request),
                reason=asked["reason"],
            )
            if batch.change_set is not None:
                tasks.enqueue(batch.change_set)
        return self.answer(batch, edits)

    def edit_filtered(self, asked: dict[str, Any]) -> Batch:
        """The same values for all; raises InvalidEditError when no value is left."""
        clean, errors = batches.clean_values(asked["values"])
        if errors and (asked["policy"] != BatchPolicy.IGNORE_FAILED or not clean):
            raise InvalidEditError(fields=errors)
        with transaction.atomic():
            change_set = change_sets.start_change_set(
                kind=ChangeSet.Kind.API,
                actor=actor_of(self.request),
                reason=asked["reason"],
                plan_source={
                    "name": "values",
                    "values": clean,
                    "policy": asked["policy"],
                },
                has_preview=False,
            )
            store_selection(change_set, self.request.user, asked)
            change_sets.request_plan(change_set)
            tasks.enqueue(change_set)
            is_empty = change_sets.drop_if_empty(change_set)
        return Batch(change_set=None if is_empty else change_set)

    def answer(self, batch: Batch, edits: list[Edit]) -> Response:
        """A result for each video; a worker's are the rows of the change set."""
        change_set, location = batch.change_set, ""
        is_waiting = change_set is not None and change_set.state in ChangeSet.WAITING
        if change_set is not None:
            key = [change_set.pk]
            location = reverse("change-set-detail", args=key, request=self.request)
        outcomes = {} if is_waiting else batches.outcomes_of(change_set)
        results = [
            result_of(edit, batch, outcomes, is_waiting=is_waiting) for edit in edits
        ]
        shown = change_set and dict(ChangeSetSerializer(change_set).data)
        return action_response(
            {"change_set": shown, "results": results},
            status=202 if is_waiting else 200,
            location=location,
        )


def result_of(
    edit: Edit,
    batch: Batch,
    outcomes: dict[str, tuple[str, dict[str, list[str]]]],
    *,
    is_waiting: bool,
) -> dict[str, Any]:
    """What became of one item; of a video without a change: nothing differed."""
    left_out = batch.errors.get(edit.video_id, {})
    outcome, errors = outcomes.get(edit.video_id, ("unchanged", {}))
    if edit.video_id in batch.rejected:
        outcome = "rejected"
    elif is_waiting:
        outcome = "accepted"
    return {
        "video_id": edit.video_id,
        "outcome": outcome,
        "refused": {**left_out, **errors},
    }
