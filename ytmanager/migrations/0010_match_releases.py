from django.db import migrations

from ytmanager.grants import EDITORS, EVERYBODY, grant

SEE = ("view_releaselist", "view_release", "view_releasematch")
EDIT = ("add_releaselist", "change_releaselist", "change_releasematch")


class Migration(migrations.Migration):
    """Editors load release lists and decide about matches; everybody sees them."""

    dependencies = [
        ("ytmanager", "0009_edit_names_never_split"),
        ("catalog", "0016_add_releases"),
    ]
    operations = [
        grant("catalog", SEE, EVERYBODY),
        grant("catalog", EDIT, EDITORS),
    ]
