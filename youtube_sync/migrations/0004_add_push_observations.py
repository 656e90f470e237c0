import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let the history of a video lead to the push that brought a value."""

    dependencies = [
        ("catalog", "0021_sort_change_sets_by_door"),
        ("youtube_sync", "0003_add_uploads_walks"),
    ]
    operations = [
        migrations.CreateModel(
            name="PushObservation",
            fields=[
                (
                    "observation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="push_observation",
                        serialize=False,
                        to="catalog.observation",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="observations",
                        to="youtube_sync.pushplan",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
    ]
