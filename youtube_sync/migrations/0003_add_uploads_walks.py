"""Remember which lists of uploads were read to their end, and when."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_add_channel_monetized_age"),
        ("youtube_sync", "0002_add_refresh_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="UploadsWalk",
            fields=[
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="uploads_walk",
                        serialize=False,
                        to="catalog.channel",
                    ),
                ),
                ("ended_at", models.DateTimeField()),
            ],
        ),
    ]
