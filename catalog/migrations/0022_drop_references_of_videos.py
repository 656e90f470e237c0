import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """References that a merge writes are not looked up one by one at COMMIT."""

    dependencies = [("catalog", "0021_sort_change_sets_by_door")]
    operations = [
        migrations.AlterField(
            "video",
            "channel",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="videos",
                to="catalog.channel",
            ),
        ),
        migrations.AlterField(
            "video",
            "primary_asset",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="primary_videos",
                to="catalog.asset",
            ),
        ),
    ]
