"""Built concurrently: imports write highlights all day."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0030_number_versions_of_channels")]

    operations = [
        AddIndexConcurrently(
            model_name="highlight",
            index=models.Index(
                models.F("observation"),
                models.expressions.OrderBy(
                    models.F("daily_views"), descending=True, nulls_last=True
                ),
                models.F("id"),
                name="catalog_highlight_all",
            ),
        ),
    ]
