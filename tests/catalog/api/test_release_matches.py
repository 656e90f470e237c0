"""Release matches by the API: read, decide, fill in."""

import pytest

from catalog.models import ChangeSet, Release, ReleaseMatch
from tests.api_clients import client_of
from tests.factories.catalog import ContentOwnerFactory, VideoFactory

pytestmark = pytest.mark.django_db
LIST = "/api/release-matches/"
SEE = ("catalog.view_releasematch", "catalog.view_video", "catalog.view_changeset")


@pytest.fixture
def viewer(db):
    return client_of(*SEE)


@pytest.fixture
def editor(db):
    return client_of(
        *SEE,
        "catalog.change_releasematch",
        "catalog.bulk_edit_video",
        username="editor",
    )


@pytest.fixture
def match(db):
    """Propose a release for a video; both are made unless given."""
    owner = ContentOwnerFactory()

    def propose(confidence=95, video=None, **values):
        number = Release.objects.count()
        release = Release.objects.create(
            content_owner=owner,
            key=str(number),
            isrc=f"QZABC26{number:05d}",
            title="Night Engine",
            artist=["Ada Lovelace"],
            label="Analytical Records",
        )
        return ReleaseMatch.objects.create(
            video=video or VideoFactory(label="", isrc=""),
            release=release,
            confidence=confidence,
            method="text",
            reasons=["The title is the same."],
            **values,
        )

    return propose


def test_list_tells_how_sure_and_why(viewer, match):
    unsure, sure = match(70), match(99)

    rows = viewer.get(LIST).json()["results"]

    assert [row["pk"] for row in rows] == [sure.pk, unsure.pk]
    assert rows[0]["video_id"] == sure.video.video_id
    assert rows[0]["release"]["label"] == "Analytical Records"
    assert rows[0]["reasons"] == ["The title is the same."]


@pytest.mark.parametrize(
    ("query", "count"),
    [("least=90", 1), ("state=refused", 1), ("is_ambiguous=true", 1), ("", 3)],
)
def test_list_is_filtered(viewer, match, query, count):
    match(95, state="refused")
    match(70)
    match(80, is_ambiguous=True)

    assert viewer.get(f"{LIST}?{query}").json()["pagination"]["total"] == count


def test_list_costs_the_same_for_many_rows(
    viewer, match, django_assert_max_num_queries
):
    for _ in range(5):
        match()

    with django_assert_max_num_queries(12):
        assert viewer.get(LIST).json()["pagination"]["total"] == 5


def test_named_matches_are_accepted(editor, match):
    wanted, other = match(), match()

    reply = editor.post(f"{LIST}accept/", {"matches": [wanted.pk]}, format="json")

    assert reply.json()["data"] == {"count": 1}
    wanted.refresh_from_db()
    other.refresh_from_db()
    assert (wanted.state, wanted.decided_by.username) == ("accepted", "editor")
    assert other.state == "proposed"


def test_clear_matches_are_accepted_from_a_confidence_on(editor, match):
    sure, unsure, rival = match(95), match(85), match(99, is_ambiguous=True)

    editor.post(f"{LIST}accept/", {"least": 90}, format="json")

    states = [ReleaseMatch.objects.get(pk=m.pk).state for m in (sure, unsure, rival)]
    assert states == ["accepted", "proposed", "proposed"]


@pytest.mark.parametrize("body", [{}, {"matches": [1], "least": 90}, {"least": 5}])
def test_accepting_nothing_in_particular_is_refused(editor, body):
    assert editor.post(f"{LIST}accept/", body, format="json").status_code == 400


def test_decision_is_taken_back(editor, match):
    refused = match()
    named = {"matches": [refused.pk]}

    editor.post(f"{LIST}refuse/", named, format="json")
    state = ReleaseMatch.objects.get(pk=refused.pk).state
    editor.post(f"{LIST}reopen/", named, format="json")

    assert state == "refused"
    assert ReleaseMatch.objects.get(pk=refused.pk).state == "proposed"


def test_accepted_matches_are_filled_in_by_a_change_set(editor, match):
    accepted = match(state="accepted")

    reply = editor.post(f"{LIST}fill/", {"fields_to_fill": ["label"]}, format="json")

    assert reply.status_code == 202
    change_set = ChangeSet.objects.get()
    assert reply.json()["data"]["pk"] == change_set.pk
    assert reply.headers["Location"].endswith(f"/api/change-sets/{change_set.pk}/")
    assert (change_set.kind, change_set.state) == ("releases", "planned")
    change = change_set.changes.get()
    assert (change.video, change.new) == (accepted.video, "Analytical Records")


def test_filling_without_an_accepted_match_is_explained(editor, match):
    match()

    reply = editor.post(f"{LIST}fill/", {}, format="json")

    assert (reply.status_code, ChangeSet.objects.count()) == (422, 0)
    assert "No match is accepted" in reply.json()["message"]


@pytest.mark.parametrize("do", ["accept", "refuse", "reopen", "fill"])
def test_viewer_decides_nothing(viewer, match, do):
    proposed = match()

    reply = viewer.post(f"{LIST}{do}/", {"matches": [proposed.pk]}, format="json")

    assert reply.status_code == 403
    assert ReleaseMatch.objects.get().state == "proposed"
