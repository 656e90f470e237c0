"""Everybody who sees videos sees what was read from YouTube, and when."""

from django.apps import apps as global_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ("Viewer", "Editor", "Publisher", "Administrator")
CODENAMES = ("view_refreshrun",)


def grant(apps, schema_editor):
    """Permissions are made after all migrations, which is too late here."""
    create_permissions(
        global_apps.get_app_config("youtube_sync"), verbosity=0, apps=global_apps
    )
    for group in _groups(apps):
        group.permissions.add(*_permissions(apps))


def take_back(apps, schema_editor):
    for group in _groups(apps):
        group.permissions.remove(*_permissions(apps))


def _groups(apps):
    return apps.get_model("auth", "Group").objects.filter(name__in=GROUPS)


def _permissions(apps):
    return apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="youtube_sync", codename__in=CODENAMES
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0006_let_administrators_revoke_tokens"),
        ("youtube_sync", "0002_add_refresh_runs"),
    ]
    operations = [migrations.RunPython(grant, take_back)]
