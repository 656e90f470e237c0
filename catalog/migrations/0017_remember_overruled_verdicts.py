from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a decision about a Short be taken back, and note what YouTube answered."""

    dependencies = [("catalog", "0016_add_releases")]
    operations = [
        migrations.AddField(
            "shortsverdict",
            "overruled",
            models.JSONField(
                blank=True,
                editable=False,
                help_text="What stood here before a person decided; comes back when "
                "that decision is taken back.",
                null=True,
            ),
        ),
        migrations.AddField(
            "shortsverdict",
            "probed_at",
            models.DateTimeField(blank=True, null=True, verbose_name="YouTube asked"),
        ),
        migrations.AddField(
            "shortsverdict",
            "probe_note",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="What YouTube answered.",
            ),
        ),
    ]
