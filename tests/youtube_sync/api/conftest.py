"""The sandbox, a connected account and videos, seen through the API."""

import pytest

from tests.api_clients import client_of
from tests.youtube_sync.services.conftest import (  # noqa: F401 - fixtures
    account,
    channel,
    connected,
    make_video,
    no_pause,
    owner,
)

VIEWS = (
    "catalog.view_video",
    "youtube_sync.view_pushplan",
    "youtube_sync.view_metadatasync",
    "youtube_sync.view_youtubeaccount",
    "youtube_sync.view_quotaentry",
    "youtube_sync.view_refreshrun",
)


@pytest.fixture
def viewer(db):
    return client_of(*VIEWS)


@pytest.fixture
def publisher_client(db):
    return client_of(*VIEWS, "catalog.push_video", "youtube_sync.add_pushplan")
