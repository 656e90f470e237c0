from django.db import migrations

from ytmanager.grants import ADMINISTRATORS, grant


class Migration(migrations.Migration):
    """Administrators see the state of the system, and make and try out backups."""

    dependencies = [("ytmanager", "0013_add_backups")]
    operations = [grant("ytmanager", ("view_backup", "add_backup"), ADMINISTRATORS)]
