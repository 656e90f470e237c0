"""The four groups of an office, each with what the one before it may do.

Viewer sees everything; Editor also edits the catalogue and imports reports;
Publisher also pushes to YouTube; Administrator also manages accounts, sources
and people.
"""

from django.apps import apps as global_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ("catalog", "reports", "youtube_sync", "ytmanager", "auth")
EDITOR = (
    "catalog.change_video",
    "catalog.bulk_edit_video",
    "catalog.change_channel",
    "catalog.change_conflict",
    "catalog.change_shortsverdict",
    "catalog.change_youtubeshorts",
    "catalog.change_nonyoutubeshorts",
    "catalog.add_changeset",
    "catalog.change_changeset",
    "reports.add_report",
    "reports.change_report",
    "reports.import_report",
)
PUBLISHER = (
    "catalog.push_video",
    "youtube_sync.add_pushplan",
    "youtube_sync.change_pushplan",
)


def create_groups(apps, schema_editor):
    """Permissions are made after all migrations, which is too late here."""
    for label in APPS:
        create_permissions(
            global_apps.get_app_config(label), verbosity=0, apps=global_apps
        )
    everything = _named(
        permission
        for permission in apps.get_model("auth", "Permission").objects.select_related(
            "content_type"
        )
        if permission.content_type.app_label in APPS
    )
    viewer = {
        name for name in everything if ".view_" in name and not name.startswith("auth.")
    }
    groups = {
        "Viewer": viewer,
        "Editor": viewer | {*EDITOR},
        "Publisher": viewer | {*EDITOR} | {*PUBLISHER},
        "Administrator": set(everything),
    }
    for name, granted in groups.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set([everything[permission] for permission in granted])


def _named(permissions):
    return {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permissions
    }


def remove_groups(apps, schema_editor):
    names = ("Viewer", "Editor", "Publisher", "Administrator")
    apps.get_model("auth", "Group").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0001_create_live_event"),
        ("catalog", "0003_tune_storage"),
        ("reports", "0001_create_reports"),
        ("youtube_sync", "0001_create_sync_models"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(create_groups, remove_groups)]
