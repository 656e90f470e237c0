import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("form", "Form"),
    ("bulk", "Bulk edit"),
    ("spreadsheet", "Spreadsheet"),
    ("api", "API"),
    ("conflict", "Conflict resolution"),
    ("revert", "Revert"),
    ("releases", "Fill from releases"),
    ("clean_up", "Clean-up of custom IDs"),
    ("shorts", "Shorts review"),
]


class Migration(migrations.Migration):
    """Tell more ways in apart, and who applied what another person planned."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("catalog", "0019_slim_search_text"),
    ]
    operations = [
        migrations.AlterField(
            "changeset", "kind", models.CharField(max_length=12, choices=KINDS)
        ),
        migrations.AddField(
            "changeset",
            "applied_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who let the plan be carried out; empty: nobody was asked.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint("changeset", "catalog_changeset_kind_valid"),
        migrations.AddConstraint(
            "changeset",
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind for kind, _ in KINDS]),
                name="catalog_changeset_kind_valid",
            ),
        ),
        migrations.AlterModelOptions(
            "releasematch",
            options={
                "ordering": ("-confidence", "video_id", "-pk"),
                "verbose_name_plural": "release matches",
            },
        ),
    ]
