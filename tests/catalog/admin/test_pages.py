"""Every page of the catalogue opens, for those who may see it, at a fixed price."""

import pytest
from django.urls import reverse

from tests.factories import catalog

pytestmark = pytest.mark.django_db

MODELS = [
    "video",
    "channel",
    "asset",
    "claim",
    "youtubeshorts",
    "nonyoutubeshorts",
    "conflict",
    "changeset",
    "change",
    "contentowner",
]
MOST_QUERIES = 25


def fill(count):
    """So many rows of everything, each with all its relations."""
    for _ in range(count):
        asset = catalog.AssetFactory()
        video = catalog.VideoFactory(primary_asset=asset, snapshot__title="Old")
        catalog.ClaimFactory(asset=asset, video_id=video.video_id)
        catalog.ShortsVerdictFactory(video=video)
        short = catalog.VideoFactory(length_seconds=20)
        catalog.ShortsVerdictFactory(video=short, verdict="yes")
        catalog.ConflictFactory(video=video)
        catalog.ChangeFactory(video=video)
        catalog.ChannelStatisticsFactory(channel=video.channel)


def list_of(model):
    return reverse(f"admin:catalog_{model}_changelist")


def any_pk(model):
    name = {"youtubeshorts": "yes", "nonyoutubeshorts": "no"}.get(model)
    if name:
        return catalog.ShortsVerdict.objects.filter(verdict=name).first().pk
    factories = {
        "video": catalog.Video,
        "channel": catalog.Channel,
        "asset": catalog.Asset,
        "claim": catalog.Claim,
        "conflict": catalog.Conflict,
        "changeset": catalog.ChangeSet,
        "change": catalog.Change,
        "contentowner": catalog.ContentOwner,
    }
    return factories[model].objects.first().pk


@pytest.mark.parametrize("model", MODELS)
def test_list_price_does_not_grow_with_its_rows(
    model, viewer, django_assert_max_num_queries
):
    fill(1)
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        viewer.get(list_of(model))
    fill(5)

    with django_assert_max_num_queries(MOST_QUERIES) as many:
        page = viewer.get(list_of(model))

    assert page.status_code == 200
    assert len(many.captured_queries) <= len(few.captured_queries) + 1


@pytest.mark.parametrize("model", MODELS)
def test_page_opens_for_a_viewer(model, viewer, django_assert_max_num_queries):
    fill(1)
    address = reverse(f"admin:catalog_{model}_change", args=[any_pk(model)])

    with django_assert_max_num_queries(MOST_QUERIES):
        page = viewer.get(address)

    assert page.status_code == 200
    assert b'name="_save"' not in page.content


@pytest.mark.parametrize("model", MODELS)
def test_empty_list_opens(model, viewer):
    assert viewer.get(list_of(model)).status_code == 200


@pytest.mark.security
@pytest.mark.parametrize("model", MODELS)
def test_list_is_closed_to_an_outsider(model, outsider):
    assert outsider.get(list_of(model)).status_code == 403


@pytest.mark.security
@pytest.mark.parametrize("model", [m for m in MODELS if m != "contentowner"])
def test_rows_are_neither_added_nor_deleted(model, admin_client):
    fill(1)
    pk = any_pk(model)

    added = admin_client.get(reverse(f"admin:catalog_{model}_add"))
    deleted = admin_client.post(
        reverse(f"admin:catalog_{model}_delete", args=[pk]), {"post": "yes"}
    )

    assert (added.status_code, deleted.status_code) == (403, 403)
