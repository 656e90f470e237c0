"""How `pytest -n` shares the tests out: each worker has services of its own.

Tests of one file stay together, and so do folders whose tests share a system that
takes long to start. The longest of these begin first, so that no worker waits for
them at the end.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

LONGEST_FIRST = ("journeys", "recovery", "operations", "benchmarks")


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
    scopes, stretch, file = {}, 0, ""
    for nodeid in nodeids:
        if nodeid.split("::")[0] != file:
            stretch, file = stretch + 1, nodeid.split("::")[0]
        folder = folder_of(nodeid)
        scopes[nodeid] = folder if folder in LONGEST_FIRST else f"{stretch} {file}"
    return scopes


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Put the longest folders first; without workers the order stays."""
    if hasattr(config, "workerinput"):
        places = {name: place for place, name in enumerate(LONGEST_FIRST)}
        items.sort(key=lambda item: places.get(folder_of(item.nodeid), len(places)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix():
    """No suffix: no other worker knows this PostgreSQL."""
