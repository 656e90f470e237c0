"""Built concurrently: there may be millions of videos."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0014_add_fingerprints")]

    operations = [
        AddIndexConcurrently(
            model_name="video",
            index=models.Index(
                condition=models.Q(("assignee", None), _negated=True),
                fields=["assignee", "id"],
                name="catalog_video_assignee",
            ),
        ),
    ]
