from django.db.migrations import Migration as DatabaseMigration
from django.db.migrations import RunPython

from ytmanager.grants import ADMINISTRATORS, EVERYBODY, grant


def withhold(apps, schema_editor):
    """In a new database the first groups got every permission to view there is."""
    others = [name for name in EVERYBODY if name not in ADMINISTRATORS]
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="ytmanager", codename="view_auditentry"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=others):
        group.permissions.remove(*permissions)


class Migration(DatabaseMigration):
    """Only administrators see who signed in from where."""

    dependencies = [("ytmanager", "0019_add_audit")]
    operations = [
        grant("ytmanager", ("view_auditentry",), ADMINISTRATORS),
        RunPython(withhold, RunPython.noop),
    ]
