"""Details of claims, what merged and what ended, conflicts of ownership."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


def _texts():
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.TextField(), blank=True, null=True, size=None
    )


def _text(*label):
    return models.TextField(*label, blank=True, db_default="", default="")


def _moment(*label, **options):
    return models.DateTimeField(*label, blank=True, null=True, **options)


def _count(*label):
    return models.BigIntegerField(*label, blank=True, null=True)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_drop_constraints_of_merged_rows")]

    operations = [
        migrations.AddField(
            "asset",
            "ended_at",
            _moment(
                "no longer listed since",
                help_text="Since when complete asset reports leave it out.",
            ),
        ),
        migrations.AddField(
            "asset",
            "provided_as_of",
            _moment(
                help_text="When what we provided was last read as such; from then on "
                "what YouTube displays only stands beside it."
            ),
        ),
        migrations.AddField(
            "asset",
            "merged_into",
            models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The asset that YouTube merged this one into.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_assets",
                to="catalog.asset",
            ),
        ),
        migrations.AlterField(
            "claim",
            "video_id",
            models.CharField(
                "video ID",
                blank=True,
                help_text="Empty: YouTube deleted the video and no longer names it.",
                max_length=20,
            ),
        ),
        *(
            migrations.AddField("claim", name, field)
            for name, field in (
                ("status_detail", _text()),
                ("claim_type", _text("type")),
                ("claimed_at", _moment("claimed")),
                *(
                    (f"{side}_policy_{action}", _texts())
                    for side in ("claim", "asset")
                    for action in ("monetize", "track", "block")
                ),
                (
                    "is_shorts_eligible",
                    models.BooleanField("may be a Short", blank=True, null=True),
                ),
                ("reference_id", _text("reference ID")),
                ("video_title", _text()),
                ("video_channel_id", _text("channel ID of the video")),
                ("video_channel_title", _text("channel of the video")),
                ("view_count", _count("views")),
                ("engaged_view_count", _count("engaged views")),
            )
        ),
        *(
            migrations.AddField(
                "contentowner",
                f"{what}_listed_as_of",
                models.DateTimeField(editable=False, null=True),
            )
            for what in ("assets", "claims", "ownership")
        ),
        migrations.CreateModel(
            name="OwnershipConflict",
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("other_owner", models.TextField(blank=True)),
                ("countries", _texts()),
                ("owned_since", _moment("our ownership changed")),
                (
                    "origination",
                    models.TextField("our ownership came from", blank=True),
                ),
                ("other_owned_since", _moment("their ownership changed")),
                (
                    "other_origination",
                    models.TextField("their ownership came from", blank=True),
                ),
                ("other_title", models.TextField("their title", blank=True)),
                ("other_artist", _texts()),
                ("other_isrc", models.TextField("their ISRC", blank=True)),
                ("daily_views", _count()),
                ("engaged_views_in_conflict", _count()),
                ("lifetime_views", _count("lifetime views in conflict")),
                (
                    "lifetime_engaged_views",
                    _count("lifetime engaged views in conflict"),
                ),
                ("as_of", models.DateTimeField()),
                (
                    "ended_at",
                    _moment(
                        help_text="Since when complete conflict reports leave it out."
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ownership_conflicts",
                        to="catalog.asset",
                    ),
                ),
                (
                    "content_owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ownership_conflicts",
                        to="catalog.contentowner",
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The report that first listed it, or listed it "
                        "again.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.observation",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflict of ownership",
                "verbose_name_plural": "conflicts of ownership",
                "ordering": (
                    models.OrderBy(
                        models.F("daily_views"), descending=True, nulls_last=True
                    ),
                    "-pk",
                ),
                "indexes": [
                    models.Index(
                        models.OrderBy(
                            models.F("daily_views"), descending=True, nulls_last=True
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="catalog_ownership_views",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("asset", "other_owner"),
                        name="catalog_ownershipconflict_owner",
                    )
                ],
            },
        ),
    ]
