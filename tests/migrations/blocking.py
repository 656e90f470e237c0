"""What each migration of ours does that a running old version could trip over."""

import re

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter.sql_analyser import PostgresqlAnalyser

from ytmanager.local.paths import PROJECT

# What the linter does not know: a check of all rows under a lock, a rewrite.
ADDED_CHECK = re.compile(r'ALTER TABLE "(\w+)" ADD CONSTRAINT .* (CHECK|FOREIGN KEY)')
CREATED = re.compile(r'CREATE (?:UNLOGGED )?TABLE "?(\w+)"?')
TABLE = re.compile(r'(?:TABLE|ON) "?(\w+)"?')


def own_migrations():
    """Migrations of the project's apps in the order in which they run."""
    loader = MigrationLoader(connection, replace_migrations=False)
    plan = []
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            if key not in plan:
                plan.append(key)
    state = loader.project_state([])
    for key in plan:
        migration = loader.graph.nodes[key]
        atomic = migration.atomic
        with connection.schema_editor(collect_sql=True, atomic=atomic) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        if (PROJECT / key[0]).is_dir():
            yield ".".join(key), [line for line in editor.collected_sql if line]


def blocking_operations():
    """Found operations as (migration, what, table)."""
    for name, statements in own_migrations():
        made_now = set(CREATED.findall("\n".join(statements)))
        found = set(_linted(statements)) | set(_checks(statements))
        for what, table in sorted(found):
            if table not in made_now:
                yield name, what, table


def _linted(statements):
    """The linter looks at one statement at a time, so that each has its table."""
    for statement in statements:
        analyser = PostgresqlAnalyser(None)
        analyser.analyse([statement])
        for issue in (*analyser.errors, *analyser.warnings):
            table = TABLE.search(statement)
            yield issue.code, table[1] if table else ""


def _checks(statements):
    for statement in statements:
        if (match := ADDED_CHECK.search(statement)) and "NOT VALID" not in statement:
            yield f"ADD_{match[2].replace(' ', '_')}", match[1]
