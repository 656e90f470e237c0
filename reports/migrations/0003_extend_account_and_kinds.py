"""Kinds are chosen by a function, and the account tells what came to an end."""

from django.db import migrations, models

import reports.models


def _kind(**options):
    return models.CharField(
        blank=True, choices=reports.models.kind_choices, max_length=30, **options
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_add_control_and_looks")]

    operations = [
        migrations.AlterField("report", "kind", _kind()),
        migrations.AlterField(
            "reportsource",
            "kind",
            _kind(help_text="Refuse other kinds; empty: tell the kind by the header."),
        ),
        *(
            migrations.AddField(
                "report", name, models.BigIntegerField(db_default=0, default=0)
            )
            for name in (
                "assets_ended",
                "claims_ended",
                "ownership_new",
                "ownership_changed",
                "ownership_ended",
                "shorts_found",
            )
        ),
    ]
