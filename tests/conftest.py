"""Fixtures that every app's tests share, and the markers that follow the folder."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.chromium import find_chromium
from tests.s3_fixtures import bucket, faulty, s3_address  # noqa: F401 - fixtures
from ytmanager.local.sandbox import environment_for

settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("deep", max_examples=2000, deadline=None)


def is_deep():
    """Whether `make test-deep` runs, with its large budgets."""
    return os.environ.get("TEST_DEPTH") == "deep"


settings.load_profile("deep" if is_deep() else "quick")

MARKERS = {"unit", "integration", "security", "browser"}
TESTS = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark tests by folder where they carry no marker; journeys come last."""
    for item in items:
        if not MARKERS & {mark.name for mark in item.iter_markers()}:
            item.add_marker(marker_for(item.path))
        if item.get_closest_marker("browser"):
            # The first journey waits for a complete system with its sample.
            item.add_marker(pytest.mark.timeout(420))
    # While a browser is open no other test may use an event loop.
    items.sort(key=lambda item: item.path.is_relative_to(TESTS / "journeys"))


def marker_for(path):
    """Name the marker of a folder: journeys, security, or integration."""
    folders = path.relative_to(TESTS).parts
    if folders[0] == "journeys":
        return "browser"
    return "security" if folders[0] == "security" else "integration"


@pytest.fixture(scope="session")
def budget():
    """Choose between a small and a large number of rounds: `budget(20, 5000)`."""
    return lambda quick, deep: deep if is_deep() else quick


@pytest.fixture(autouse=True)
def answers_are_made_anew(settings):
    """Tests count the queries of pages as they are when nothing was kept."""
    settings.RESPONSE_CACHE_SECONDS = 0


@pytest.fixture
def report_store(settings, tmp_path):
    """An empty report store in a folder; returns the folder."""
    folder = tmp_path / "reports"
    folder.mkdir()
    store = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(folder), "base_url": None},
    }
    settings.STORAGES = {**settings.STORAGES, "reports": store}
    return folder


@pytest.fixture
def sandbox(settings, monkeypatch, tmp_path):
    """A YouTube sandbox of its own, to which the settings point."""
    from youtube_sync.sandbox import SandboxServer

    with SandboxServer(port=0) as server:
        for name, value in environment_for(server.url).items():
            if name.startswith("OAUTHLIB_"):
                monkeypatch.setenv(name, value)
            else:
                setattr(settings, name, value)
        settings.CONTENT_ID_ENABLED = True
        yield server


@pytest.fixture(scope="session")
def chromium():
    """The path of the system's Chromium; skips where there is none."""
    path = find_chromium()
    if path is None:
        message = "Chromium is not installed: the browser journeys did not run"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return path
