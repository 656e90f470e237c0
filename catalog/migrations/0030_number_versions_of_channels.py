from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0029_add_scopes"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="row_version",
            field=models.BigIntegerField(db_default=1, default=1, editable=False),
        ),
    ]
