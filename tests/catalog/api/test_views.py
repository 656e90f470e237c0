"""`/api/videos/`, `/api/channels/` and `/api/assets/`."""

import pytest

from catalog.models import Change, ChangeSet
from tests.factories.catalog import (
    AssetFactory,
    ChangeFactory,
    ChannelFactory,
    ClaimFactory,
    ConflictFactory,
    ObservationFactory,
    ShortsVerdictFactory,
    VideoFactory,
)

VIDEOS = "/api/videos/"
ERROR_KEYS = {
    "status",
    "error_type",
    "message",
    "timestamp",
    "path",
    "method",
    "details",
    "request_id",
}


def address(video, rest=""):
    return f"{VIDEOS}{video.video_id}/{rest}"


@pytest.fixture
def video(db):
    """A video with an asset, so that its music metadata can be pushed."""
    return VideoFactory(
        video_id="-abc_DEF123",
        title="Old",
        isrc="USRC17607839",
        primary_asset=AssetFactory(),
        statistics__view_count=77,
    )


def fill(count):
    """Videos with everything that a list or a page shows of them."""
    for _ in range(count):
        full = VideoFactory(primary_asset=AssetFactory())
        ShortsVerdictFactory(video=full)
        ClaimFactory(video_id=full.video_id)
        ChangeFactory(video=full)
        ConflictFactory(video=full)
    return full


# READING


def test_list_has_rows_and_pagination(viewer):
    for _ in range(3):
        VideoFactory()

    body = viewer.get(f"{VIDEOS}?per_page=2&page=2").json()

    assert len(body["results"]) == 1
    assert body["pagination"] == {
        "page": 2,
        "per_page": 2,
        "total": 3,
        "pages": 2,
        "has_next": False,
        "has_prev": True,
        "is_estimated": False,
    }


def test_empty_list_has_one_page(viewer):
    body = viewer.get(VIDEOS).json()

    assert (body["results"], body["pagination"]["pages"]) == ([], 1)


def test_page_after_the_last_is_not_found(viewer):
    response = viewer.get(f"{VIDEOS}?page=2")

    assert (response.status_code, response.json()["error_type"]) == (404, "not_found")


def test_list_row_says_what_the_office_wants(viewer, video):
    (row,) = viewer.get(VIDEOS).json()["results"]

    assert row["video_id"] == "-abc_DEF123"
    assert row["channel_id"] == video.channel.channel_id
    assert row["asset_id"] == video.primary_asset.asset_id
    assert (row["isrc"], row["view_count"]) == ("USRC17607839", 77)
    assert row["is_short"] is None
    assert row["pending_fields"] == []
    assert "description" not in row


@pytest.mark.parametrize("path", [VIDEOS, "/api/channels/", "/api/assets/"])
def test_list_needs_the_same_queries_for_any_number_of_rows(
    viewer, path, django_assert_num_queries
):
    fill(6)

    # Session, user, its permissions twice, count, rows.
    with django_assert_num_queries(6):
        response = viewer.get(path)

    assert len(response.json()["results"]) >= 6


def test_detail_needs_the_same_queries_for_any_number_of_claims(
    viewer, django_assert_num_queries
):
    full = fill(1)
    for _ in range(5):
        ClaimFactory(video_id=full.video_id)

    # Session, user, its permissions twice, video, claims, conflicts.
    with django_assert_num_queries(7):
        viewer.get(address(full))


def test_history_needs_the_same_queries_for_any_number_of_changes(
    viewer, video, django_assert_num_queries
):
    for _ in range(6):
        ChangeFactory(video=video)

    # Session, user, its permissions twice, video, count, rows.
    with django_assert_num_queries(7):
        viewer.get(address(video, "history/"))


def test_detail_shows_what_youtube_shows_beside_it(viewer):
    video = VideoFactory(title="Ours", snapshot__title="Theirs", description="Long")
    ConflictFactory(video=video, ours="Ours", theirs="Theirs")
    claim = ClaimFactory(video_id=video.video_id)
    ShortsVerdictFactory(video=video, verdict="no")

    body = viewer.get(address(video)).json()

    assert (body["title"], body["observed"]["title"]) == ("Ours", "Theirs")
    assert body["pending_fields"] == ["title"]
    assert body["description"] == "Long"
    assert body["statistics"]["previous_view_count"] == 900
    assert body["claims"][0]["asset_id"] == claim.asset.asset_id
    assert body["conflicts"][0]["theirs"] == "Theirs"
    assert body["short"]["method"] == "rule"
    assert body["is_short"] is False


def test_detail_of_a_video_of_which_nothing_was_observed(viewer):
    video = VideoFactory(snapshot=None, statistics=None)

    body = viewer.get(address(video)).json()

    assert (body["observed"], body["statistics"], body["short"]) == (None,) * 3
    assert (body["view_count"], body["asset_id"]) == (None, None)


def test_hidden_video_is_still_found_by_its_id(viewer):
    video = VideoFactory(is_hidden=True)

    assert viewer.get(address(video)).json()["is_hidden"] is True


@pytest.mark.parametrize("video_id", ["nobody", "%00", "a%2Fb", "💿"])
def test_unknown_video_is_not_found(viewer, video_id):
    response = viewer.get(f"{VIDEOS}{video_id}/")

    assert response.status_code == 404
    assert set(response.json()) == ERROR_KEYS


def test_detail_refuses_unknown_parameters(viewer, video):
    response = viewer.get(address(video, "?search=a"))

    assert list(response.json()["details"]) == ["search"]


