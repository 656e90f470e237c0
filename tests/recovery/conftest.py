"""One running system for all tests of this folder, and a person signed in."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.recovery.browser import Browser
from tests.recovery.machine import Machine
from tests.recovery.sandbox import RemoteSandbox
from tests.recovery.youtube import fill_sandbox, import_and_connect
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


@pytest.fixture(scope="session")
def remote_sandbox(recovering_system):
    """What stands in for YouTube there."""
    return RemoteSandbox(recovering_system.environment["YOUTUBE_API_BASE"])


@pytest.fixture(scope="session")
def youtube_videos(machine, person, remote_sandbox, tmp_path_factory):
    """Videos that are known and on YouTube alike, with an account that may push."""
    videos = fill_sandbox(remote_sandbox)
    import_and_connect(machine, person, tmp_path_factory.mktemp("files"))
    return videos
