"""Signed-in people with what each of them may do."""

import pytest
from django.test import Client

from tests.factories.catalog import UserFactory
from tests.youtube_sync.services.conftest import *  # noqa: F403 - the same fixtures

VIEW = [
    "catalog.view_video",
    "youtube_sync.view_pushplan",
    "youtube_sync.view_planitem",
    "youtube_sync.view_metadatasync",
    "youtube_sync.view_quotaentry",
    "youtube_sync.view_refreshrun",
    "youtube_sync.view_youtubeaccount",
]


@pytest.fixture
def browser(db):
    """A browser in which somebody with these permissions is signed in."""

    def sign_in(*permissions):
        browser = Client()
        browser.force_login(UserFactory(permissions=[*VIEW, *permissions]))
        return browser

    return sign_in


@pytest.fixture
def viewer(browser):
    return browser()


@pytest.fixture
def publishing(browser):
    return browser("catalog.push_video", "youtube_sync.add_pushplan")


@pytest.fixture
def connecting(browser):
    return browser(
        "youtube_sync.add_youtubeaccount", "youtube_sync.change_youtubeaccount"
    )
