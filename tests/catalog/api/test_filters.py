"""The query parameters of the catalogue's lists."""

from datetime import UTC, datetime

import pytest

from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    ShortsVerdictFactory,
    VideoFactory,
)

VIDEOS = "/api/videos/"


def ids(response):
    assert response.status_code == 200, response.json()
    return [row["video_id"] for row in response.json()["results"]]


# What the video that is wanted has, what the other one has, and the parameter.
NARROWING = [
    ({"title": "Ночная песня"}, {}, "search=ночная"),
    ({"video_id": "wanted00001"}, {}, "video_id=wanted00001"),
    ({"privacy_status": "private"}, {}, "privacy_status=private"),
    ({"category_id": "20"}, {}, "category=20"),
    ({"category_id": "20"}, {}, "category=Gaming"),
    ({"length_seconds": 239}, {"length_seconds": 240}, "duration=short"),
    ({"length_seconds": 240}, {"length_seconds": 239}, "duration=medium"),
    ({"length_seconds": 1200}, {"length_seconds": 1199}, "duration=long"),
    ({"custom_id": "MINE"}, {}, "custom_id=MINE"),
    ({}, {"policy": "block"}, "policy=Monetizing"),
    ({"policy": ""}, {}, "policy=Not Monetizing"),
    ({"policy": "track"}, {}, "policy=track"),
    ({"claimed_by_another_owner": True}, {}, "claimed_by_another=true"),
    ({"missing_since": datetime(2026, 6, 1, tzinfo=UTC)}, {}, "listed=false"),
    ({}, {"missing_since": datetime(2026, 6, 1, tzinfo=UTC)}, "listed=true"),
    ({"is_live_stream": True}, {}, "is_live_stream=true"),
    ({"is_administered": True}, {}, "administered=true"),
    ({}, {"is_administered": True}, "administered=false"),
    ({"snapshot__title": "Old"}, {}, "pending=true"),
    ({}, {"snapshot__title": "Old"}, "pending=false"),
    ({"is_hidden": True}, {}, "hidden=true"),
    ({}, {"is_hidden": True}, "hidden=false"),
    ({}, {"is_hidden": True}, ""),
    ({}, {"channel__is_hidden": True}, ""),
    ({"channel__is_hidden": True}, {}, "hidden=true"),
    ({"isrc": "GBAYE6800011"}, {}, "isrc=gb-aye-68-00011"),
    ({"upc": "075678164729"}, {}, "upc=0 75678 16472 9"),
    ({"artist": ["Tarkan", "Sıla"]}, {}, "artist=TARKAN"),
    ({"artist": ['AC"DC']}, {}, 'artist=c"d'),
    ({"label": "Blue Note"}, {}, "label=lue no"),
    ({"isrc": ""}, {}, "missing=isrc"),
    ({"upc": ""}, {}, "missing=upc"),
    ({"artist": []}, {}, "missing=artist"),
    ({"channel__name": "Jazz Corner"}, {}, "channel_search=corner"),
]


@pytest.mark.parametrize(("wanted", "other", "query"), NARROWING)
def test_parameter_finds_only_the_video_that_matches(viewer, wanted, other, query):
    video = VideoFactory(**wanted)
    VideoFactory(**other)

    response = viewer.get(f"{VIDEOS}?{query}")

    assert ids(response) == [video.video_id]


def test_hidden_all_lists_everything(viewer):
    VideoFactory(is_hidden=True)
    VideoFactory()

    response = viewer.get(f"{VIDEOS}?hidden=all")

    assert len(ids(response)) == 2


def test_channel_finds_the_videos_of_one_channel(viewer):
    video = VideoFactory()
    VideoFactory(channel=ChannelFactory(name=video.channel.name))

    response = viewer.get(f"{VIDEOS}?channel={video.channel.channel_id}")

    assert ids(response) == [video.video_id]


@pytest.mark.parametrize("is_wanted", [True, False])
def test_has_asset_id_tells_videos_with_an_asset_apart(viewer, is_wanted):
    with_asset = VideoFactory(primary_asset=AssetFactory())
    without = VideoFactory()

    response = viewer.get(f"{VIDEOS}?has_asset_id={str(is_wanted).lower()}")

    assert ids(response) == [(with_asset if is_wanted else without).video_id]


