from django.db import migrations, models


class Migration(migrations.Migration):
    """Name what reports leave as it is; the column stays as it was."""

    dependencies = [("catalog", "0017_remember_overruled_verdicts")]
    operations = [
        migrations.AlterField(
            "change",
            "outcome",
            models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("applied", "Applied"),
                    ("moved", "Skipped: the value changed in the meantime"),
                    ("excluded", "Left out"),
                    ("invalid", "Not valid"),
                    ("cancelled", "Not applied: cancelled before"),
                    ("conflict", "Conflict: ours was kept for a decision"),
                    ("pinned", "Pinned value kept"),
                    ("agreed", "YouTube shows what we want or showed before"),
                ],
                default="applied",
                max_length=10,
            ),
        ),
    ]
