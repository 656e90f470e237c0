from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0027_index_uncleaned_custom_ids")]

    operations = [
        migrations.AddField(
            model_name="contentowner",
            name="sample",
            field=models.JSONField(
                editable=False,
                help_text="How the sample data were made, for the owner that they invented.",
                null=True,
            ),
        ),
    ]
