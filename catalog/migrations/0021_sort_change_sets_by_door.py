from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Exists, OuterRef

KIND_OF_PLAN = {
    "releases": "releases",
    "clean_custom_ids": "clean_up",
    "short_rules": "shorts",
    "short_probe": "shorts",
}


def name_doors(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Earlier ones all passed for bulk edits."""
    change_sets = apps.get_model("catalog", "ChangeSet").objects.filter(kind="bulk")
    for plan, kind in KIND_OF_PLAN.items():
        change_sets.filter(plan_source__name=plan).update(kind=kind)
    changes = apps.get_model("catalog", "Change").objects
    decided = changes.filter(change_set=OuterRef("pk"), field="short")
    change_sets.filter(Exists(decided), plan_source={}).update(kind="shorts")


def forget_doors(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    change_sets = apps.get_model("catalog", "ChangeSet").objects
    named = change_sets.filter(kind__in=set(KIND_OF_PLAN.values()))
    named.update(kind="bulk")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0020_name_doors_of_change_sets")]
    operations = [migrations.RunPython(name_doors, forget_doors)]
