"""Conflicts and Shorts are decided by the API as in the admin."""

import pytest

from catalog.api import shorts
from tests.api_clients import client_of
from tests.factories.catalog import (
    ChannelFactory,
    ClaimFactory,
    ConflictFactory,
    OwnershipConflictFactory,
    ShortsVerdictFactory,
    VideoFactory,
)

CONFLICTS = "/api/conflicts/"
SHORTS = "/api/shorts-verdicts/"


@pytest.fixture
def viewer(db):
    return client_of(
        "catalog.view_video",
        "catalog.view_conflict",
        "catalog.view_shortsverdict",
        "catalog.view_claim",
        "catalog.view_ownershipconflict",
        "catalog.view_contentowner",
        "catalog.view_channel",
        "catalog.view_change",
    )


@pytest.fixture
def editor(db):
    return client_of(
        "catalog.view_video",
        "catalog.view_conflict",
        "catalog.change_conflict",
        "catalog.view_shortsverdict",
        "catalog.change_shortsverdict",
        "catalog.view_channel",
        "catalog.change_channel",
        "catalog.view_change",
        username="decider",
    )


@pytest.fixture
def conflict(db):
    video = VideoFactory(title="Ours", snapshot__title="Theirs")
    return ConflictFactory(video=video, ours="Ours", theirs="Theirs", base="Old")


def post(client, address, **body):
    return client.post(address, body, format="json")


# CONFLICTS


def test_open_conflicts_are_listed_with_all_three_values(viewer, conflict):
    ConflictFactory(state="agreed")

    (row,) = viewer.get(CONFLICTS).json()["results"]

    assert (row["base"], row["ours"], row["theirs"]) == ("Old", "Ours", "Theirs")
    assert (row["video_id"], row["origin"]) == (conflict.video.video_id, "report")


@pytest.mark.parametrize(
    "query",
    [
        "state=agreed",
        "state=all&field=label",
        "channel={channel}",
        "video_id={video}",
        "source=refresh",
        "search=Needle",
        "date_from=2100-01-01",
    ],
)
def test_conflicts_are_narrowed_down(viewer, conflict, query):
    query = query.format(
        channel=conflict.video.channel.channel_id, video=conflict.video.video_id
    )
    other = ConflictFactory(video=VideoFactory(title="Needle"))
    expected = {
        "state=agreed": [],
        "state=all&field=label": [],
        "source=refresh": [],
        "search=Needle": [other.pk],
        "date_from=2100-01-01": [],
    }

    found = viewer.get(f"{CONFLICTS}?{query}").json()["results"]

    assert [row["pk"] for row in found] == expected.get(query, [conflict.pk])


# What a transaction wrote itself is not in a snapshot of its own.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("take", "title", "state"),
    [("ours", "Ours", "kept_ours"), ("theirs", "Theirs", "took_theirs")],
)
def test_conflict_is_resolved(editor, conflict, take, title, state):
    tag = editor.get(f"{CONFLICTS}{conflict.pk}/")["ETag"]

    reply = editor.post(
        f"{CONFLICTS}{conflict.pk}/resolve/", {"take": take}, headers={"If-Match": tag}
    )

    conflict.video.refresh_from_db()
    assert (reply.status_code, reply.json()["data"]["state"]) == (200, state)
    assert conflict.video.title == title


@pytest.mark.django_db(transaction=True)
def test_conflict_that_moved_since_stays_open(editor, conflict):
    seen = editor.get(f"{CONFLICTS}summary/").json()["seen"]
    conflict.theirs = "Fourth value"
    conflict.save()

    reply = post(editor, f"{CONFLICTS}{conflict.pk}/resolve/", take="ours", seen=seen)

    conflict.refresh_from_db()
    assert (reply.status_code, conflict.state) == (409, "open")


def test_conflict_that_moved_since_it_was_read_stays_open(editor, conflict):
    tag = editor.get(f"{CONFLICTS}{conflict.pk}/")["ETag"]
    conflict.theirs = "Fourth value"
    conflict.save()

    reply = editor.post(
        f"{CONFLICTS}{conflict.pk}/resolve/",
        {"take": "ours"},
        headers={"If-Match": tag},
    )

    conflict.refresh_from_db()
    assert (reply.status_code, conflict.state) == (412, "open")


