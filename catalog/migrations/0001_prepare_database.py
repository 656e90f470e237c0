"""What the catalogue needs of PostgreSQL besides tables."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        TrigramExtension(),
        # Unlogged tables of running imports, one set per observation.
        migrations.RunSQL(
            "CREATE SCHEMA IF NOT EXISTS staging",
            "DROP SCHEMA IF EXISTS staging CASCADE",
        ),
    ]
