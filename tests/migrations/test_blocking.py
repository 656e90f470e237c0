"""New migrations run while the old version serves: expand, fill, contract."""

import pytest

from tests.migrations.blocking import blocking_operations

# With these the first version starts; nothing older serves while they run.
FIRST_RELEASE = {
    "catalog": 28,
    "reports": 4,
    "webhooks": 1,
    "youtube_sync": 4,
    "ytmanager": 20,
}
# Later ones that are right all the same, each with its reason.
ACCEPTED = {}
INSTEAD = (
    "Add columns as NULL or with a database default; build indexes concurrently; "
    "add constraints NOT VALID and validate them in the next migration; drop what "
    "is not used any more one release later."
)


@pytest.fixture(scope="module")
def operations(django_db_setup, django_db_blocker):
    """Found without running anything; the models of each step take a while."""
    with django_db_blocker.unblock():
        return list(blocking_operations())


def number_of(migration):
    app, name = migration.split(".")
    return app, int(name[:4])


def is_later(migration):
    app, number = number_of(migration)
    return number > FIRST_RELEASE.get(app, 0)


def test_blocking_operations_are_found(operations):
    assert ("reports.0002_add_control_and_looks", "ADD_CHECK", "reports_report") in (
        operations
    )
    assert ("catalog.0005_extend_change_sets", "CREATE_INDEX", "catalog_changeset") in (
        operations
    )


def test_no_later_migration_blocks_the_version_that_serves(operations):
    later = [found for found in operations if is_later(found[0])]

    unexpected = [found for found in later if found not in ACCEPTED]
    assert unexpected == [], INSTEAD
