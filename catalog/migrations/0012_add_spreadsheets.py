import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0011_index_merged_assets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnMapping",
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
                (
                    "target",
                    models.CharField(
                        choices=[("videos", "Videos"), ("channels", "Channels")],
                        default="videos",
                        max_length=10,
                        verbose_name="rows are about",
                    ),
                ),
                ("header", models.JSONField(default=list)),
                ("columns", models.JSONField(default=list)),
                (
                    "key_column",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="row is found by"
                    ),
                ),
                (
                    "clear_token",
                    models.CharField(
                        default="[clear]",
                        max_length=40,
                        verbose_name="word that clears a value",
                    ),
                ),
                (
                    "list_separator",
                    models.CharField(
                        choices=[
                            ("|", "| (vertical bar)"),
                            (";", "; (semicolon)"),
                            (",", ", (comma)"),
                            ("/", "/ (slash)"),
                        ],
                        default="|",
                        max_length=1,
                        verbose_name="several values in a cell are separated by",
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "saved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Spreadsheet",
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
                (
                    "target",
                    models.CharField(
                        choices=[("videos", "Videos"), ("channels", "Channels")],
                        default="videos",
                        max_length=10,
                        verbose_name="rows are about",
                    ),
                ),
                ("header", models.JSONField(default=list)),
                ("columns", models.JSONField(default=list)),
                (
                    "key_column",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="row is found by"
                    ),
                ),
                (
                    "clear_token",
                    models.CharField(
                        default="[clear]",
                        max_length=40,
                        verbose_name="word that clears a value",
                    ),
                ),
                (
                    "list_separator",
                    models.CharField(
                        choices=[
                            ("|", "| (vertical bar)"),
                            (";", "; (semicolon)"),
                            (",", ", (comma)"),
                            ("/", "/ (slash)"),
                        ],
                        default="|",
                        max_length=1,
                        verbose_name="several values in a cell are separated by",
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="file")),
                ("key", models.CharField(editable=False, max_length=500)),
                ("size", models.BigIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                ("encoding", models.CharField(max_length=20)),
                ("delimiter", models.CharField(blank=True, max_length=1)),
                ("header_line", models.IntegerField(default=1)),
                ("samples", models.JSONField(default=list)),
                ("takes_repairs", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "Columns to be confirmed"),
                            ("waiting", "Waiting to be read"),
                            ("reading", "Being read"),
                            ("compared", "Compared"),
                            ("failed", "Failed"),
                        ],
                        default="mapping",
                        max_length=10,
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True)),
                (
                    "job_id",
                    models.BigIntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spreadsheets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "change_set",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spreadsheets",
                        to="catalog.changeset",
                    ),
                ),
                (
                    "mapping",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="spreadsheets",
                        to="catalog.columnmapping",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="SpreadsheetFinding",
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
                            ("no_key", "Row without identifier"),
                            ("not_found", "Not in the catalogue"),
                            ("several", "Several videos match"),
                            ("invalid", "Value not valid"),
                            ("repair", "Repair offered"),
                            ("moved", "Changed since the export"),
                            ("repeated", "Rows disagree"),
                        ],
                        max_length=10,
                    ),
                ),
                ("line", models.BigIntegerField()),
                ("column", models.CharField(blank=True, max_length=200)),
                ("value", models.TextField(blank=True)),
                ("reason", models.TextField()),
                (
                    "spreadsheet",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="catalog.spreadsheet",
                    ),
                ),
            ],
            options={
                "ordering": ("line", "pk"),
                "indexes": [
                    models.Index(
                        fields=["spreadsheet", "line", "id"],
                        name="catalog_sheetfinding_line",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "no_key",
                                    "not_found",
                                    "several",
                                    "invalid",
                                    "repair",
                                    "moved",
                                    "repeated",
                                ],
                            )
                        ),
                        name="catalog_spreadsheetfinding_kind_valid",
                    )
                ],
            },
        ),
    ]
