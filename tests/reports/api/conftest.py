"""People with the rights that the API of reports knows, and a client for each."""

import pytest
from rest_framework.test import APIClient

from tests.api_clients import client_of


@pytest.fixture
def anonymous(db):
    return APIClient()


@pytest.fixture
def outsider(db):
    """Somebody who may sign in and nothing else."""
    return client_of()


@pytest.fixture
def viewer(db):
    return client_of("reports.view_report")


@pytest.fixture
def editor(db):
    return client_of(
        "reports.view_report",
        "reports.add_report",
        "reports.import_report",
        username="editor",
    )
