from django.db import migrations

from ytmanager.grants import EDITORS, EVERYBODY, grant

EDIT = ("add_neversplitname", "change_neversplitname", "delete_neversplitname")


class Migration(migrations.Migration):
    dependencies = [
        ("ytmanager", "0008_edit_by_spreadsheet"),
        ("catalog", "0013_add_never_split_names"),
    ]
    operations = [
        grant("catalog", ["view_neversplitname"], EVERYBODY),
        grant("catalog", EDIT, EDITORS),
    ]
