"""Built concurrently: there may be millions of assets."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0010_add_ownership_conflicts")]

    operations = [
        AddIndexConcurrently(
            "asset",
            models.Index(
                condition=models.Q(
                    ("constituent_asset_ids__isnull", False),
                    models.Q(("constituent_asset_ids", []), _negated=True),
                ),
                fields=["id"],
                name="catalog_asset_constituents",
            ),
        ),
        AddIndexConcurrently(
            "asset",
            models.Index(
                condition=models.Q(("merged_into", None), _negated=True),
                fields=["merged_into"],
                name="catalog_asset_merged_into",
            ),
        ),
    ]
