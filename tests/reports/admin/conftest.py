"""People before the pages of reports, and a store in which nothing lies yet."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from reports.admin import looking
from tests.factories.catalog import UserFactory

VIEW = ["reports.view_report", "reports.view_reportsource"]
EDIT = ["reports.add_report", "reports.import_report"]
LIST = "/admin/reports/report/"


@pytest.fixture(autouse=True)
def store(report_store, monkeypatch):
    """An empty store, and a list that looks into it when it is opened."""
    monkeypatch.setattr(looking, "pace", looking.Pace())
    return report_store


def signed_in(client, permissions):
    client.person = UserFactory(permissions=permissions)
    client.force_login(client.person)
    return client


@pytest.fixture
def outsider(client, db):
    """A browser of somebody who may sign in and nothing else."""
    return signed_in(client, [])


@pytest.fixture
def viewer(client, db):
    """A browser of somebody who may look."""
    return signed_in(client, VIEW)


@pytest.fixture
def editor(client, db):
    """A browser of somebody who may look, upload and import."""
    return signed_in(client, VIEW + EDIT)


def address(name, report):
    return reverse(f"admin:reports_report_{name}", args=[report.pk])


def messages_of(reply):
    return [str(message) for message in get_messages(reply.wsgi_request)]
