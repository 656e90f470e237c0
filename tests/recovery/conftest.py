"""One running system for all tests of this folder, and a person signed in."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.recovery.browser import Browser
from tests.recovery.machine import Machine
from tests.running_system import RunningSystem


@pytest.fixture(scope="session")
def recovering_system():
    folder = Path(tempfile.mkdtemp(prefix="ytm-recovery-"))
    folder.chmod(0o711)
    running = RunningSystem(folder, "--no-sample")
    try:
        yield running.start()
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def machine(recovering_system):
    """Its processes and its database."""
    machine = Machine(recovering_system)
    yield machine
    machine.close()


@pytest.fixture(scope="session")
def person(recovering_system):
    """Its administrator, signed in over HTTP."""
    browser = Browser(recovering_system.url)
    yield browser.sign_in("admin", recovering_system.password)
    browser.session.close()
