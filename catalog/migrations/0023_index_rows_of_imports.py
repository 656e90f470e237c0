"""Built concurrently: there may be millions of assets and claims."""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0022_drop_references_of_videos")]

    operations = [
        operation
        for name in ("asset", "claim")
        for operation in (
            AddIndexConcurrently(
                model_name=name,
                index=models.Index(
                    condition=models.Q(("ended_at__isnull", False)),
                    fields=["ended_at"],
                    name=f"catalog_{name}_ended",
                ),
            ),
            AddIndexConcurrently(
                model_name=name,
                index=BrinIndex(fields=["created_at"], name=f"catalog_{name}_created"),
            ),
        )
    ]
