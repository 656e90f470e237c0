"""Editors import spreadsheets and keep column mappings; everybody sees them."""

from django.apps import apps as global_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

SEE = ("view_spreadsheet", "view_columnmapping")
EDIT = ("add_spreadsheet", "change_columnmapping", "delete_columnmapping")
GROUPS = {
    "Viewer": SEE,
    "Editor": (*SEE, *EDIT),
    "Publisher": (*SEE, *EDIT),
    "Administrator": (*SEE, *EDIT),
}


def grant(apps, schema_editor):
    """Permissions are made after all migrations, which is too late here."""
    create_permissions(
        global_apps.get_app_config("catalog"), verbosity=0, apps=global_apps
    )
    for group in _groups(apps):
        group.permissions.add(*_permissions(apps, group))


def take_back(apps, schema_editor):
    for group in _groups(apps):
        group.permissions.remove(*_permissions(apps, group))


def _groups(apps):
    return apps.get_model("auth", "Group").objects.filter(name__in=GROUPS)


def _permissions(apps, group):
    return apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="catalog", codename__in=GROUPS[group.name]
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0007_show_refreshes"),
        ("catalog", "0012_add_spreadsheets"),
    ]
    operations = [migrations.RunPython(grant, take_back)]
