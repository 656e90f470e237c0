"""Everybody who sees assets sees who else says that they own them."""

from django.apps import apps as global_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ("Viewer", "Editor", "Publisher", "Administrator")
CODENAMES = ("view_ownershipconflict",)


def grant(apps, schema_editor):
    """Permissions are made after all migrations, which is too late here."""
    create_permissions(
        global_apps.get_app_config("catalog"), verbosity=0, apps=global_apps
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
        content_type__app_label="catalog", codename__in=CODENAMES
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0003_show_highlights"),
        ("catalog", "0010_add_ownership_conflicts"),
    ]
    operations = [migrations.RunPython(grant, take_back)]
