"""Highlights, when a report last listed each video, and its daily views."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_index_change_exceptions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Highlight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("third_party_claim", "New third-party claims"),
                            ("monetization_lost", "No longer monetizing"),
                            ("ownership_lost", "Lost ownership"),
                            ("ownership_conflict", "New ownership conflicts"),
                            ("conflict", "New conflicts"),
                            ("video_missing", "No longer listed"),
                            ("views_up", "Views rose"),
                            ("views_down", "Views fell"),
                            ("video_new", "New videos"),
                            ("video_back", "Listed again"),
                        ],
                        max_length=20,
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=40)),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
                ("daily_views", models.BigIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": (
                    models.OrderBy(
                        models.F("daily_views"), descending=True, nulls_last=True
                    ),
                    "pk",
                ),
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="HighlightCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("third_party_claim", "New third-party claims"),
                            ("monetization_lost", "No longer monetizing"),
                            ("ownership_lost", "Lost ownership"),
                            ("ownership_conflict", "New ownership conflicts"),
                            ("conflict", "New conflicts"),
                            ("video_missing", "No longer listed"),
                            ("views_up", "Views rose"),
                            ("views_down", "Views fell"),
                            ("video_new", "New videos"),
                            ("video_back", "Listed again"),
                        ],
                        max_length=20,
                    ),
                ),
                ("count", models.BigIntegerField()),
                ("daily_views", models.BigIntegerField(default=0)),
            ],
            options={
                "ordering": ("pk",),
                "default_permissions": ("view",),
            },
        ),
        migrations.AddField(
            model_name="video",
            name="missing_since",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Data date of the first video report that left the video out.",
                null=True,
                verbose_name="no longer listed since",
            ),
        ),
        migrations.AddField(
            model_name="videostatistics",
            name="daily_views",
            field=models.BigIntegerField(
                help_text="Views a day between the last two counts.", null=True
            ),
        ),
        migrations.AddField(
            model_name="videostatistics",
            name="listed_as_of",
            field=models.DateTimeField(
                help_text="Data date of the newest video report that lists it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="videostatistics",
            name="previous_daily_views",
            field=models.BigIntegerField(
                help_text="The same one count earlier.", null=True
            ),
        ),
        migrations.AddField(
            model_name="highlight",
            name="asset",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalog.asset",
            ),
        ),
        migrations.AddField(
            model_name="highlight",
            name="channel",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalog.channel",
            ),
        ),
        migrations.AddField(
            model_name="highlight",
            name="observation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="highlights",
                to="catalog.observation",
            ),
        ),
        migrations.AddField(
            model_name="highlight",
            name="video",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalog.video",
            ),
        ),
        migrations.AddField(
            model_name="highlightcount",
            name="channel",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="catalog.channel",
            ),
        ),
        migrations.AddField(
            model_name="highlightcount",
            name="observation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="highlight_counts",
                to="catalog.observation",
            ),
        ),
        migrations.AddIndex(
            model_name="highlight",
            index=models.Index(
                models.F("observation"),
                models.F("kind"),
                models.OrderBy(
                    models.F("daily_views"), descending=True, nulls_last=True
                ),
                models.F("id"),
                name="catalog_highlight_ranked",
            ),
        ),
        migrations.AddConstraint(
            model_name="highlightcount",
            constraint=models.UniqueConstraint(
                fields=("observation", "kind", "channel"),
                name="catalog_highlightcount_one",
                nulls_distinct=False,
            ),
        ),
    ]
