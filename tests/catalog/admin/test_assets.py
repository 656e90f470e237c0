"""Assets, claims and conflicts of ownership as people see them."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from catalog.models import Asset, Claim
from tests.factories.catalog import (
    AssetFactory,
    ClaimFactory,
    ContentOwnerFactory,
    OwnershipConflictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 6, 3, tzinfo=UTC)
LIST = "/admin/catalog/ownershipconflict/"


def page(browser, address, **query):
    reply = browser.get(address, query)
    assert reply.status_code == 200, reply
    return reply.content.decode()


def rows(browser, address, **query):
    reply = browser.get(address, query)
    return list(reply.context["cl"].result_list)


def test_open_conflicts_of_ownership_are_listed_by_daily_views(viewer):
    less = OwnershipConflictFactory(daily_views=5)
    unknown = OwnershipConflictFactory(daily_views=None)
    more = OwnershipConflictFactory(daily_views=900)
    OwnershipConflictFactory(ended_at=DAY)

    assert rows(viewer, LIST) == [more, less, unknown]


def test_ended_conflicts_of_ownership_can_be_asked_for(viewer):
    OwnershipConflictFactory()
    ended = OwnershipConflictFactory(ended_at=DAY)

    assert rows(viewer, LIST, state="ended") == [ended]
    assert len(rows(viewer, LIST, state="all")) == 2


@pytest.mark.parametrize("term", ["echo", "A000000000000077", "backst"])
def test_conflicts_of_ownership_are_searchable(viewer, term):
    asset = AssetFactory(asset_id="A000000000000077", title="Backstage")
    wanted = OwnershipConflictFactory(asset=asset)
    OwnershipConflictFactory(other_owner="Harbour")

    assert rows(viewer, LIST, q=term) == [wanted]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (["DE", "AT"], "DE, AT"),
        (["WW"], "all countries"),
        ([f"C{n}" for n in range(40)], "40 countries"),
    ],
)
def test_countries_are_told_shortly(viewer, codes, words):
    OwnershipConflictFactory(countries=codes)

    assert words in page(viewer, LIST)


def test_list_of_conflicts_of_ownership_asks_few_queries(
    viewer, django_assert_max_num_queries
):
    OwnershipConflictFactory.create_batch(30)

    with django_assert_max_num_queries(12):
        page(viewer, LIST)


@pytest.mark.security
def test_conflicts_of_ownership_need_the_view_permission(outsider):
    assert outsider.get(LIST).status_code == 403


def test_asset_page_shows_its_conflicts_of_ownership(viewer):
    conflict = OwnershipConflictFactory(other_owner="Harbour Rights")

    text = page(viewer, f"/admin/catalog/asset/{conflict.asset.pk}/change/")

    assert "Conflicts of ownership" in text
    assert "Harbour Rights" in text


@pytest.mark.security
def test_asset_page_hides_conflicts_from_whoever_may_not_see_them(client):
    person = UserFactory(permissions=["catalog.view_asset"])
    client.force_login(person)
    conflict = OwnershipConflictFactory(other_owner="Harbour Rights")

    text = page(client, f"/admin/catalog/asset/{conflict.asset.pk}/change/")

    assert "Harbour Rights" not in text


def test_asset_page_tells_what_it_was_merged_into(viewer):
    owner = ContentOwnerFactory()
    survivor = AssetFactory(content_owner=owner, title="Survivor")
    old = AssetFactory(content_owner=owner, title="Old one", merged_into=survivor)

    assert "merged this asset into" in page(
        viewer, f"/admin/catalog/asset/{old.pk}/change/"
    )
    assert "Old one" in page(viewer, f"/admin/catalog/asset/{survivor.pk}/change/")


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [("yes", "listed"), ("ended", "ended"), ("merged", "merged")],
)
def test_assets_are_filtered_by_whether_they_are_listed(viewer, choice, wanted):
    listed = AssetFactory(title="listed")
    AssetFactory(title="ended", ended_at=DAY)
    AssetFactory(title="merged", merged_into=listed)

    found = rows(viewer, "/admin/catalog/asset/", listed=choice)

    assert found == [Asset.objects.get(title=wanted)]


def test_claim_list_tells_policy_by_country_status_and_end(viewer):
    ClaimFactory(
        claim_policy_monetize=["DE", "FR"],
        status="INACTIVE",
        status_detail="CLOSED_MANUALLY",
        ended_at=DAY,
        video_title="Somebody's video",
        video_channel_title="Fan",
    )

    text = page(viewer, "/admin/catalog/claim/")

    for words in (
        "Monetize in DE, FR",
        "CLOSED_MANUALLY",
        "ended 2026-06-03",
        "Somebody&#x27;s video",
        "Fan",
    ):
        assert words in text


def test_claim_on_a_deleted_video_says_so(viewer):
    ClaimFactory(video_id="")

    assert "deleted" in page(viewer, "/admin/catalog/claim/")


def test_video_page_tells_the_claims_policy_by_country(viewer):
    video = VideoFactory()
    ClaimFactory(
        video_id=video.video_id,
        claim_policy_block=["US"],
        status_detail="CLOSED_MANUALLY",
    )

    text = page(viewer, f"/admin/catalog/video/{video.pk}/change/")

    assert "Block in US" in text
    assert "CLOSED_MANUALLY" in text


ASSETS = "/admin/catalog/asset/"
CLAIMS = "/admin/catalog/claim/"


@pytest.mark.parametrize(
    "term",
    [
        "a000000000000077",
        "QZ-ABC-25-00001",
        "qzabc2500001",
        "036000291452",
        "back light",
        "LIGHTS",
    ],
)
def test_assets_are_found_by_identifier_or_words_of_the_title(viewer, term):
    wanted = AssetFactory(
        asset_id="A000000000000077",
        title="Backstage Lights",
        isrc="QZABC2500001",
        upc="036000291452",
    )
    AssetFactory(title="Harbour", isrc="", upc="")

    assert rows(viewer, ASSETS, q=term) == [wanted]


def test_pasted_identifiers_find_all_their_assets(viewer):
    first, second = AssetFactory(isrc=""), AssetFactory(isrc="QZABC2500001")
    AssetFactory(isrc="")

    found = rows(viewer, ASSETS, q=f"{first.asset_id} QZABC2500001")

    assert set(found) == {first, second}


def test_assets_without_an_isrc_are_not_found_by_nothing(viewer):
    AssetFactory(title="Harbour", isrc="", upc="")

    assert rows(viewer, ASSETS, q="-") == []


@pytest.mark.parametrize("term", ["claim-7", "video000077", "a000000000000077"])
def test_claims_are_found_by_each_of_their_identifiers(viewer, term):
    asset = AssetFactory(asset_id="A000000000000077")
    wanted = ClaimFactory(claim_id="claim-7", video_id="video000077", asset=asset)
    ClaimFactory()

    assert rows(viewer, CLAIMS, q=term) == [wanted]


def test_pasted_identifiers_find_all_their_claims(viewer):
    first, second, _ = ClaimFactory(), ClaimFactory(), ClaimFactory()

    found = rows(viewer, CLAIMS, q=f"{first.claim_id} {second.asset.asset_id}")

    assert set(found) == {first, second}


@pytest.mark.parametrize(
    ("rows_of", "index"),
    [
        (lambda: Claim.objects.search("c1"), "catalog_claim_video"),
        (lambda: Asset.objects.search("A000000000000001"), "catalog_asset_isrc"),
    ],
)
def test_identifiers_are_looked_up_in_indexes(db, rows_of, index):
    AssetFactory(asset_id="A000000000000001")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

        plan = rows_of().order_by().explain()

    assert "Seq Scan" not in plan
    assert index in plan
