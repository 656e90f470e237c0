"""The merge: one test for each row of the architecture's table of rules."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.choices import Source
from catalog.models import (
    Asset,
    Change,
    Channel,
    Conflict,
    ContentOwner,
    PushedValue,
    Video,
)
from catalog.observations.observe import observe_assets
from tests.catalog.observations.conftest import (
    CHANNEL,
    DAY,
    VIDEO,
    claim,
    claims_of,
    video,
)
from tests.factories.catalog import AssetFactory, VideoFactory

pytestmark = pytest.mark.django_db


def test_new_video_gets_snapshot_counters_verdict_and_history(observe):
    counts = observe(
        title="Song", tags=["a", "b"], embeddable=True, length_seconds=200, view_count=7
    )

    new = video()
    assert counts.videos_new == 1
    assert (new.title, new.tags, new.embeddable) == ("Song", ["a", "b"], True)
    assert (new.snapshot.title, new.snapshot.description) == ("Song", None)
    assert (new.statistics.view_count, new.statistics.snippet_as_of) == (7, DAY)
    assert (new.short.verdict, new.short.method) == ("no", "rule")
    assert new.pending_fields == []
    created = Change.objects.get(video=new)
    assert (created.field, created.new["title"]) == ("created", "Song")
    assert Channel.objects.get().channel_id == CHANNEL


def test_same_facts_again_change_nothing(observe):
    observe(title="Song", view_count=7, claims=[claim("A1")])
    version = video().row_version

    counts = observe(title="Song", view_count=7, claims=[claim("A1")])

    assert counts.videos_unchanged == 1
    assert (counts.videos_changed, counts.claims_changed, counts.claims_new) == (0,) * 3
    assert video().row_version == version
    assert Change.objects.count() == 1


def test_unedited_value_follows_and_is_logged(observe):
    observe(title="Old")

    counts = observe(title="New", day=1)

    assert counts.videos_changed == 1
    assert (video().title, video().snapshot.title) == ("New", "New")
    change = Change.objects.get(field="title")
    assert (change.old, change.new) == ("Old", "New")
    assert change.observation.source == Source.REPORT


def test_first_value_of_a_field_is_adopted(observe):
    observe(title="Song")

    observe(made_for_kids=False, tags=["x"], day=1)

    assert (video().made_for_kids, video().tags) == (False, ["x"])
    assert video().pending_fields == []
    change = Change.objects.get(field="first_observed")
    assert change.new == {"made_for_kids": False, "tags": ["x"]}


@pytest.mark.parametrize(
    ("day", "fact", "wanted", "pending", "conflicts"),
    [
        (-1, "Anything", "Ours", ["title"], 0),
        (1, "Old", "Ours", ["title"], 0),
        (1, "Ours", "Ours", [], 0),
        (1, "Third", "Ours", ["title"], 1),
    ],
    ids=["before the edit", "old title", "new title", "third title"],
)
def test_edited_title_survives_every_report(
    observe, edit, day, fact, wanted, pending, conflicts
):
    observe(title="Old")
    edit(title="Ours")

    observe(title=fact, day=day)

    assert video().title == wanted
    assert video().pending_fields == pending
    assert Conflict.objects.open().count() == conflicts


def test_conflict_keeps_base_ours_and_theirs(observe, edit):
    observe(title="Old")
    edit(title="Ours")

    counts = observe(title="Third", day=1)
    observe(title="Fourth", day=2)

    conflict = Conflict.objects.get()
    assert counts.conflicts == 1
    assert (conflict.base, conflict.ours, conflict.theirs) == ("Old", "Ours", "Fourth")


@pytest.mark.parametrize(
    ("fact", "state", "pending"),
    [("Ours", "agreed", []), ("Old", "returned", ["title"])],
)
def test_conflict_closes_itself(observe, edit, fact, state, pending):
    observe(title="Old")
    edit(title="Ours")
    observe(title="Third", day=1)

    observe(title=fact, day=2)

    assert Conflict.objects.get().state == state
    assert video().pending_fields == pending
    assert video().title == "Ours"


def test_edit_of_a_never_observed_field_meets_its_first_fact_as_conflict(observe, edit):
    observe(title="Song")
    edit(description="Ours")

    observe(description="Theirs", day=1)

    conflict = Conflict.objects.get()
    assert (conflict.base, conflict.ours, conflict.theirs) == (None, "Ours", "Theirs")
    assert video().description == "Ours"


def test_pinned_value_stays_and_counts(observe, edit):
    observe(title="Old")
    edit(pinned_fields=["title"])

    counts = observe(title="New", day=1)

    assert counts.pinned_kept == 1
    assert (video().title, video().snapshot.title) == ("Old", "New")
    assert video().pending_fields == ["title"]
    assert not Conflict.objects.exists()


def test_older_facts_are_ignored_with_counters(observe):
    observe(title="New", view_count=10, day=2)

    counts = observe(title="Old", view_count=5, day=1)

    assert counts.videos_older == 1
    assert video().title == "New"
    assert video().statistics.view_count == 10


def test_age_advances_without_a_change(observe):
    observe(title="Song", day=0)
    observe(title="Song", day=3)

    observe(title="Stale", day=2)

    assert video().title == "Song"


def test_older_fact_still_fills_what_was_never_observed(observe):
    observe(title="Song", day=2)

    observe(title="Old", description="Text", day=1)

    assert (video().title, video().description) == ("Song", "Text")


def test_counters_keep_their_previous_value_and_date(observe):
    observe(view_count=10)

    counts = observe(view_count=25, day=1)

    statistics = video().statistics
    assert counts.videos_counters_only == 1
    assert (statistics.view_count, statistics.previous_view_count) == (25, 10)
    assert statistics.previous_as_of == DAY


def test_column_without_a_fact_says_nothing(observe):
    observe(title="Song", description="Text", tags=["a"])

    observe(title="Song", day=1)

    assert (video().description, video().tags) == ("Text", ["a"])


def test_observed_empty_value_clears_where_nobody_edited(observe):
    observe(title="Song", tags=["a"], description="Text")

    observe(tags=[], description="", day=1)

    assert (video().tags, video().description) == ([], "")


def test_observed_only_columns_follow(observe):
    observe(length_seconds=50, effective_policy="Monetize in all countries")

    observe(length_seconds=300, effective_policy="Block worldwide", day=1)

    assert video().length_seconds == 300
    assert video().policy == "block"
    assert video().short.verdict == "no"


def test_primary_asset_feeds_the_asset_part(observe):
    observe(title="Song", claims=[claim("A2"), claim("A1")])

    observe(assets=[{"asset_id": "A1", "artist": ["Band"], "isrc": "QZABC2500001"}])

    found = video()
    assert found.primary_asset.asset_id == "A1"
    assert found.has_several_assets
    assert (found.artist, found.isrc) == (["Band"], "QZABC2500001")
    assert found.pending_fields == []


def test_composition_is_never_the_primary_asset(observe):
    observe(
        assets=[
            {"asset_id": "A1", "asset_type": "COMPOSITION_SHARE"},
            {"asset_id": "A2", "asset_type": "SOUND_RECORDING", "label": "L"},
        ]
    )

    observe(title="Song", claims=[claim("A1"), claim("A2")])

    assert video().primary_asset.asset_id == "A2"
    assert video().label == "L"


def test_claim_of_ugc_is_no_primary_asset(observe):
    observe(title="Song", claims=[claim("A1", is_partner_provided=False)])

    assert video().primary_asset is None
    assert claims_of().count() == 1


def test_claims_on_other_peoples_videos_stay_claims(observe):
    observe(claims=[claim("A1", video_id="zzzzzzzzzzz")])

    assert not Video.objects.exists()
    assert claims_of("zzzzzzzzzzz").count() == 1


def test_edit_without_an_asset_is_not_pending(observe, edit):
    observe(title="Song")

    edit(isrc="QZABC2500001")

    assert video().isrc == "QZABC2500001"
    assert video().pending_fields == []


def test_edited_isrc_meets_a_third_value_from_the_asset_as_conflict(observe, edit):
    observe(title="Song", claims=[claim("A1")])
    observe(assets=[{"asset_id": "A1", "isrc": "QZABC2500001"}])
    edit(isrc="QZABC2500002")

    observe(assets=[{"asset_id": "A1", "isrc": "QZABC2500003"}], day=1)

    assert video().isrc == "QZABC2500002"
    assert Conflict.objects.get().theirs == "QZABC2500003"


def test_video_row_fills_an_asset_only_until_an_asset_report_spoke(observe):
    row = {"asset_id": "A1", "isrc": "QZABC2500001", "custom_id": "row"}
    observe(title="Song", claims=[claim("A1")], assets=[row], day=2)
    report = {"asset_id": "A1", "isrc": "QZABC2500009", "artist": ["Band"]}

    observe(assets=[report], day=1)
    observe(title="Song", assets=[row], day=3)

    asset = Asset.objects.get()
    assert (asset.isrc, asset.custom_id) == ("QZABC2500009", "row")
    assert (video().isrc, video().artist) == ("QZABC2500009", ["Band"])


def test_report_of_another_owner_changes_nothing_of_our_assets(observe):
    observe(title="Song", claims=[claim("A1")])
    observe(assets=[{"asset_id": "A1", "label": "Ours"}], day=1)
    other = ContentOwner.objects.create(name="Other")

    observe_assets(
        content_owner=other,
        source=Source.REPORT,
        as_of=DAY + timedelta(days=2),
        facts=[{"asset_id": "A1", "label": "Theirs"}],
    )

    assert Asset.objects.get().label == "Ours"
    assert (video().primary_asset.asset_id, video().label) == ("A1", "Ours")


def test_edit_made_while_a_push_was_under_way_stays_pending(observe, edit):
    observe(title="Old", day=-100)
    edit(title="Newer")

    reply = {"title": "New", "sent": {"title": "New"}}
    counts = observe(**reply, source=Source.PUSH_REPLY, day=1)

    assert (video().title, video().snapshot.title) == ("Newer", "New")
    assert video().pending_fields == ["title"]
    assert counts.conflicts == 0


def test_edit_of_an_asset_field_while_its_push_was_under_way(observe, edit):
    observe(title="Song", claims=[claim("A1")], day=-100)
    observe(assets=[{"asset_id": "A1", "label": "Old"}], day=-99)
    edit(label="Newer")

    reply = {"asset_id": "A1", "label": "New", "sent": {"label": "New"}}
    counts = observe(assets=[reply], source=Source.PUSH_REPLY, day=1)

    assert (video().label, video().pending_fields) == ("Newer", ["label"])
    assert counts.conflicts == 0


def test_value_that_youtube_altered_on_its_way_is_a_conflict(observe, edit):
    observe(title="Old", day=-100)
    edit(title="New")

    reply = {"title": "NEW", "sent": {"title": "New"}}
    observe(**reply, source=Source.PUSH_REPLY, day=1)

    assert Conflict.objects.get().theirs == "NEW"


def test_stale_read_after_a_push_says_nothing(observe, edit):
    observe(title="Old", day=-100)
    edit(title="New")
    observe(title="New", source=Source.PUSH_REPLY, day=1)

    observe(title="Old", source=Source.REFRESH, day=2)

    assert (video().title, video().snapshot.title) == ("New", "New")
    assert video().pending_fields == []


def test_third_value_read_after_a_push_is_a_conflict(observe, edit):
    observe(title="Old", day=-100)
    edit(title="New")
    observe(title="New", source=Source.PUSH_REPLY, day=1)

    observe(title="Third", source=Source.REFRESH, day=2)

    assert (video().title, video().snapshot.title) == ("New", "Third")
    conflict = Conflict.objects.open().get()
    assert (conflict.ours, conflict.theirs) == ("New", "Third")


def test_third_value_read_long_after_a_push_follows(observe, edit):
    observe(title="Old", day=-100)
    edit(title="New")
    observe(title="New", source=Source.PUSH_REPLY, day=1)
    PushedValue.objects.update(pushed_at=timezone.now() - timedelta(hours=2))

    observe(title="Third", source=Source.REFRESH, day=2)

    assert video().title == "Third"


def test_stale_read_after_the_push_of_a_pinned_value_says_nothing(observe, edit):
    observe(title="Old", day=-100)
    edit(title="New", pinned_fields=["title"])
    observe(title="New", source=Source.PUSH_REPLY, day=1)

    observe(title="Old", source=Source.REFRESH, day=2)

    assert video().pending_fields == []


@pytest.mark.parametrize(
    ("day", "row"),
    [(5, {"isrc": "", "upc": ""}), (1, {"isrc": "QZABC2500009"})],
    ids=["newer and empty", "older and different"],
)
def test_row_without_an_asset_leaves_the_metadata_of_the_asset(observe, day, row):
    observe(title="Song", claims=[claim("A1")], day=2)
    observe(assets=[{"asset_id": "A1", "isrc": "QZABC2500001", "upc": "1"}], day=3)

    observe(title="Song", day=day, **row)

    found = video()
    assert (found.isrc, found.snapshot.isrc) == ("QZABC2500001", "QZABC2500001")
    assert found.upc == "1"


def test_row_without_an_asset_fills_a_video_without_one(observe):
    observe(title="Song")

    observe(title="Song", isrc="QZABC2500001", day=1)

    assert video().isrc == "QZABC2500001"


def test_video_that_loses_its_asset_follows_its_row_at_once(observe):
    observe(title="Song", claims=[claim("A1")])
    observe(assets=[{"asset_id": "A1", "label": "X"}], day=1)
    lost = [claim("A1", is_partner_provided=False)]
    observe(title="Song", label="Y", claims=lost, day=2)

    again = observe(title="Song", label="Y", claims=lost, day=2)

    assert (video().primary_asset, video().label) == (None, "Y")
    assert (again.videos_unchanged, again.videos_changed) == (1, 0)


def test_video_follows_to_another_channel(observe):
    observe(title="Song")
    other = "UC" + "b" * 22

    observe({"video_id": VIDEO, "channel_id": other, "title": "Song"}, day=1)

    assert video().channel.channel_id == other


def test_older_report_does_not_move_a_video_back(observe):
    observe(title="Song")
    other = "UC" + "b" * 22

    observe({"video_id": VIDEO, "channel_id": other, "title": "Song"}, day=-1)

    assert video().channel.channel_id == CHANNEL


def test_search_text_follows_the_values(observe):
    observe(title="東京の夜 LIVE")

    assert Video.objects.search("夜").count() == 1
    assert Video.objects.search("京の").count() == 1
    assert Video.objects.search("li").count() == 1
    assert Video.objects.search("iv").count() == 0
    assert Video.objects.search("live 東京").count() == 1
    assert Video.objects.search(f"live {VIDEO}").count() == 1
    assert Video.objects.search(VIDEO[3:9]).count() == 0


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("US-S1Z-99-00001", 1),
        ("uss1z", 1),
        ("song uss1z99", 1),
        ("uss1y", 0),
        ("0360002", 1),
        ("9036000", 0),
        ("A000000000000001", 1),
        ("a000000000000001 song", 1),
        ("A000000000000002", 0),
        ("release-17", 1),
    ],
)
def test_search_finds_identifiers_and_their_beginnings(term, found):
    VideoFactory(
        title="Song",
        isrc="USS1Z9900001",
        upc="036000291452",
        custom_id="Release-17",
        primary_asset=AssetFactory(asset_id="A000000000000001"),
    )

    assert Video.objects.search(term).count() == found


@pytest.mark.parametrize("title", ["İstanbul", "ΟΔΟΣ", "Straße", "Ǆungla", "é"])
def test_search_finds_a_title_as_it_is_written(observe, title):
    observe(title=title)

    assert Video.objects.search(title).count() == 1
