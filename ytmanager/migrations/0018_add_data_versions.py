import uuid

from django.db import migrations, models

TABLES = (
    "catalog_video",
    "catalog_channel",
    "catalog_contentowner",
    "catalog_asset",
    "catalog_claim",
    "catalog_conflict",
    "catalog_shortsverdict",
)
# Once for a transaction and table; never waits for another writer: it takes a row
# that nobody holds, or makes one.
FUNCTION = """
    CREATE FUNCTION ytmanager_mark_table() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        flag text := 'ytmanager.marked_' || TG_TABLE_NAME;
        mine text := pg_current_xact_id()::text;
    BEGIN
        IF current_setting(flag, true) = mine THEN
            RETURN NULL;
        END IF;
        UPDATE ytmanager_dataversion SET mark = gen_random_uuid() WHERE id = (
            SELECT id FROM ytmanager_dataversion WHERE name = TG_TABLE_NAME
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
        IF NOT FOUND THEN
            INSERT INTO ytmanager_dataversion (name, mark)
            VALUES (TG_TABLE_NAME, gen_random_uuid());
        END IF;
        PERFORM set_config(flag, mine, true);
        RETURN NULL;
    END $$
"""


def trigger(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER ytmanager_mark_table AFTER INSERT OR UPDATE OR DELETE OR"
        f" TRUNCATE ON {table} FOR EACH STATEMENT"
        " EXECUTE FUNCTION ytmanager_mark_table()",
        f"DROP TRIGGER ytmanager_mark_table ON {table}",
    )


class Migration(migrations.Migration):
    """Tell by the database, not by the code that writes, when a table changed."""

    dependencies = [
        ("ytmanager", "0017_keep_backups_from_others"),
        ("catalog", "0016_add_releases"),
    ]
    operations = [
        migrations.CreateModel(
            name="DataVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=63)),
                ("mark", models.UUIDField(default=uuid.uuid4)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION ytmanager_mark_table()"),
        *map(trigger, TABLES),
    ]
