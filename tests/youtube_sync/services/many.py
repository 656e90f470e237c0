"""Many videos on both sides, written at once."""

from django.db import connection, transaction

from catalog import fields
from catalog.doors import Door, opened
from catalog.models import Video, VideoSnapshot, VideoStatistics
from tests.factories.catalog import AS_OF
from tests.youtube_sync.services.conftest import OBSERVED

EMPTY = dict.fromkeys(fields.ASSET_PART, "") | {"artist": [], "genre": []}
SHOWN = EMPTY | OBSERVED | {"publish_at": ""}


def video_id_of(number):
    return f"many{number:07}"


def make_many_videos(sandbox, channel, count):
    """Videos that YouTube shows as they are known; nothing is pending."""
    with sandbox.sandbox.store.transaction():
        for number in range(count):
            video_id = video_id_of(number)
            sandbox.add_video(video_id, channel_id=channel.channel_id, **OBSERVED)
    videos = Video.objects.bulk_create(
        Video(video_id=video_id_of(number), channel=channel, **SHOWN)
        for number in range(count)
    )
    VideoSnapshot.objects.bulk_create(VideoSnapshot(video=v, **SHOWN) for v in videos)
    VideoStatistics.objects.bulk_create(
        VideoStatistics(video=video, snippet_as_of=AS_OF, status_as_of=AS_OF)
        for video in videos
    )
    return videos


def want_new_titles(videos="true"):
    """Edit the videos of a condition, as a change set would."""
    with (
        transaction.atomic(),
        opened(Door.CHANGE_SET),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE catalog_video SET title = video_id || ' new', "
            f"pending_fields = '{{title}}' WHERE {videos}"
        )
