"""What YouTube says of channels, and the daily row of their counters."""

from datetime import date, timedelta

import pytest

from catalog.models import Channel, ChannelStatistics, ContentOwner, Observation
from catalog.observations.channels import observe_channels
from tests.catalog.observations.conftest import CHANNEL, DAY
from tests.factories.catalog import ChannelFactory
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db

FIGURES = {"subscriber_count": 10, "video_count": 2, "view_count": 5_000_000_000}


@pytest.fixture
def observe_channel(owner):
    """Observe one channel, on day `day`."""

    def run(day=0, hours=0, channel_id=CHANNEL, **facts):
        return observe_channels(
            content_owner=owner,
            as_of=DAY + timedelta(days=day, hours=hours),
            facts=[{"channel_id": channel_id, **facts}],
        )

    return run


def channel():
    return Channel.objects.get(channel_id=CHANNEL)


def days():
    return list(ChannelStatistics.objects.values_list("on", "subscriber_count"))


def test_new_channel_is_created_with_its_facts(observe_channel, owner):
    counts = observe_channel(name="Aurora", country="DE", **FIGURES)

    new = channel()
    assert counts.channels_new == 1
    assert (new.content_owner, new.name, new.country) == (owner, "Aurora", "DE")
    assert (new.view_count, new.as_of) == (5_000_000_000, DAY)
    assert days() == [(date(2026, 3, 10), 10)]


def test_known_channel_follows(observe_channel):
    observe_channel(name="Aurora", description="Old", **FIGURES)

    counts = observe_channel(
        day=1, name="Aurora Music", image_url="https://yt.test/a.jpg", description=""
    )

    known = channel()
    assert counts.channels_changed == 1
    assert (known.name, known.description) == ("Aurora Music", "")
    assert (known.image_url, known.country) == ("https://yt.test/a.jpg", "")


def test_missing_facts_say_nothing(observe_channel):
    observe_channel(name="Aurora", country="DE", **FIGURES)

    observe_channel(day=1, name="Aurora Music")

    known = channel()
    assert (known.country, known.subscriber_count) == ("DE", 10)
    assert days() == [(date(2026, 3, 10), 10)]


def test_hidden_subscribers_are_unknown(observe_channel):
    observe_channel(**FIGURES)

    observe_channel(day=1, **FIGURES | {"subscriber_count": None})

    assert channel().subscriber_count is None
    assert days() == [(date(2026, 3, 11), None), (date(2026, 3, 10), 10)]


def test_last_counters_of_a_day_make_its_row(observe_channel):
    observe_channel(hours=1, **FIGURES)

    observe_channel(hours=23, **FIGURES | {"subscriber_count": 12})

    assert days() == [(date(2026, 3, 10), 12)]


def test_older_facts_are_ignored(observe_channel):
    observe_channel(name="New", **FIGURES)

    counts = observe_channel(day=-1, name="Old", **FIGURES | {"subscriber_count": 5})

    assert counts.channels_older == 1
    assert (channel().name, channel().as_of) == ("New", DAY)
    assert days() == [(date(2026, 3, 10), 10)]


def test_same_facts_later_advance_the_age_only(observe_channel):
    observe_channel(name="Aurora", **FIGURES)

    counts = observe_channel(day=1, name="Aurora", **FIGURES)

    assert (counts.channels_unchanged, counts.channels_changed) == (1, 0)
    assert channel().as_of == DAY + timedelta(days=1)


def test_office_fields_are_left_alone(observe_channel, owner):
    ChannelFactory(
        content_owner=owner,
        channel_id=CHANNEL,
        partner_name="Keller GmbH",
        is_hidden=True,
        is_monetized=True,
    )

    observe_channel(name="Aurora", **FIGURES)

    known = channel()
    assert (known.name, known.partner_name) == ("Aurora", "Keller GmbH")
    assert (known.is_hidden, known.is_monetized) == (True, True)


def test_channel_of_another_owner_is_left_alone(observe_channel):
    other = ContentOwner.objects.create(name="Others")
    ChannelFactory(content_owner=other, channel_id=CHANNEL, name="Theirs")

    counts = observe_channel(name="Ours", **FIGURES)

    assert counts.channels_of_others == 1
    assert (channel().name, days()) == ("Theirs", [])


def test_texts_are_cut_to_what_the_columns_hold(observe_channel):
    observe_channel(name="x" * 201, image_url="https://" + "y" * 500, country="DEU")

    known = channel()
    assert (len(known.name), known.image_url, known.country) == (200, "", "DE")


def test_unknown_fact_is_a_mistake(observe_channel):
    with pytest.raises(KeyError, match="colour"):
        observe_channel(colour="red")


def test_observation_and_event_tell_what_happened(observe_channel):
    observe_channel(name="Aurora", **FIGURES)

    observation = Observation.objects.get()
    event = LiveEvent.objects.get(type="channel.changed")
    assert (observation.source, observation.as_of) == ("refresh", DAY)
    assert observation.counts["channels_new"] == 1
    assert event.payload == {"observation": observation.pk, "count": 1}


@pytest.mark.parametrize("amount", [2, 300])
def test_number_of_queries_does_not_grow(owner, amount, django_assert_max_num_queries):
    facts = [
        {"channel_id": f"UC{number:022}", "name": f"Channel {number}", **FIGURES}
        for number in range(amount)
    ]
    observe_channels(content_owner=owner, as_of=DAY, facts=facts[::2])

    with django_assert_max_num_queries(16):
        observe_channels(content_owner=owner, as_of=DAY, facts=facts)

    assert ChannelStatistics.objects.count() == amount


# Monetization, which reports tell


def is_monetized():
    return Channel.objects.get(channel_id=CHANNEL).is_monetized


def video_facts(number, policy, **facts):
    video_id = f"video-{number:05}"
    policies = {} if policy is None else {"effective_policy": policy}
    return {"video_id": video_id, "channel_id": CHANNEL, **policies, **facts}


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        (["Track in all countries", "Monetize in all countries"], True),
        (["Monetise everywhere", None], True),
        (["Track in all countries", "Block in all countries"], False),
        (["", ""], False),
        ([None, None], None),
    ],
)
def test_one_video_that_monetizes_makes_a_channel_monetized(
    observe, policies, expected
):
    observe(*(video_facts(n, policy) for n, policy in enumerate(policies)))

    assert is_monetized() is expected


def test_monetization_follows_later_reports_only(observe):
    observe(video_facts(1, "Monetize"))

    observe(video_facts(1, "Track"), day=-1)
    assert is_monetized() is True

    observe(video_facts(1, "Track"), day=1)
    assert is_monetized() is False


def test_report_without_policies_says_nothing_of_monetization(observe):
    observe(video_facts(1, "Monetize"))

    observe(video_facts(1, None, title="New"), day=1)

    assert is_monetized() is True


def test_monetization_follows_though_youtube_was_read_since(observe, observe_channel):
    observe_channel(day=5, name="Aurora", **FIGURES)

    observe(video_facts(1, "Monetize", channel_title="Old name"), day=3)

    assert is_monetized() is True
    assert channel().name == "Aurora"


def test_monetization_of_another_owners_channel_is_not_ours_to_tell(observe):
    other = ContentOwner.objects.create(name="Others")
    ChannelFactory(content_owner=other, channel_id=CHANNEL, is_monetized=True)

    observe(video_facts(1, "Track"))

    assert is_monetized() is True