def test_history_tells_people_and_observations_apart(viewer, video):
    ChangeFactory(video=video, change_set__reason="Typo", change_set__actor=None)
    ChangeFactory(
        video=video, change_set=None, observation=ObservationFactory(source="refresh")
    )
    ChangeFactory(video=video, outcome="moved")

    rows = viewer.get(address(video, "history/")).json()["results"]

    assert [(row["origin"], row["reason"]) for row in rows] == [
        ("refresh", None),
        ("form", "Typo"),
    ]


@pytest.mark.parametrize("name", ["channel", "asset"])
def test_channel_and_asset_are_shown_by_youtubes_id(viewer, name):
    factory = {"channel": ChannelFactory, "asset": AssetFactory}[name]
    row = factory()
    youtube_id = getattr(row, f"{name}_id")

    body = viewer.get(f"/api/{name}s/{youtube_id}/").json()

    assert body[f"{name}_id"] == youtube_id
    assert body["content_owner"] == row.content_owner.name


@pytest.mark.parametrize("path", ["channels/UC0/", "assets/A0/", "nothing/"])
def test_what_does_not_exist_is_answered_in_one_shape(viewer, path):
    response = viewer.get(f"/api/{path}")

    assert response.status_code == 404
    assert set(response.json()) == ERROR_KEYS


def test_missing_slash_leads_to_the_address(viewer):
    response = viewer.get("/api/videos")

    assert (response.status_code, response["Location"]) == (301, VIDEOS)


# WRITING


def test_patch_is_a_change_set(editor, video):
    response = editor.patch(
        address(video), {"title": "New", "isrc": "us-rc1-76-07840", "reason": "Typo"}
    )

    assert response.status_code == 200
    body = response.json()
    assert (body["title"], body["isrc"]) == ("New", "USRC17607840")
    assert body["observed"]["title"] == "Old"
    assert body["pending_fields"] == ["title", "isrc"]
    change_set = ChangeSet.objects.get()
    assert (change_set.kind, change_set.reason) == ("api", "Typo")
    assert change_set.actor.username == "editor"


def test_patch_leaves_the_other_fields_alone(editor, video):
    before = editor.get(address(video)).json()

    after = editor.patch(address(video), {"tags": ["new"]}).json()

    moved = {name for name in after if before[name] != after[name]}
    assert moved == {"tags", "pending_fields", "row_version", "updated_at"}


def test_patch_assigns_a_video_and_takes_it_back(editor, video):
    mine = editor.patch(address(video), {"assignee": "editor"}, format="json").json()
    nobodys = editor.patch(address(video), {"assignee": None}, format="json").json()

    assert (mine["assignee"], nobodys["assignee"]) == ("editor", None)


def test_patch_that_changes_nothing_leaves_no_trace(editor, video):
    response = editor.patch(address(video), {"title": " Old "})

    assert response.status_code == 200
    assert not ChangeSet.objects.exists()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"isrc": "USRC1760783"}, "isrc"),
        ({"title": "a" * 101}, "title"),
        ({"upc": "036000291453"}, "upc"),
        ({"privacy_status": "secret"}, "privacy_status"),
        ({"assignee": "no-such-person"}, "assignee"),
    ],
)
def test_patch_that_breaks_a_rule_names_the_fields(editor, video, values, name):
    response = editor.patch(address(video), values | {"label": "Fine"})

    assert response.status_code == 422
    body = response.json()
    assert set(body) == ERROR_KEYS
    assert list(body["details"]["fields"]) == [name]
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"view_count": 1}, "view_count"),
        ({"colour": "red"}, "colour"),
        ({"title": None}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": ["list"]}, "title"),
        ({"tags": "text"}, "tags"),
        ({"embeddable": "maybe"}, "embeddable"),
        ({"is_hidden": None}, "is_hidden"),
        ([], "non_field_errors"),
    ],
)
def test_patch_of_a_wrong_shape_names_the_fields(editor, video, values, name):
    response = editor.patch(address(video), values)

    assert response.status_code == 400
    assert list(response.json()["details"]) == [name]


def test_patch_with_damaged_json_is_explained(editor, video):
    response = editor.patch(
        address(video), '{"title": ', content_type="application/json"
    )

    assert response.status_code == 400
    assert response.json()["error_type"] == "parse_error"


@pytest.mark.parametrize("method", ["post", "trace"])
def test_other_methods_are_refused(admin_client, video, method):
    response = getattr(admin_client, method)(
        address(video), {}, content_type="application/json"
    )

    assert response.status_code == 405
    assert response.json()["error_type"] == "method_not_allowed"


# WHO MAY DO WHAT

READS = [
    "",
    "-abc_DEF123/",
    "-abc_DEF123/history/",
]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 401), ("outsider", 403), ("viewer", 200), ("editor", 200)],
)
def test_reading_videos_needs_the_view_permission(request, video, path, who, status):
    client = request.getfixturevalue(who)

    assert client.get(VIDEOS + path).status_code == status


@pytest.mark.parametrize("path", ["channels/", "assets/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 401), ("outsider", 403), ("viewer", 200), ("editor", 200)],
)
def test_reading_the_rest_needs_its_view_permission(request, db, path, who, status):
    client = request.getfixturevalue(who)

    assert client.get(f"/api/{path}").status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 401), ("outsider", 403), ("viewer", 403), ("editor", 200)],
)
def test_editing_needs_the_change_permission(request, video, who, status):
    client = request.getfixturevalue(who)

    response = client.patch(address(video), {"title": "New"})

    assert response.status_code == status
    video.refresh_from_db()
    assert video.title == ("New" if status == 200 else "Old")


def test_session_without_csrf_token_cannot_edit(video, editor):
    editor.handler.enforce_csrf_checks = True

    response = editor.patch(address(video), {"title": "New"})

    assert (response.status_code, set(response.json())) == (403, ERROR_KEYS)
