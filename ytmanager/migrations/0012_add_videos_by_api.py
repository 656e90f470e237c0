from django.db import migrations

from ytmanager.grants import EDITORS, grant


class Migration(migrations.Migration):
    """Editors add videos that no report has shown yet, by the API."""

    dependencies = [("ytmanager", "0011_run_webhooks")]
    operations = [grant("catalog", ["add_video"], EDITORS)]
