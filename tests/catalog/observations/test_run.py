"""How a merge runs its statements."""

import pytest
from django.db import connection

from catalog.models import Observation
from catalog.observations import merge
from catalog.observations.run import MergeRun
from catalog.observations.staging import FactTables
from tests.catalog.observations.conftest import claim, video

pytestmark = pytest.mark.django_db


def nested_loops():
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_nestloop")
        return cursor.fetchone()[0]


def asset(asset_id, **facts):
    return {"asset_id": asset_id, "asset_type": "SOUND_RECORDING", **facts}


@pytest.mark.parametrize(("when", "state"), [(True, "off"), (False, "on")])
def test_nested_loops_are_avoided_only_when_asked(when, state):
    run = MergeRun(Observation(), FactTables("", "", "", "", ""))

    with run.without_nested_loops(when=when):
        inside = nested_loops()

    assert inside == state
    assert nested_loops() == "on"


def test_many_new_videos_get_their_primary_assets(observe, monkeypatch):
    monkeypatch.setattr(merge, "MANY_NEW", 0)

    observe(title="Song", claims=[claim("A1")], assets=[asset("A1", artist=["Ana"])])

    assert video().primary_asset.asset_id == "A1"
    assert video().artist == ["Ana"]
    assert nested_loops() == "on"
