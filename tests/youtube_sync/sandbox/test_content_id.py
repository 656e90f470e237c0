"""Assets, claims and content owners."""

import pytest

from tests.youtube_sync.sandbox.conftest import VIDEO_ID, reason

pytestmark = pytest.mark.integration
ASSET_ID, FOREIGN_ID = "A123456789012345", "A999999999999999"
BASE = "/youtube/partner/v1/"
METADATA = {"title": "Song", "artist": ["Band"], "customId": "L-1"}


@pytest.fixture(autouse=True)
def assets(sandbox):
    sandbox.add_asset(ASSET_ID, metadataMine=dict(METADATA))
    sandbox.add_asset(FOREIGN_ID, content_owner="Other")


@pytest.fixture
def asset(call):
    def send(method="GET", asset_id=ASSET_ID, **options):
        return call(method, f"{BASE}assets/{asset_id}", **options)

    return send


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("mine", {"metadataMine", "metadata"}),
        ("effective", {"metadataEffective", "metadata"}),
        ("mine,effective", {"metadataMine", "metadataEffective"}),
        ("", set()),
    ],
)
def test_asset_shows_the_asked_metadata(asset, asked, shown):
    reply = asset(fetchMetadata=asked).json()

    names = {"metadata", "metadataMine", "metadataEffective"}
    assert names & set(reply) == shown
    assert reply["type"] == "sound_recording"


def test_assets_of_others_are_left_out_of_lists(call):
    ids = f"{ASSET_ID},{FOREIGN_ID},A000000000000000"

    reply = call("GET", BASE + "assets", id=ids).json()

    assert [item["id"] for item in reply["items"]] == [ASSET_ID]


@pytest.mark.parametrize(
    ("asset_id", "status", "expected"),
    [(FOREIGN_ID, 403, "forbidden"), ("A000000000000000", 404, "notFound")],
)
def test_asset_of_others_is_refused(asset, asset_id, status, expected):
    reply = asset(asset_id=asset_id)

    assert (reply.status_code, reason(reply)) == (status, expected)


def test_put_replaces_the_metadata(asset, sandbox):
    sent = {"artist": ["Band"], "isrc": "QZABC2500001"}

    reply = asset("PUT", json={"metadataMine": sent})

    assert reply.json()["metadataMine"] == sent
    assert sandbox.asset(ASSET_ID)["metadataEffective"] == sent


def test_put_changes_nothing_that_is_shown_in_a_dispute(asset, sandbox):
    sandbox.add_asset(
        ASSET_ID, metadataMine=METADATA, metadataEffective={"title": "X"}, disputed=True
    )

    asset("PUT", json={"metadataMine": METADATA | {"title": "Mine"}})

    assert sandbox.asset(ASSET_ID)["metadataEffective"] == {"title": "X"}


@pytest.mark.parametrize(
    ("metadata", "location"),
    [
        ({"title": "Song"}, "metadataMine.artist"),
        (METADATA | {"isrc": "QZ-ABC-25-00001"}, "metadataMine.isrc"),
        (METADATA | {"upc": "1.9E+11"}, "metadataMine.upc"),
        (METADATA | {"customId": "a b"}, "metadataMine.customId"),
        (METADATA | {"customId": "a" * 65}, "metadataMine.customId"),
        (METADATA | {"label": "é" * 128}, "metadataMine.label"),
        (METADATA | {"artist": "Band"}, "metadataMine.artist"),
        (METADATA | {"label": ["L"]}, "metadataMine.label"),
        (METADATA | {"nonsense": "x"}, "metadataMine.nonsense"),
        (None, "metadataMine"),
    ],
)
def test_put_refuses_bad_metadata(asset, sandbox, metadata, location):
    reply = asset("PUT", json={"metadataMine": metadata})

    error = reply.json()["error"]["errors"][0]
    assert (reply.status_code, error["location"]) == (400, location)
    assert sandbox.asset(ASSET_ID)["metadataMine"] == METADATA


