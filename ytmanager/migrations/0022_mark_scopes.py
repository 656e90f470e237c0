from django.db import migrations

TABLE = "catalog_scope"


class Migration(migrations.Migration):
    """What somebody with a scope sees changes with the scope."""

    dependencies = [
        ("ytmanager", "0021_mark_statistics"),
        ("catalog", "0029_add_scopes"),
    ]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER ytmanager_mark_table AFTER INSERT OR UPDATE OR DELETE OR"
            f" TRUNCATE ON {TABLE} FOR EACH STATEMENT"
            " EXECUTE FUNCTION ytmanager_mark_table()",
            f"DROP TRIGGER ytmanager_mark_table ON {TABLE}",
        ),
    ]
