"""Let videos remember which report row was merged for them last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0013_add_never_split_names")]
    operations = [
        migrations.AddField(
            "videostatistics",
            "fingerprint",
            models.BigIntegerField(
                null=True,
                editable=False,
                help_text="Hash of the report row that was merged last; empty when "
                "anything that the row speaks of moved since.",
            ),
        ),
    ]
