"""How `pytest -n` shares the tests out: each worker has services of its own.

Tests of one file stay together, and so do folders whose tests share a system that
takes long to start. The longest of these begin first, so that no worker waits for
them at the end.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

LONGEST_FIRST = ("journeys", "recovery", "operations", "benchmarks")
# These empty all tables when they end, also of what migrations wrote.
EMPTYING = {"transactional_db", "live_server", "django_db_reset_sequences"}
LAST = "@emptying"


def folder_of(nodeid: str) -> str:
    return nodeid.split("/")[1]


class ByFile(LoadScopeScheduling):
    """Hands out whole files, and whole folders of the longest tests."""

    def _split_scope(self, nodeid):
        folder = folder_of(nodeid)
        if folder in LONGEST_FIRST:
            return folder
        return nodeid.split("::")[0] + (LAST if nodeid.endswith(LAST) else "")


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Put the longest folders first; without workers the order stays.

    pytest-django runs tests that empty tables after all others. So that it stays
    so, they are handed out by themselves: the scheduler knows names only.
    """
    if not hasattr(config, "workerinput"):
        return
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(folder_of(item.nodeid), len(places)))
    for item in items:
        if empties_tables(item):
            item._nodeid += LAST


def empties_tables(item):
    marker = item.get_closest_marker("django_db")
    asks = marker and (marker.kwargs.get("transaction") or any(marker.args[:1]))
    return bool(asks or EMPTYING & set(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix():
    """No suffix: no other worker knows this PostgreSQL."""
