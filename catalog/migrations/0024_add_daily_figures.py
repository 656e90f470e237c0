from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0023_index_rows_of_imports")]

    operations = [
        migrations.CreateModel(
            name="DailyFigure",
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
                ("recorded_on", models.DateField(verbose_name="day")),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("videos", "Videos"),
                            ("unpushed", "Unpushed edits"),
                            ("conflicts", "Open conflicts"),
                            ("missing_isrc", "Missing ISRC"),
                            ("missing_upc", "Missing UPC"),
                            ("missing_artist", "Missing artist"),
                            ("missing_asset", "Missing asset"),
                        ],
                        max_length=20,
                    ),
                ),
                ("count", models.BigIntegerField()),
            ],
            options={
                "ordering": ("recorded_on", "pk"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recorded_on", "name"),
                        name="catalog_dailyfigure_once_a_day",
                    )
                ],
            },
        ),
    ]
