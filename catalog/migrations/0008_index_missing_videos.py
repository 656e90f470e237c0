"""Built concurrently: there may be millions of videos."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0007_add_highlights")]

    operations = [
        AddIndexConcurrently(
            model_name="video",
            index=models.Index(
                condition=models.Q(("missing_since", None), _negated=True),
                fields=["id"],
                name="catalog_video_missing",
            ),
        ),
    ]
