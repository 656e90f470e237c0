"""Drop foreign key constraints of rows that only merges and change sets write.

PostgreSQL checks each constraint for each row at COMMIT: ten look-ups for every
new video. These rows are written in the transaction that wrote, locked or read
what they point to, and that is never deleted.
"""

from collections.abc import Callable
from typing import Any

from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT


def of_video(related_name: str) -> "models.OneToOneField[Any, Any]":
    return models.OneToOneField(
        "catalog.video",
        CASCADE,
        primary_key=True,
        serialize=False,
        db_constraint=False,
        related_name=related_name,
    )


def of_change(to: str, on_delete: Callable[..., None]) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        to,
        on_delete,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        related_name="changes",
    )


def of_owner(related_name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "catalog.contentowner",
        PROTECT,
        db_index=False,
        db_constraint=False,
        related_name=related_name,
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_index_missing_videos")]
    operations = [
        migrations.AlterField("videosnapshot", "video", of_video("snapshot")),
        migrations.AlterField("videostatistics", "video", of_video("statistics")),
        migrations.AlterField("shortsverdict", "video", of_video("short")),
        migrations.AlterField("change", "video", of_change("catalog.video", CASCADE)),
        migrations.AlterField(
            "change", "channel", of_change("catalog.channel", CASCADE)
        ),
        migrations.AlterField(
            "change", "change_set", of_change("catalog.changeset", PROTECT)
        ),
        migrations.AlterField(
            "change", "observation", of_change("catalog.observation", PROTECT)
        ),
        migrations.AlterField("claim", "content_owner", of_owner("claims")),
        migrations.AlterField(
            "claim",
            "asset",
            models.ForeignKey(
                "catalog.asset", PROTECT, db_constraint=False, related_name="claims"
            ),
        ),
        migrations.AlterField("asset", "content_owner", of_owner("assets")),
    ]
