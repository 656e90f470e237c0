"""A pytest plugin that gives the tests their own PostgreSQL and Valkey.

Settings are read when pytest-django starts, so the variables are set when this
module is loaded (`-p tests.services`), with ports that are chosen by then. The
servers start only when a selected test needs them: tests marked `unit` do not.
"""

import atexit
import os
from contextlib import ExitStack

import pytest

from ytmanager.local.console import LocalError
from ytmanager.local.services import choose_services, isolated, throw_away_folder

resources = ExitStack()
atexit.register(resources.close)
folder = resources.enter_context(throw_away_folder())
services = choose_services(folder=folder, given={}, durable=False, with_sandbox=False)
os.environ.update(isolated(services) | {"APP_ENV": "test", "LOG_LEVEL": "WARNING"})
os.environ["SITE_URL"] = "http://testserver"
# A statement that outlives its test would hold its locks against all that follow.
if os.environ.get("TEST_DEPTH") != "deep":
    os.environ.setdefault("PGOPTIONS", "-c statement_timeout=150s")


def needs_services(item: pytest.Item) -> bool:
    """Tell whether a test may talk to a server."""
    return item.get_closest_marker("unit") is None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the servers once it is known that some test needs them."""
    if session.config.option.collectonly:
        return
    if any(needs_services(item) for item in session.items):
        resources.callback(services.stop)
        try:
            services.start()
        except LocalError as error:
            pytest.exit(f"The services for the tests did not start: {error}", 1)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers, however the session ended."""
    resources.close()
