"""What a report changed that people act on."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.choices import Source
from catalog.models import (
    Channel,
    Highlight,
    HighlightCount,
    HighlightKind,
    Observation,
)
from catalog.observations import merge, staging
from catalog.observations.run import Listing
from tests.catalog.observations.conftest import CHANNEL, DAY, VIDEO, video

pytestmark = pytest.mark.django_db

OTHER = "UC" + "b" * 22


@pytest.fixture
def report(owner):
    """Merge a complete video report of day `day`; each fact is one video."""

    def run(*facts, day=0, start=DAY):
        observation = Observation.objects.create(
            content_owner=owner,
            source=Source.REPORT,
            as_of=start + timedelta(days=day),
        )
        tables = staging.create_fact_tables(observation)
        staging.copy_facts(tables.videos, facts)
        listing = Listing(are_gone=lambda listed, missing: True)
        merge.merge_facts(observation=observation, tables=tables, listing=listing)
        staging.drop_fact_tables(tables)
        return observation

    return run


def fact(number=1, channel=CHANNEL, **facts):
    return {"video_id": f"video{number:06d}", "channel_id": channel, **facts}


def found(kind, observation=None):
    rows = Highlight.objects.filter(kind=kind)
    if observation:
        rows = rows.filter(observation=observation)
    return [(h.video.video_id, h.old, h.new) for h in rows]


# CLAIMS


@pytest.mark.parametrize(
    ("before", "after", "is_found"),
    [
        ({"claimed_by_another_owner": False}, {"claimed_by_another_owner": True}, True),
        ({"claimed_by_another_owner": True}, {"claimed_by_another_owner": True}, False),
        (
            {"claimed_by_another_owner": True},
            {"claimed_by_another_owner": False},
            False,
        ),
        ({"title": "A"}, {"claimed_by_another_owner": True}, False),
        (
            {"claimed_by_another_owner": False, "other_owners_claiming": ""},
            {"claimed_by_another_owner": True, "other_owners_claiming": "X"},
            True,
        ),
        ({"other_owners_claiming": "X"}, {"other_owners_claiming": "X|Y"}, True),
        ({"other_owners_claiming": "X, Y"}, {"other_owners_claiming": "Y | X"}, False),
        ({"other_owners_claiming": "X|Y"}, {"other_owners_claiming": "Y"}, False),
        ({"other_owners_claiming": "X"}, {"other_owners_claiming": ""}, False),
        ({"title": "A"}, {"other_owners_claiming": "X"}, False),
    ],
)
def test_third_party_claim_is_new_when_somebody_else_joins(
    observe, before, after, is_found
):
    observe(**before)

    observe(day=1, **after)

    assert bool(found("third_party_claim")) is is_found


def test_first_other_owner_is_news_where_reports_have_no_flag(observe):
    other = {"video_id": "x" * 11, "channel_id": CHANNEL, "other_owners_claiming": "Z"}
    observe(other, other_owners_claiming="")

    observe(other, day=1, other_owners_claiming="X")

    assert found("third_party_claim") == [(VIDEO, "", "X")]


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ("Monetize in all countries", "Block worldwide", "block"),
        ("Monetise", "Track everywhere", "track"),
    ],
)
def test_video_that_no_longer_monetizes_is_named(observe, before, after, new):
    observe(effective_policy=before)

    observe(day=1, effective_policy=after)

    assert found("monetization_lost") == [(VIDEO, "monetize", new)]


@pytest.mark.parametrize(
    ("before", "after"), [("Block", "Monetize"), ("Track", "Block"), ("Block", "Block")]
)
def test_other_changes_of_policy_are_not_named(observe, before, after):
    observe(effective_policy=before)

    observe(day=1, effective_policy=after)

    assert found("monetization_lost") == []


def test_lost_ownership_is_named(observe):
    observe(claimed_by_this_owner=True)

    observe(day=1, claimed_by_this_owner=False)

    assert found("ownership_lost") == [(VIDEO, True, False)]


def test_older_facts_are_no_news(observe):
    observe(day=5, claimed_by_this_owner=True)

    observe(day=1, claimed_by_this_owner=False)

    assert not Highlight.objects.exists()


def test_same_facts_again_are_no_news(observe):
    observe(claimed_by_this_owner=True)
    observe(day=1, claimed_by_this_owner=False)

    observe(day=1, claimed_by_this_owner=False)

    assert Highlight.objects.count() == 1


@pytest.mark.parametrize("source", [Source.REFRESH, Source.PUSH_REPLY])
def test_only_reports_have_highlights(observe, source):
    observe(claimed_by_this_owner=True)

    observe(day=1, source=source, claimed_by_this_owner=False)

    assert not Highlight.objects.exists()
    assert not HighlightCount.objects.exclude(kind="video_new").exists()


def test_new_conflict_is_named_once(observe, edit):
    observe(title="Base")
    edit(title="Ours")

    observe(day=1, title="Theirs")
    observe(day=2, title="Theirs again")

    assert found("conflict") == [(VIDEO, "Ours", "Theirs")]


# VIEWS


def test_daily_views_are_kept_with_those_before(report):
    for day, count in enumerate((1000, 3000, 3500)):
        report(fact(view_count=count), day=day)

    statistics = video("video000001").statistics
    assert (statistics.daily_views, statistics.previous_daily_views) == (500, 2000)
    assert (statistics.view_count, statistics.previous_view_count) == (3500, 3000)


def test_daily_views_are_views_a_day(report):
    report(fact(view_count=1000), day=0)

    report(fact(view_count=1700), day=7)

    assert video("video000001").statistics.daily_views == 100


def test_counts_on_the_same_day_make_no_rate(report):
    report(fact(view_count=1000), day=0)
    report(fact(view_count=2000), day=1)

    report(fact(view_count=9000), day=1.2)

    assert video("video000001").statistics.daily_views == 1000


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ((0, 1_000, 5_000), "views_up"),
        ((0, 1_000, 3_000), None),  # not three times as many
        ((0, 100, 1_000), None),  # not a thousand more
        ((0, 0, 1_000), "views_up"),
        ((0, 9_000, 12_000), "views_down"),
        ((0, 9_000, 9_000), "views_down"),
        ((0, 9_000, 13_000), None),
        ((0, 1_200, 1_500), None),
        ((9_000, 9_000), None),  # no rate before
    ],
)
def test_views_that_rose_or_fell_much_are_named(report, counts, kind):
    for day, count in enumerate(counts):
        observation = report(fact(view_count=count), day=day)

    kinds = [h.kind for h in Highlight.objects.filter(observation=observation)]

    assert kinds == ([kind] if kind else [])


def test_thresholds_are_settings(report, settings):
    settings.VIEWS_MOVED_FACTOR, settings.VIEWS_MOVED_MINIMUM = 2, 10
    for day, count in enumerate((0, 10, 30)):
        report(fact(view_count=count), day=day)

    assert found("views_up") == [("video000001", 10, 20)]


def test_same_report_again_names_no_views(report):
    for day, count in ((0, 0), (1, 1_000), (2, 9_000)):
        report(fact(view_count=count), day=day)

    report(fact(view_count=9_000), day=2)

    assert len(found("views_up")) == 1


@pytest.mark.parametrize(
    ("start", "length", "note"),
    [
        ("2026-08-25", 30, "first_frame"),
        ("2026-08-26", 30, "first_frame"),
        ("2026-08-28", 30, ""),
        ("2025-03-30", 30, "shorts_starts"),
        ("2025-03-30", 3600, ""),
    ],
)
def test_views_over_a_new_way_of_counting_carry_a_note(report, start, length, note):
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    for day, count in enumerate((0, 1_000, 9_000)):
        facts = fact(view_count=count, length_seconds=length)
        report(facts, day=day, start=begin)

    assert Highlight.objects.get(kind="views_up").note == note


# NEW, MISSING AND BACK


def test_first_report_of_an_owner_counts_and_names_nothing(report):
    report(fact(1), fact(2), fact(3, channel=OTHER))

    assert not Highlight.objects.exists()
    counts = HighlightCount.objects.filter(kind="video_new")
    assert {(c.channel.channel_id, c.count) for c in counts} == {
        (CHANNEL, 2),
        (OTHER, 1),
    }


def test_new_videos_rank_by_their_views_a_day(report):
    report(fact(1))
    week = DAY - timedelta(days=7)

    report(
        fact(1),
        fact(2, view_count=800, published_at=week),
        fact(3, view_count=900, published_at=DAY),
        fact(4, view_count=999),
        day=1,
    )

    rows = Highlight.objects.filter(kind="video_new")
    assert [(h.video.video_id[-1], h.daily_views) for h in rows] == [
        ("3", 900),
        ("2", 100),
        ("4", None),
    ]


def test_missing_and_returning_videos_are_named(report):
    report(fact(1), fact(2))

    gone = report(fact(1), day=1)
    back = report(fact(1), fact(2), day=2)

    assert [row[0] for row in found("video_missing", gone)] == ["video000002"]
    assert [row[0] for row in found("video_back", back)] == ["video000002"]


# KEEPING


def test_rows_of_a_kind_are_limited_and_counts_are_not(report, settings):
    settings.HIGHLIGHTS_KEPT = 2
    report(*(fact(n, claimed_by_this_owner=True, view_count=0) for n in range(4)))

    after = [fact(n, claimed_by_this_owner=False, view_count=n * 10) for n in range(4)]
    report(*after, day=1)

    assert [row[0][-1] for row in found("ownership_lost")] == ["3", "2"]
    assert HighlightCount.objects.get(kind="ownership_lost").count == 4


def test_highlights_are_counted_by_channel(report):
    both = (fact(1), fact(2, channel=OTHER))
    report(*({**f, "claimed_by_this_owner": True} for f in both))

    report(*({**f, "claimed_by_this_owner": False} for f in both), day=1)

    counts = HighlightCount.objects.filter(kind=HighlightKind.OWNERSHIP_LOST)
    assert sorted(c.channel.channel_id for c in counts) == sorted(
        Channel.objects.values_list("channel_id", flat=True)
    )
    assert Highlight.objects.filter(channel__channel_id=OTHER).count() == 1


def test_old_rows_are_dropped_and_their_counts_stay(report):
    first = report(fact(1))
    report(day=1)
    assert Highlight.objects.exists()
    long_ago = datetime.now(UTC) - timedelta(days=91)
    Observation.objects.exclude(pk=first.pk).update(created_at=long_ago)

    report(day=2)

    assert not Highlight.objects.exists()
    assert HighlightCount.objects.filter(kind="video_missing").exists()
