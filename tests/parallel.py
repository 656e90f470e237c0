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


def folder_of(nodeid: str) -> str:
    return nodeid.split("/")[1]


class ByFile(LoadScopeScheduling):
    """Hands out whole files in their order, and whole folders of the longest tests."""

    def __init__(self, config, log):
        super().__init__(config, log)
        self._scopes = {}

    def _split_scope(self, nodeid):
        if not self._scopes:
            self._scopes = scopes_of(self.collection)
        return self._scopes[nodeid]


def scopes_of(nodeids):
    """The file of each test, once for each stretch of the order that it takes.

    pytest-django runs the tests that empty all tables after those that need what
    migrations wrote. Those of one file must not be moved up to its others.
    """
    scopes, stretch, file, are_longest = {}, 0, "", True
    for nodeid in nodeids:
        are_longest = are_longest and folder_of(nodeid) in LONGEST_FIRST
        if nodeid.split("::")[0] != file:
            stretch, file = stretch + 1, nodeid.split("::")[0]
        scopes[nodeid] = folder_of(nodeid) if are_longest else f"{stretch} {file}"
    return scopes


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Put the longest folders first; without workers the order stays."""
    if hasattr(config, "workerinput"):
        items.sort(key=place_of)


def place_of(item):
    """Where a test stands among the longest; those that empty tables stay behind."""
    folder = folder_of(item.nodeid)
    marker = item.get_closest_marker("django_db")
    is_emptying = marker and (marker.kwargs.get("transaction") or any(marker.args[:1]))
    if folder not in LONGEST_FIRST or is_emptying or EMPTYING & set(item.fixturenames):
        return len(LONGEST_FIRST)
    return LONGEST_FIRST.index(folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix():
    """No suffix: no other worker knows this PostgreSQL."""
