"""Everybody who sees assets sees who else says that they own them."""

from django.db import migrations

from ytmanager.grants import EVERYBODY, grant


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0003_show_highlights"),
        ("catalog", "0010_add_ownership_conflicts"),
    ]
    operations = [grant("catalog", ["view_ownershipconflict"], EVERYBODY)]