def test_asset_id_finds_the_videos_of_one_asset(viewer):
    video = VideoFactory(primary_asset=AssetFactory())
    VideoFactory(primary_asset=AssetFactory())

    response = viewer.get(f"{VIDEOS}?asset_id={video.primary_asset.asset_id}")

    assert ids(response) == [video.video_id]


@pytest.mark.parametrize(
    ("word", "verdict"), [("true", "yes"), ("false", "no"), ("unknown", "unknown")]
)
def test_is_short_follows_the_verdict(viewer, word, verdict):
    for other in {"yes", "no", "unknown"} - {verdict}:
        ShortsVerdictFactory(verdict=other)
    wanted = ShortsVerdictFactory(verdict=verdict)

    response = viewer.get(f"{VIDEOS}?is_short={word}")

    assert ids(response) == [wanted.video.video_id]


def test_dates_take_in_both_days_to_their_last_moment(viewer):
    moments = [
        datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2024, 2, 1, tzinfo=UTC),
        datetime(2024, 2, 2, 23, 59, 59, tzinfo=UTC),
        datetime(2024, 2, 3, tzinfo=UTC),
    ]
    videos = [VideoFactory(published_at=moment) for moment in moments]

    response = viewer.get(f"{VIDEOS}?date_from=2024-02-01&date_to=2024-02-02")

    assert ids(response) == [videos[2].video_id, videos[1].video_id]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", [2, 1, 0]),
        ("order=asc", [0, 1, 2]),
        ("sort_by=views", [1, 0, 2]),
        ("sort_by=views&order=asc", [2, 0, 1]),
        ("sort_by=title&order=asc", [2, 0, 1]),
        ("sort_by=length&order=desc", [0, 2, 1]),
    ],
)
def test_sort_by_and_order_put_unknown_values_last(viewer, query, order):
    rows = [(5, "B", 90), (9, "C", 10), (None, "A", 20)]
    videos = [
        VideoFactory(
            sort_views=views,
            title=title,
            length_seconds=length,
            published_at=datetime(2024, 1, day, tzinfo=UTC),
        )
        for day, (views, title, length) in enumerate(rows, start=1)
    ]

    response = viewer.get(f"{VIDEOS}?{query}")

    assert ids(response) == [videos[place].video_id for place in order]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"),
        ("privacy_status=secret", "privacy_status"),
        ("category=Opera", "category"),
        ("duration=huge", "duration"),
        ("has_asset_id=maybe", "has_asset_id"),
        ("policy=free", "policy"),
        ("is_short=2", "is_short"),
        ("pending=1.5", "pending"),
        ("hidden=some", "hidden"),
        ("date_from=31/12/2024", "date_from"),
        ("date_to=yesterday", "date_to"),
        ("missing=title", "missing"),
        ("sort_by=secret", "sort_by"),
        ("order=random", "order"),
        ("search=%00", "search"),
        ("page=zero", "page"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=0", "per_page"),
        ("per_page=501", "per_page"),
        ("per_page=²", "per_page"),
    ],
)
def test_unknown_and_malformed_parameters_are_named(viewer, query, name):
    response = viewer.get(f"{VIDEOS}?{query}")

    assert response.status_code == 400
    assert list(response.json()["details"]) == [name]


@pytest.mark.parametrize("query", ["date_to=9999-12-31", "date_from=0001-01-01"])
def test_dates_at_the_end_of_time_are_harmless(viewer, query):
    VideoFactory(video_id="wanted00001")

    response = viewer.get(f"{VIDEOS}?{query}")

    assert ids(response) == ["wanted00001"]


def test_empty_parameters_ask_for_nothing(viewer):
    VideoFactory(video_id="wanted00001")

    response = viewer.get(f"{VIDEOS}?search=&pending=&order=&date_to=&category=")

    assert ids(response) == ["wanted00001"]


def test_channels_are_searched_and_filtered(viewer):
    wanted = ChannelFactory(name="Jazz Corner", is_monetized=False)
    ChannelFactory(name="Jazz Corner")
    ChannelFactory(is_monetized=False)

    response = viewer.get("/api/channels/?search=corner&is_monetized=false")

    found = [row["channel_id"] for row in response.json()["results"]]
    assert found == [wanted.channel_id]


def test_assets_are_found_by_isrc_in_any_spelling(viewer):
    wanted = AssetFactory(isrc="GBAYE6800011")
    AssetFactory()

    response = viewer.get("/api/assets/?isrc=gb-aye-68-00011")

    found = [row["asset_id"] for row in response.json()["results"]]
    assert found == [wanted.asset_id]
