from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ytmanager import tasks
from ytmanager.models import LiveEvent
from ytmanager.realtime import log, publish
from ytmanager.realtime.events import Event
from ytmanager.realtime.log import current_position, events_since, purge_events, record

GROUPS = ["report.7"]


def progress(rows=1):
    return Event(
        "report.progress", {"report": 7, "state": "reading", "rows_read": rows}
    )


def rows_read(catch_up):
    return [event.payload["rows_read"] for event in catch_up.events]


@pytest.fixture
def announced(monkeypatch):
    """What was handed to the publisher."""
    messages = []
    monkeypatch.setattr(log, "announce", lambda *args: messages.append(args))
    return messages


@pytest.mark.django_db(transaction=True)
def test_event_is_announced_after_the_commit(announced):
    with transaction.atomic():
        row = record(progress(), groups=GROUPS)
        before_commit = list(announced)

    assert before_commit == []
    assert announced == [(row.as_message(), GROUPS)]


@pytest.mark.django_db(transaction=True)
def test_event_of_a_rolled_back_transaction_is_neither_logged_nor_announced(announced):
    with transaction.atomic():
        record(progress(), groups=GROUPS)
        transaction.set_rollback(True)

    assert announced == []
    assert not LiveEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_failing_announcement_leaves_the_caller_alone(monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(log, "announce", fail)

    record(progress(), groups=GROUPS)

    assert LiveEvent.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("groups", [[], ["nowhere"], ["report.7", "report.x"]])
def test_event_for_no_real_group_is_refused(groups):
    with pytest.raises(ValueError, match="Not groups"):
        record(progress(), groups=groups)


@pytest.mark.django_db(transaction=True)
def test_reader_finds_what_it_missed_in_its_groups(announced):
    position = current_position()
    record(progress(1), groups=GROUPS)
    record(progress(2), groups=["report.8"])
    record(progress(3), groups=["everyone", *GROUPS])

    missed = events_since(position, groups=GROUPS)

    assert rows_read(missed) == [1, 3]
    assert not missed.has_gap
    assert rows_read(events_since(missed.position, groups=GROUPS)) == []


@pytest.mark.django_db(transaction=True)
def test_reader_finds_only_the_types_it_may_hear(announced):
    position = current_position()
    record(progress(1), groups=GROUPS)

    missed = events_since(position, groups=GROUPS, types={"video.changed"})

    assert missed.events == []


@pytest.mark.django_db(transaction=True)
def test_reader_that_saw_the_second_event_finds_the_first_that_commits_later(
    announced, open_transaction
):
    position = current_position()

    with open_transaction(lambda: record(progress(1), groups=GROUPS)):
        record(progress(2), groups=GROUPS)
        early = events_since(position, groups=GROUPS)
    late = events_since(early.position, groups=GROUPS)

    assert rows_read(early) == [2]
    assert rows_read(late) == [1, 2]
    known = [event.sequence for event in early.events]
    assert rows_read(events_since(early.position, groups=GROUPS, known=known)) == [1]


@pytest.mark.django_db(transaction=True)
def test_reader_finds_a_low_sequence_of_a_younger_transaction(
    announced, open_transaction
):
    """Numbers are drawn in another order than transactions begin."""
    position = current_position()

    with transaction.atomic():
        LiveEvent.objects.create(type="notification")  # takes the older transaction
        with open_transaction(lambda: record(progress(1), groups=GROUPS)):
            record(progress(2), groups=GROUPS)
            transaction.on_commit(lambda: None)
            inside = events_since(position, groups=GROUPS)
    late = events_since(inside.position, groups=GROUPS)

    assert rows_read(late) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_long_absence_is_a_gap(announced, monkeypatch):
    monkeypatch.setattr(log, "CATCH_UP_LIMIT", 2)
    position = current_position()
    for number in range(3):
        record(progress(number), groups=GROUPS)

    missed = events_since(position, groups=GROUPS)

    assert missed.has_gap
    assert missed.events == []
    assert not events_since(missed.position, groups=GROUPS).has_gap


@pytest.mark.django_db(transaction=True)
def test_position_of_another_database_is_a_gap():
    assert events_since(current_position() + 1_000_000, groups=GROUPS).has_gap


@pytest.mark.django_db(transaction=True)
def test_purge_drops_old_events_and_tells_late_readers(announced):
    before = current_position()
    for number in range(3):
        record(progress(number), groups=GROUPS)
    LiveEvent.objects.update(created_at=timezone.now() - timedelta(hours=25))
    after = current_position()
    record(progress(4), groups=GROUPS)

    deleted_count = purge_events()

    assert deleted_count == 2  # the third stays as the marker
    assert events_since(before, groups=GROUPS).has_gap
    assert rows_read(events_since(after, groups=GROUPS)) == [4]


@pytest.mark.django_db(transaction=True)
def test_purge_keeps_the_newest_rows(announced):
    for number in range(5):
        record(progress(number), groups=GROUPS)
    position = LiveEvent.objects.order_by("sequence")[3].xid

    purge_events(max_rows=2)

    assert rows_read(events_since(position, groups=GROUPS)) == [3, 4]
    assert LiveEvent.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_purge_of_a_young_log_changes_nothing(announced):
    position = current_position()
    record(progress(1), groups=GROUPS)

    deleted_count = purge_events()

    assert deleted_count == 0
    assert rows_read(events_since(position, groups=GROUPS)) == [1]


@pytest.mark.django_db(transaction=True)
def test_purge_twice_keeps_one_marker(announced):
    for number in range(3):
        record(progress(number), groups=GROUPS)
    LiveEvent.objects.update(created_at=timezone.now() - timedelta(hours=25))

    tasks.purge_events(timestamp=0)
    tasks.purge_events(timestamp=3600)

    assert [event.type for event in LiveEvent.objects.all()] == [LiveEvent.PURGED]


@pytest.mark.django_db(transaction=True)
def test_catching_up_costs_three_queries(announced, django_assert_num_queries):
    record(progress(1), groups=GROUPS)

    with django_assert_num_queries(3):
        events_since(0, groups=GROUPS)


def analyze():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ytmanager_liveevent")


@pytest.mark.django_db(transaction=True)
def test_catching_up_uses_the_index_on_transactions(announced):
    LiveEvent.objects.bulk_create(
        LiveEvent(type="notification", groups=["everyone"]) for _ in range(500)
    )
    position = current_position()
    record(progress(1), groups=GROUPS)
    analyze()

    found = LiveEvent.objects.since(position).for_listener(GROUPS, ["report.progress"])

    assert "ytmanager_liveevent_xid" in found.explain()


@pytest.mark.django_db(transaction=True)
def test_purging_uses_the_index_on_moments(announced):
    LiveEvent.objects.bulk_create(
        LiveEvent(type="notification", groups=["everyone"]) for _ in range(500)
    )

    analyze()

    found = LiveEvent.objects.written_before(timezone.now() - timedelta(hours=24))

    assert "ytmanager_liveevent_created" in found.explain()


def test_log_announces_through_the_publisher():
    assert log.announce is publish.announce
