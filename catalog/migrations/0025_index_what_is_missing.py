"""Built concurrently: there may be millions of videos."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0024_add_daily_figures")]

    operations = [
        AddIndexConcurrently(
            model_name="video",
            index=models.Index(
                condition=models.Q((field, empty)),
                fields=["id"],
                name=f"catalog_video_no_{field}",
            ),
        )
        for field, empty in (("isrc", ""), ("upc", ""), ("artist", []))
    ]
