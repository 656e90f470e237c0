"""Which videos show which releases, how surely, and why."""

import pytest

from catalog.models import ReleaseMatch
from catalog.releases import decisions, runs, uploads
from tests.catalog.releases.conftest import list_of, match_of, release
from tests.factories.catalog import ContentOwnerFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_same_isrc_is_certain(loaded, video):
    ours = video(isrc="GBAYE6800001", title="Ada Lovelace - Night Engine")

    loaded(list_of(release()))

    match = match_of(ours)
    assert (match.method, match.confidence) == ("isrc", 100)
    assert "The ISRC is the same." in match.reasons


def test_same_isrc_with_another_title_and_length_is_doubted(loaded, video):
    ours = video(isrc="GBAYE6800001", title="Cooking with Bob", length_seconds=900)

    loaded(list_of(release()))

    match = match_of(ours)
    assert match.confidence == 80
    assert "The lengths are 685 s apart." in match.reasons


@pytest.mark.parametrize(
    ("title", "least"),
    [
        ("Ada Lovelace - Night Engine (Official Video)", 95),
        ("ADA LOVELACE – Night Engine [Lyrics]", 95),
        ("Ada Lovelace ft. Bob - Night Engine | Official Audio", 70),
        ("Âda Lovelace - Nïght Engine", 95),
        ("Ada Lovelace - Night Engin", 85),
        ("Night Engine - Ada Lovelace", 95),
    ],
)
def test_title_and_artist_are_recognised_as_people_write_them(
    loaded, video, title, least
):
    ours = video(title=title, length_seconds=216)

    loaded(list_of(release()))

    match = match_of(ours)
    assert match.method == "text"
    assert least <= match.confidence <= 95


def test_artist_may_stand_in_the_field_or_the_name_of_the_channel(loaded, video):
    by_field = video(title="Night Engine", artist=["Ada Lovelace"])
    by_channel = video(title="Night Engine", channel__name="Ada Lovelace - Topic")

    loaded(list_of(release()))

    assert match_of(by_field).confidence == 95
    assert match_of(by_channel).confidence >= 90


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        (215, "The length is the same."),
        (217, "The lengths are 2 s apart."),
        (None, "One of the lengths is not known."),
        (500, "The lengths are 285 s apart."),
    ],
)
def test_length_is_a_reason(loaded, video, length, reason):
    ours = video(title="Ada Lovelace - Night Engine", length_seconds=length)

    loaded(list_of(release()))

    assert reason in match_of(ours).reasons


def test_length_far_apart_lowers_the_confidence(loaded, video):
    near = video(title="Ada Lovelace - Night Engine", length_seconds=216)
    far = video(title="Ada Lovelace - Night Engine", length_seconds=500)

    loaded(list_of(release()))

    assert match_of(far).confidence <= match_of(near).confidence - 10


def test_remix_is_no_sure_match_for_the_original(loaded, video):
    ours = video(title="Ada Lovelace - Night Engine (Babbage Remix)")

    loaded(list_of(release(), release(isrc="GBAYE6800002", title="Other Song")))

    assert match_of(ours).confidence < 90


def test_video_with_another_isrc_is_left_alone(loaded, video):
    video(isrc="USRC17600001", title="Ada Lovelace - Night Engine")

    loaded(list_of(release()))

    assert not ReleaseMatch.objects.exists()


def test_unlike_titles_of_one_artist_are_not_proposed(loaded, video):
    video(title="Ada Lovelace - Completely Different", length_seconds=100)

    loaded(list_of(release()))

    assert not ReleaseMatch.objects.exists()


def test_videos_of_other_owners_and_hidden_ones_are_not_matched(loaded, video):
    other = ContentOwnerFactory()
    video(title="Ada Lovelace - Night Engine", channel__content_owner=other)
    video(title="Ada Lovelace - Night Engine", is_hidden=True)

    made = loaded(list_of(release()))

    assert not ReleaseMatch.objects.exists()
    assert made.counts["unmatched_count"] == 1


def test_recording_on_two_products_is_ambiguous(loaded, video):
    ours = video(isrc="GBAYE6800001", title="Ada Lovelace - Night Engine")

    made = loaded(
        list_of(release(), release(upc="4006381333931", album="Greatest Notes"))
    )

    assert made.counts["ambiguous_count"] == 1
    matches = ReleaseMatch.objects.filter(video=ours)
    assert [match.is_ambiguous for match in matches] == [True, True]


def test_upc_of_the_video_tells_two_products_apart(loaded, video):
    ours = video(isrc="GBAYE6800001", title="Night Engine", upc="4006381333931")

    loaded(list_of(release(), release(upc="4006381333931", album="Greatest Notes")))

    match = match_of(ours)
    assert (match.release.album, match.is_ambiguous) == ("Greatest Notes", False)
    assert "The UPC is the same." in match.reasons


def test_common_words_alone_find_the_same_title(loaded, video, monkeypatch):
    monkeypatch.setattr("catalog.releases.pairing.FEW", 0)
    monkeypatch.setattr("catalog.releases.pairing.COMMON", 1)
    ours = [video(title="Ada Lovelace - Night Engine") for _ in range(3)]

    loaded(list_of(release()))

    assert {m.video for m in ReleaseMatch.objects.all()} == set(ours)


def test_two_words_together_find_what_is_alike(loaded, video, monkeypatch):
    monkeypatch.setattr("catalog.releases.pairing.FEW", 0)
    ours = video(title="Ada Lovelace - Night Engine No. 5")
    video(title="Ada Lovelace - Other Song")

    loaded(list_of(release()))

    assert match_of(ours).method == "text"


def test_matching_again_keeps_what_people_decided(loaded, video):
    refused = video(title="Ada Lovelace - Night Engine")
    accepted = video(isrc="GBAYE6800001", title="Night Engine")
    made = loaded(list_of(release()))
    actor = UserFactory()
    matches = ReleaseMatch.objects.all()
    decisions.refuse_matches(matches=matches.filter(video=refused), actor=actor)
    decisions.accept_matches(matches=matches.filter(video=accepted), actor=actor)

    uploads.request_matching(made)
    runs.run_list(release_list=made)

    assert match_of(refused).state == "refused"
    assert match_of(accepted).state == "accepted"


def test_matching_again_replaces_proposals(loaded, video):
    ours = video(title="Ada Lovelace - Night Engine")
    made = loaded(list_of(release()))

    uploads.request_matching(made)
    runs.run_list(release_list=made)

    assert ReleaseMatch.objects.filter(video=ours).count() == 1
    assert (made.state, made.counts["proposed_count"]) == ("matched", 1)


def test_one_rare_word_and_the_same_length_find_a_misspelt_title(
    loaded, video, monkeypatch
):
    monkeypatch.setattr("catalog.releases.pairing.LONE", 0)
    same_length = video(title="Lovelace - Nite Enjine", length_seconds=216)
    video(title="Lovelace - Nite Enjine", length_seconds=240)

    loaded(list_of(release(artist="Lovelace", title="Night Engine")))

    assert [m.video for m in ReleaseMatch.objects.all()] == [same_length]
