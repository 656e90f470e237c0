"""Built concurrently: the history may have millions of rows."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0005_extend_change_sets")]

    operations = [
        AddIndexConcurrently(
            model_name="change",
            index=models.Index(
                condition=models.Q(("outcome__in", ["moved", "invalid", "excluded"])),
                fields=["change_set", "id"],
                name="catalog_change_exceptions",
            ),
        ),
    ]
