from django.db import migrations

from ytmanager.grants import ADMINISTRATORS, grant

CODENAMES = (
    "view_webhookendpoint",
    "add_webhookendpoint",
    "change_webhookendpoint",
    "delete_webhookendpoint",
    "view_webhookdelivery",
    "change_webhookdelivery",
)


class Migration(migrations.Migration):
    """Administrators say which systems are called; addresses may hold secrets."""

    dependencies = [
        ("ytmanager", "0010_match_releases"),
        ("webhooks", "0001_create_webhooks"),
    ]
    operations = [grant("webhooks", CODENAMES, ADMINISTRATORS)]
