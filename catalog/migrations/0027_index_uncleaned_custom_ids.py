"""Built concurrently: there may be millions of videos."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0026_name_shorts_to_review")]

    operations = [
        AddIndexConcurrently(
            model_name="video",
            index=models.Index(
                condition=models.Q(
                    ("custom_id", models.F("video_id")),
                    ("primary_asset__isnull", False),
                ),
                fields=["primary_asset"],
                name="catalog_video_uncleaned",
            ),
        ),
    ]
