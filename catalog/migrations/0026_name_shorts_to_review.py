from django.db import migrations


class Migration(migrations.Migration):
    """Name the list of undecided videos; nothing in the database changes."""

    dependencies = [("catalog", "0025_index_what_is_missing")]
    operations = [
        migrations.AlterModelOptions(
            "shortsverdict",
            options={
                "verbose_name": "Short to review",
                "verbose_name_plural": "Shorts to review",
            },
        ),
    ]
