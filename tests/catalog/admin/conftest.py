"""Signed-in people of each kind."""

import pytest

from tests.factories.catalog import UserFactory

VIEW = [
    f"catalog.view_{model}"
    for model in (
        "video",
        "channel",
        "asset",
        "claim",
        "youtubeshorts",
        "nonyoutubeshorts",
        "shortsverdict",
        "conflict",
        "ownershipconflict",
        "changeset",
        "change",
        "contentowner",
    )
]
EDIT = [
    "catalog.change_video",
    "catalog.bulk_edit_video",
    "catalog.change_channel",
    "catalog.change_shortsverdict",
    "catalog.change_conflict",
    "catalog.add_changeset",
    "catalog.change_changeset",
]


def signed_in(client, permissions):
    client.person = UserFactory(permissions=permissions)
    client.force_login(client.person)
    return client


@pytest.fixture
def viewer(client, db):
    """A browser of somebody who may look at everything and change nothing."""
    return signed_in(client, VIEW)


@pytest.fixture
def editor(client, db):
    """A browser of somebody who may look and edit."""
    return signed_in(client, VIEW + EDIT)


@pytest.fixture
def outsider(client, db):
    """A browser of somebody who may sign in and nothing else."""
    return signed_in(client, [])
