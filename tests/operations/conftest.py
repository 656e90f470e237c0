"""One office for all tests of this folder."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.operations.office import Office


@pytest.fixture(scope="session")
def standing_office():
    folder = Path(tempfile.mkdtemp(prefix="ytm-office-"))
    folder.chmod(0o711)
    office = Office(folder)
    try:
        yield office.open()
    finally:
        office.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def office(standing_office):
    """The office without programs; those that a test starts end with it."""
    yield standing_office
    standing_office.dismiss()
