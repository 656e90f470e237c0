"""Editors import spreadsheets and keep column mappings; everybody sees them."""

from django.db import migrations

from ytmanager.grants import EDITORS, EVERYBODY, grant

SEE = ("view_spreadsheet", "view_columnmapping")
EDIT = ("add_spreadsheet", "change_columnmapping", "delete_columnmapping")


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0007_show_refreshes"),
        ("catalog", "0012_add_spreadsheets"),
    ]
    operations = [
        grant("catalog", SEE, EVERYBODY),
        grant("catalog", EDIT, EDITORS),
    ]