@pytest.mark.django_db(transaction=True)
def test_all_conflicts_of_a_filter_are_resolved_as_they_were_seen(editor, conflict):
    ConflictFactory(field="label", ours="A", theirs="B")
    summary = editor.get(f"{CONFLICTS}summary/").json()
    late = ConflictFactory(field="title", ours="A", theirs="B")

    reply = post(
        editor,
        f"{CONFLICTS}resolve/",
        take="ours",
        filter={"field": "title"},
        seen=summary["seen"],
    )

    assert (summary["count"], summary["by_field"]) == (2, {"label": 1, "title": 1})
    assert reply.json()["data"] == {
        "resolved_count": 1,
        "left_count": 1,
        "left": [late.pk],
        "change_set": None,
    }


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "take"),
        ({"take": "both", "conflicts": [1]}, "take"),
        ({"take": "ours"}, "non_field_errors"),
        ({"take": "ours", "filter": {}}, "seen"),
        ({"take": "ours", "filter": {"colour": "red"}, "seen": "x"}, "filter"),
        ({"take": "ours", "conflicts": [0]}, "conflicts"),
    ],
)
def test_decision_that_says_too_little_is_refused(editor, conflict, body, named):
    reply = post(editor, f"{CONFLICTS}resolve/", **body)

    assert (reply.status_code, list(reply.json()["details"])) == (400, [named])


def test_made_up_seen_is_refused(editor, conflict):
    reply = post(editor, f"{CONFLICTS}{conflict.pk}/resolve/", take="ours", seen="1:1:")

    assert (reply.status_code, reply.json()["error_type"]) == (422, "conflict_snapshot")


def test_viewer_resolves_nothing(viewer, conflict):
    address = f"{CONFLICTS}{conflict.pk}/resolve/"

    assert post(viewer, address, take="ours").status_code == 403


# SHORTS


def test_verdict_is_decided_by_a_person(editor):
    verdict = ShortsVerdictFactory(verdict="unknown")
    video_id = verdict.video.video_id

    reply = post(editor, f"{SHORTS}{video_id}/decide/", verdict="yes", reason="Seen")

    shown = editor.get(f"{SHORTS}{video_id}/").json()
    assert (shown["verdict"], shown["method"], shown["decided_by"]) == (
        "yes",
        "manual",
        "decider",
    )
    assert reply.json()["data"]["change_set"]["reason"] == "Seen"


def test_same_decision_again_changes_nothing(editor):
    verdict = ShortsVerdictFactory(verdict="yes", method="manual")

    reply = post(editor, f"{SHORTS}{verdict.video.video_id}/decide/", verdict="yes")

    assert reply.json()["data"] == {"change_set": None}


def test_many_verdicts_are_decided_alike(editor):
    verdicts = [ShortsVerdictFactory(verdict="unknown") for _ in range(2)]

    reply = post(
        editor, f"{SHORTS}decide/", verdict="no", filter={"is_short": "unknown"}
    )

    for verdict in verdicts:
        verdict.refresh_from_db()
    assert [verdict.verdict for verdict in verdicts] == ["no", "no"]
    assert reply.json()["data"]["change_set"]["applied_count"] == 2


def test_too_many_videos_at_once_are_refused(editor, monkeypatch):
    monkeypatch.setattr(shorts, "AT_MOST", 0)
    ShortsVerdictFactory()

    reply = post(editor, f"{SHORTS}decide/", verdict="no", filter={})

    assert (reply.status_code, reply.json()["error_type"]) == (422, "selection")


@pytest.mark.parametrize(
    "query", ["verdict=yes", "method=probe", "search=Needle", "channel={channel}"]
)
def test_verdicts_are_narrowed_down(viewer, query):
    ShortsVerdictFactory()
    wanted = ShortsVerdictFactory(
        verdict="yes", method="probe", video=VideoFactory(title="Needle")
    )
    query = query.format(channel=wanted.video.channel.channel_id)

    found = viewer.get(f"{SHORTS}?{query}").json()["results"]

    assert [row["video_id"] for row in found] == [wanted.video.video_id]


