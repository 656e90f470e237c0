"""The database refuses pushable columns by any other route."""

import pytest
from django.contrib.admin import ModelAdmin, site
from django.db import InternalError, ProgrammingError, connection, transaction
from rest_framework.serializers import ModelSerializer

from catalog import fields
from catalog.doors import Door, opened
from catalog.models import Video
from tests.factories.catalog import VideoFactory

pytestmark = pytest.mark.django_db
REFUSED = (InternalError, ProgrammingError)


@pytest.mark.parametrize("column", [*fields.PUSHABLE, "pending_fields"])
def test_update_of_a_pushable_column_is_refused(column):
    VideoFactory()

    with (
        pytest.raises(REFUSED, match="observation or a change set"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE catalog_video SET {column} = {column}")


def test_save_of_a_whole_video_is_refused():
    video = VideoFactory(title="Old")
    video.title = "New"

    with pytest.raises(REFUSED), transaction.atomic():
        video.save()

    assert Video.objects.get().title == "Old"


def test_queryset_update_is_refused():
    VideoFactory()

    with pytest.raises(REFUSED), transaction.atomic():
        Video.objects.update(isrc="QZABC2500001")


def test_bulk_update_is_refused():
    video = VideoFactory(label="Old")
    video.label = "New"

    with pytest.raises(REFUSED), transaction.atomic():
        Video.objects.bulk_update([video], ["label"])


def test_upsert_is_refused():
    video = VideoFactory(label="Old")
    again = Video(video_id=video.video_id, channel=video.channel, label="New")

    with pytest.raises(REFUSED), transaction.atomic():
        Video.objects.bulk_create(
            [again],
            update_conflicts=True,
            unique_fields=["video_id"],
            update_fields=["label"],
        )


def test_saving_as_an_admin_does_by_itself_is_refused(rf):
    video = VideoFactory(title="Old")
    video.title = "New"
    admin = site.get_model_admin(Video)

    with pytest.raises(REFUSED), transaction.atomic():
        ModelAdmin.save_model(admin, rf.post("/"), video, form=None, change=True)

    assert Video.objects.get().title == "Old"


def test_saving_as_a_serializer_does_by_itself_is_refused():
    class Meta:
        model, fields = Video, ("title",)

    plain = type("PlainSerializer", (ModelSerializer,), {"Meta": Meta})
    serializer = plain(VideoFactory(title="Old"), data={"title": "New"})
    serializer.is_valid(raise_exception=True)

    with pytest.raises(REFUSED), transaction.atomic():
        serializer.save()

    assert Video.objects.get().title == "Old"


def test_door_closes_behind_its_block():
    VideoFactory()
    with opened(Door.CHANGE_SET):
        Video.objects.update(isrc="QZABC2500001")

    with pytest.raises(REFUSED), transaction.atomic():
        Video.objects.update(isrc="QZABC2500002")


def test_other_columns_need_no_door():
    VideoFactory()

    assert Video.objects.update(sort_views=5) == 1
