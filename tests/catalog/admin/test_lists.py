"""Shorts, conflicts, assets, claims and the history: filters and actions."""

import pytest

from catalog.models import ShortsVerdict
from tests.factories.catalog import (
    AssetFactory,
    ChangeFactory,
    ClaimFactory,
    ObservationFactory,
    ShortsVerdictFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db


def shown(browser, model, **query):
    """The rows of a list with these filters."""
    reply = browser.get(f"/admin/catalog/{model}/", query)
    assert reply.status_code == 200, reply
    return list(reply.context["cl"].result_list)


def act(browser, model, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser.post(f"/admin/catalog/{model}/", data, follow=True)


@pytest.mark.parametrize(
    ("model", "verdict"), [("youtubeshorts", "yes"), ("nonyoutubeshorts", "no")]
)
def test_each_list_of_shorts_holds_its_own_verdict(viewer, model, verdict):
    for stored in ("yes", "no", "unknown"):
        ShortsVerdictFactory(verdict=stored)

    assert [row.verdict for row in shown(viewer, model)] == [verdict]


def test_shorts_are_searchable(viewer):
    wanted = ShortsVerdictFactory(video__title="Backstage", verdict="yes")
    ShortsVerdictFactory(video__title="Other", verdict="yes")

    found = shown(viewer, "youtubeshorts", q="backst")

    assert [row.pk for row in found] == [wanted.pk]


@pytest.mark.parametrize(
    ("model", "action", "before", "after"),
    [
        ("youtubeshorts", "mark_as_no_short", "yes", "no"),
        ("nonyoutubeshorts", "mark_as_short", "no", "yes"),
    ],
)
def test_verdict_is_flipped_by_a_person(editor, model, action, before, after):
    row = ShortsVerdictFactory(verdict=before)

    page = act(editor, model, action, row).content.decode()

    flipped = ShortsVerdict.objects.get()
    assert (flipped.verdict, flipped.method) == (after, "manual")
    assert "1 video decided" in page


@pytest.mark.security
def test_viewer_cannot_flip_a_verdict(viewer):
    row = ShortsVerdictFactory(verdict="yes")

    act(viewer, "youtubeshorts", "mark_as_no_short", row)

    assert ShortsVerdict.objects.get().verdict == "yes"


@pytest.mark.parametrize(
    ("missing", "values"),
    [
        ("isrc", {"isrc": None}),
        ("isrc", {"isrc": ""}),
        ("upc", {"upc": None}),
        ("artist", {"artist": []}),
        ("artist", {"artist": None}),
    ],
)
def test_assets_that_lack_something_are_found(viewer, missing, values):
    AssetFactory()
    wanted = AssetFactory(**values)

    assert shown(viewer, "asset", missing=missing) == [wanted]


def test_asset_page_lists_the_videos_it_feeds(viewer):
    video = VideoFactory(title="Fed by it", primary_asset=AssetFactory())

    page = viewer.get(f"/admin/catalog/asset/{video.primary_asset_id}/change/")

    assert "Fed by it" in page.content.decode()


@pytest.mark.parametrize("by", ["claim_id", "video_id", "asset"])
def test_claims_are_found_by_their_identifiers(viewer, by):
    claim = ClaimFactory()
    ClaimFactory()
    text = claim.asset.asset_id if by == "asset" else getattr(claim, by)

    assert shown(viewer, "claim", q=text) == [claim]


def test_history_shows_who_and_through_which_door(viewer):
    by_person = ChangeFactory(change_set__kind="api")
    from_youtube = ChangeFactory(change_set=None, observation=ObservationFactory())

    page = viewer.get("/admin/catalog/change/").content.decode()

    assert by_person.change_set.actor.username in page
    assert from_youtube.observation.get_source_display() in page


@pytest.mark.parametrize("by", ["video", "change_set"])
def test_history_can_be_narrowed(viewer, by):
    wanted = ChangeFactory()
    ChangeFactory()

    assert shown(viewer, "change", **{by: getattr(wanted, by).pk}) == [wanted]


@pytest.mark.parametrize(
    ("origin", "expected"), [("people", "person"), ("report", "report")]
)
def test_history_is_filtered_by_origin(viewer, origin, expected):
    rows = {
        "person": ChangeFactory(),
        "report": ChangeFactory(change_set=None, observation=ObservationFactory()),
    }

    assert shown(viewer, "change", origin=origin) == [rows[expected]]


def test_history_holds_no_plans_until_somebody_asks(viewer):
    happened = ChangeFactory()
    planned = ChangeFactory(outcome="planned")

    assert shown(viewer, "change") == [happened]
    assert shown(viewer, "change", outcome="planned") == [planned]
    assert shown(viewer, "change", outcome="all") == [planned, happened]
