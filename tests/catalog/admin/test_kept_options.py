"""Options of filters that are read from tables: kept, fresh, nobody else's."""

import pytest
from django.core.cache import cache
from prometheus_client import REGISTRY

from catalog.querysets import ContentOwnerQuerySet
from tests.catalog.admin.conftest import VIEW, signed_in
from tests.factories.catalog import AssetFactory, ChannelFactory, ContentOwnerFactory
from ytmanager import caching

pytestmark = pytest.mark.django_db
ASSETS, CHANNELS = "/admin/catalog/asset/", "/admin/catalog/channel/"


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.RESPONSE_CACHE_SECONDS = 300
    caching._Pause.until = 0.0
    cache.clear()


def looked_up(result):
    labels = {"cache": "filter_options", "result": result}
    return REGISTRY.get_sample_value("ytm_cache_requests_total", labels) or 0


def options(browser, address, number):
    """What the filter of this place offers, after "All"."""
    changelist = browser.get(address).context["cl"]
    chosen = changelist.filter_specs[number].choices(changelist)
    return [str(option["display"]) for option in chosen][1:]


def test_options_are_read_once(viewer):
    AssetFactory(asset_type="MUSIC_VIDEO")
    first = options(viewer, ASSETS, 2)
    before = looked_up("hit")

    again = options(viewer, ASSETS, 2)

    # Types, states, and who owns them.
    assert looked_up("hit") == before + 3
    assert first == again == ["MUSIC_VIDEO"]


@pytest.mark.django_db(transaction=True)
def test_new_value_is_an_option_at_once(client, db):
    browser = signed_in(client, VIEW)
    AssetFactory(asset_type="MUSIC_VIDEO")
    before = options(browser, ASSETS, 2)

    AssetFactory(asset_type="SOUND_RECORDING")

    assert (before, options(browser, ASSETS, 2)) == (
        ["MUSIC_VIDEO"],
        ["MUSIC_VIDEO", "SOUND_RECORDING"],
    )


@pytest.mark.security
def test_owners_are_those_that_the_person_may_see(client, viewer, monkeypatch):
    mine, theirs = ContentOwnerFactory(name="Mine"), ContentOwnerFactory(name="Theirs")
    ContentOwnerFactory(name="Also mine")
    for owner in (mine, theirs):
        ChannelFactory(content_owner=owner)
    everything = options(viewer, CHANNELS, 2)
    monkeypatch.setattr(
        ContentOwnerQuerySet,
        "visible_to",
        lambda owners, user: owners.exclude(pk=theirs.pk),
    )

    scoped = options(viewer, CHANNELS, 2)

    assert {"Also mine", "Mine", "Theirs"} <= set(everything)
    assert set(scoped) == set(everything) - {"Theirs"}


def test_lists_open_with_the_cache_down(viewer, settings):
    AssetFactory(asset_type="MUSIC_VIDEO")
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }

    assert options(viewer, ASSETS, 2) == ["MUSIC_VIDEO"]
    caching._Pause.until = 0.0