def test_viewer_decides_nothing(viewer):
    verdict = ShortsVerdictFactory()
    address = f"{SHORTS}{verdict.video.video_id}/decide/"

    assert post(viewer, address, verdict="yes").status_code == 403


# CHANNELS


def test_office_fields_of_a_channel_are_edited_with_a_history(editor):
    channel = ChannelFactory()
    address = f"/api/channels/{channel.channel_id}/"

    shown = editor.patch(
        address, {"partner_name": " House ", "reason": "New"}, format="json"
    )

    (row,) = editor.get(f"{address}history/").json()["results"]
    assert shown.json()["partner_name"] == "House"
    assert (row["field"], row["new"], row["reason"]) == ("partner_name", "House", "New")


def test_channel_is_hidden_and_shown_again(editor):
    channel = ChannelFactory()
    address = f"/api/channels/{channel.channel_id}/"

    hidden = editor.delete(address)
    shown = post(editor, f"{address}restore/")

    assert (hidden.status_code, hidden.json()["is_hidden"]) == (200, True)
    assert shown.json()["is_hidden"] is False


@pytest.mark.parametrize("values", [{"name": "x"}, {"partner_name": "a\0"}])
def test_what_youtube_says_of_a_channel_is_not_edited(editor, values):
    channel = ChannelFactory()

    reply = editor.patch(f"/api/channels/{channel.channel_id}/", values, format="json")

    assert (reply.status_code, list(reply.json()["details"])) == (400, [*values])


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_viewer_edits_no_channel(viewer, method):
    channel = ChannelFactory()

    reply = getattr(viewer, method)(f"/api/channels/{channel.channel_id}/", {})

    assert reply.status_code == 403


# CLAIMS AND OWNERSHIP


def test_claims_are_narrowed_down(viewer):
    wanted = ClaimFactory(status="ACTIVE")
    ClaimFactory(status="INACTIVE")
    narrow = [
        "active=true",
        f"claim_id={wanted.claim_id}",
        f"video_id={wanted.video_id}",
        f"asset_id={wanted.asset.asset_id}",
        f"content_owner={wanted.content_owner.name}",
        "active=true&date_from=2025-03-01&date_to=2025-03-01",
    ]

    found = [viewer.get(f"/api/claims/?{query}").json()["results"] for query in narrow]

    assert [[row["claim_id"] for row in rows] for rows in found] == [
        [wanted.claim_id]
    ] * len(narrow)


def test_claim_is_shown_with_its_countries(viewer):
    claim = ClaimFactory(claim_policy_block=["DE"])

    shown = viewer.get(f"/api/claims/{claim.claim_id}/").json()

    assert shown["countries_by_action"] == {"block": ["DE"]}


def test_ended_claims_are_not_active(viewer):
    ClaimFactory()
    ended = ClaimFactory(status="INACTIVE")

    rows = viewer.get("/api/claims/?active=false").json()["results"]

    assert [row["claim_id"] for row in rows] == [ended.claim_id]


def test_conflicts_of_ownership_are_listed(viewer):
    conflict = OwnershipConflictFactory(other_owner="Somebody Else")

    (row,) = viewer.get("/api/ownership-conflicts/?other_owner=else").json()["results"]

    assert row["asset_id"] == conflict.asset.asset_id
    assert viewer.get("/api/ownership-conflicts/?state=ended").json()["results"] == []


def test_content_owners_are_listed(viewer):
    channel = ChannelFactory()

    (row,) = viewer.get("/api/content-owners/").json()["results"]

    assert row["name"] == channel.content_owner.name


@pytest.mark.parametrize(
    "address",
    [CONFLICTS, SHORTS, "/api/claims/", "/api/ownership-conflicts/"],
)
def test_lists_need_the_same_queries_for_any_number_of_rows(
    viewer, address, django_assert_num_queries
):
    for _ in range(4):
        video = VideoFactory()
        ConflictFactory(video=video)
        ShortsVerdictFactory(video=video)
        ClaimFactory(video_id=video.video_id)
        OwnershipConflictFactory()

    # Session, user, its permissions twice, count, rows.
    with django_assert_num_queries(6):
        rows = viewer.get(address).json()["results"]

    assert len(rows) == 4
