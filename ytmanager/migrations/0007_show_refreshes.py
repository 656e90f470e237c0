"""Everybody who sees videos sees what was read from YouTube, and when."""

from django.db import migrations

from ytmanager.grants import EVERYBODY, grant


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0006_let_administrators_revoke_tokens"),
        ("youtube_sync", "0002_add_refresh_runs"),
    ]
    operations = [grant("youtube_sync", ["view_refreshrun"], EVERYBODY)]
