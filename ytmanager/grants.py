"""Give the office's groups new permissions, as an operation of a migration."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps as global_apps
from django.contrib.auth.management import create_permissions
from django.db.migrations import RunPython

VIEWER, EDITOR, PUBLISHER, ADMINISTRATOR = (
    "Viewer",
    "Editor",
    "Publisher",
    "Administrator",
)
# Each group may do what the ones before it may.
EVERYBODY = (VIEWER, EDITOR, PUBLISHER, ADMINISTRATOR)
EDITORS = EVERYBODY[1:]
PUBLISHERS = EVERYBODY[2:]
ADMINISTRATORS = EVERYBODY[3:]


def grant(app_label: str, codenames: Sequence[str], groups: Sequence[str]) -> RunPython:
    """Permissions of an app for groups; reversible."""

    def rows(apps: Any) -> tuple[Any, Any]:
        found = apps.get_model("auth", "Group").objects.filter(name__in=groups)
        permissions = apps.get_model("auth", "Permission").objects.filter(
            content_type__app_label=app_label, codename__in=codenames
        )
        return found, permissions

    def give(apps: Any, schema_editor: Any) -> None:
        # Django makes permissions after all migrations, which is too late here.
        app = global_apps.get_app_config(app_label)
        create_permissions(app, verbosity=0, apps=global_apps)
        found, permissions = rows(apps)
        for group in found:
            group.permissions.add(*permissions)

    def take_back(apps: Any, schema_editor: Any) -> None:
        found, permissions = rows(apps)
        for group in found:
            group.permissions.remove(*permissions)

    return RunPython(give, take_back)