def test_patch_is_broken_unless_switched_on(asset, sandbox):
    body = {"metadataMine": {"label": "L"}}
    broken = asset("PATCH", json=body)

    sandbox.change_settings(patch_broken=False)
    working = asset("PATCH", json=body)

    assert (broken.status_code, working.status_code) == (500, 200)
    assert sandbox.asset(ASSET_ID)["metadataMine"] == METADATA | {"label": "L"}


def test_content_owner_must_be_named_among_several(asset):
    reply = asset(owner=False)

    assert (reply.status_code, reason(reply)) == (400, "contentOwnerNotProvided")


def test_claims_are_searched_by_video_and_status(call, sandbox):
    sandbox.add_video(VIDEO_ID, title="Song A")
    sandbox.add_claim("C1", videoId=VIDEO_ID, assetId=ASSET_ID)
    sandbox.add_claim("C2", videoId=VIDEO_ID, assetId=ASSET_ID, status="inactive")
    sandbox.add_claim("C3", videoId="elsewhere00", assetId=ASSET_ID)

    reply = call("GET", BASE + "claimSearch", videoId=VIDEO_ID, status="active").json()

    assert [item["id"] for item in reply["items"]] == ["C1"]
    assert reply["items"][0]["videoTitle"] == "Song A"


def test_claims_of_third_parties_are_shown_when_asked_for(call, sandbox):
    sandbox.add_claim(
        "C4",
        videoId=VIDEO_ID,
        assetId=FOREIGN_ID,
        content_owner="Other",
        thirdPartyClaim=True,
    )
    query = {"videoId": VIDEO_ID}

    plain = call("GET", BASE + "claimSearch", **query).json()
    third = call(
        "GET", BASE + "claimSearch", **query, includeThirdPartyClaims="true"
    ).json()

    assert (len(plain["items"]), len(third["items"])) == (0, 1)


def test_claims_refuse_a_malformed_page_token(call):
    reply = call("GET", BASE + "claimSearch", videoId=VIDEO_ID, pageToken="eA==")

    assert (reply.status_code, reason(reply)) == (400, "invalid")


def test_content_owners_are_listed(call):
    reply = call("GET", BASE + "contentOwners", fetchMine="true")

    assert {item["id"] for item in reply.json()["items"]} == {"Other", "SandboxOwner"}


def test_content_id_needs_the_partner_scope(sandbox, http):
    scope = "https://www.googleapis.com/auth/youtube"
    token = sandbox.tokens((scope,))["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    reply = http.get(sandbox.url + BASE + "contentOwners", headers=headers)

    assert (reply.status_code, reason(reply)) == (403, "insufficientPermissions")


def test_content_id_may_be_switched_off(asset, sandbox):
    sandbox.change_settings(content_id_enabled=False)

    reply = asset()

    assert (reply.status_code, reason(reply)) == (403, "accessNotConfigured")


def test_content_id_costs_no_units(asset, sandbox):
    asset()

    assert sandbox.units_spent == 0


def test_merged_asset_is_found_by_its_old_ids(call, sandbox, asset):
    aliases = ["A111111111111111", "A222222222222222"]
    sandbox.add_asset("A333333333333333", aliasId=aliases, metadataMine=METADATA)

    ids = ",".join([*aliases, "A333333333333333"])
    listed = call("GET", BASE + "assets", id=ids).json()["items"]
    one = asset(asset_id=aliases[0]).json()

    assert [item["id"] for item in listed] == ["A333333333333333"]
    assert (one["id"], one["aliasId"]) == ("A333333333333333", aliases)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("claimSearch", {"status": "nonsense"}),
        ("claimSearch", {"videoIds": "x"}),
        ("assets", {"id": ASSET_ID, "nonsense": "1"}),
    ],
)
def test_parameters_that_are_unknown_are_refused(call, path, query):
    assert call("GET", BASE + path, **query).status_code == 400


def test_keys_of_an_asset_that_are_unknown_are_refused(asset):
    reply = asset("PUT", json={"metadataMine": METADATA, "nonsense": 1})

    assert (reply.status_code, reason(reply)) == (400, "invalid")
