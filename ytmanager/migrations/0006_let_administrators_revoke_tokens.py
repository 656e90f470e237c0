from django.db import migrations

from ytmanager.grants import ADMINISTRATORS, grant


class Migration(migrations.Migration):
    dependencies = [("ytmanager", "0005_add_api_tokens")]
    operations = [
        grant("ytmanager", ["view_apitoken", "delete_apitoken"], ADMINISTRATORS)
    ]
