"""People with the API's three levels of rights, and a client for each."""

import pytest
from rest_framework.test import APIClient

from tests.api_clients import client_of

READING = [
    "catalog.view_video",
    "catalog.view_change",
    "catalog.view_channel",
    "catalog.view_asset",
]


@pytest.fixture
def anonymous(db):
    return APIClient()


@pytest.fixture
def outsider(db):
    """Somebody who may sign in and nothing else."""
    return client_of()


@pytest.fixture
def viewer(db):
    return client_of(*READING)


@pytest.fixture
def editor(db):
    return client_of(*READING, "catalog.change_video", username="editor")
