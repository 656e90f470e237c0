"""Everybody who sees reports sees what they changed."""

from django.db import migrations

from ytmanager.grants import EVERYBODY, grant


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0002_create_groups"),
        ("catalog", "0007_add_highlights"),
    ]
    operations = [
        grant("catalog", ["view_highlight", "view_highlightcount"], EVERYBODY)
    ]
