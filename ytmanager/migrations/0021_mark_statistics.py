from django.db import migrations

TABLE = "catalog_videostatistics"


class Migration(migrations.Migration):
    """Lists show counters too, so their writes make another version."""

    dependencies = [
        ("ytmanager", "0020_let_administrators_read_the_audit"),
        ("catalog", "0016_add_releases"),
    ]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER ytmanager_mark_table AFTER INSERT OR UPDATE OR DELETE OR"
            f" TRUNCATE ON {TABLE} FOR EACH STATEMENT"
            " EXECUTE FUNCTION ytmanager_mark_table()",
            f"DROP TRIGGER ytmanager_mark_table ON {TABLE}",
        ),
    ]
