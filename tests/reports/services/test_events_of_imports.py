"""However large a report is, its import tells open pages a few things."""

import pytest
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from catalog.doors import Door, opened
from catalog.models import Video
from tests.reports.conftest import video_file, video_row
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db

MOST = 8  # of any import: its states, one batch of videos, one of conflicts


@pytest.fixture
def events_of(run):
    """Types of what an import of so many videos logs."""

    def events(count, *, day, title):
        before = set(LiveEvent.objects.values_list("pk", flat=True))
        rows = [video_row(n, video_title=f"{title} {n}") for n in range(count)]
        report = run(video_file(*rows), day=day)
        assert report.rows_read == count
        logged = LiveEvent.objects.exclude(pk__in=before)
        return sorted(logged.values_list("type", flat=True))

    return events


def edit_everything():
    """People want other titles than YouTube shows."""
    with transaction.atomic(), opened(Door.CHANGE_SET):
        Video.objects.update(title=Concat(F("title"), Value(" (ours)")))


def test_import_of_ten_times_the_rows_logs_the_same_events(events_of):
    few = events_of(200, day=1, title="First")
    many = events_of(2_000, day=2, title="Second")

    assert few == many
    assert many.count("video.changed") == 1
    assert len(many) <= MOST


def test_conflicts_of_an_import_are_one_event_however_many(events_of):
    found = []
    for day, count in ((1, 200), (3, 1_000)):
        events_of(count, day=day, title="Base")
        edit_everything()
        found.append(events_of(count, day=day + 1, title=f"Theirs {day}"))

    few, many = found
    assert few == many
    assert many.count("conflict.opened") == 1
    assert len(many) <= MOST
