"""Sources with a schedule are looked into at their time."""

from datetime import UTC, datetime

import pytest

from reports import tasks
from reports.models import Report
from reports.services.schedules import (
    find_scheduled_files,
    is_due,
    is_schedule,
)
from tests.factories.reports import ReportSourceFactory

pytestmark = pytest.mark.django_db
SIX = datetime(2026, 6, 1, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def files(report_store):
    for folder in ("daily", "hourly"):
        (report_store / folder).mkdir()
        (report_store / folder / "report.csv").write_bytes(b"video_id\n")


def source(folder, schedule, **facts):
    return ReportSourceFactory(prefix=f"{folder}/", schedule=schedule, **facts)


def test_only_sources_whose_time_has_come_are_looked_into():
    source("daily", "0 7 * * *")
    hourly = source("hourly", "0 * * * *")

    assert find_scheduled_files(now=SIX) == 1
    assert Report.objects.get().source == hourly


@pytest.mark.parametrize("facts", [{"schedule": ""}, {"is_active": False}])
def test_source_without_schedule_or_use_is_left_alone(facts):
    source("daily", **{"schedule": "* * * * *", **facts})

    assert find_scheduled_files(now=SIX) == 0


@pytest.mark.parametrize(
    "broken", [{"schedule": "often"}, {"schedule": "* * * * *", "bucket": "none"}]
)
def test_broken_source_does_not_keep_the_others_waiting(broken):
    ReportSourceFactory(name="A broken one", **broken)
    source("daily", "* * * * *")

    assert find_scheduled_files(now=SIX) == 1


@pytest.mark.parametrize(
    ("looked_at", "expected"),
    [("2026-06-01T04:59Z", True), ("2026-06-01T05:01Z", False)],
)
def test_time_that_passed_while_nobody_looked_is_made_up_for(looked_at, expected):
    found = source("daily", "0 5 * * *", looked_at=datetime.fromisoformat(looked_at))

    assert is_due(found, SIX) is expected


def test_retry_of_a_failed_look_is_due_before_the_schedule():
    found = source("daily", "0 5 * * *", looked_at=SIX, look_again_at=SIX)

    assert is_due(found, SIX)


def test_job_looks_at_the_minute_for_which_it_was_planned():
    source("daily", "0 6 * * *")

    tasks.find_scheduled_files(timestamp=int(SIX.timestamp()))

    assert Report.objects.get().key == "daily/report.csv"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0 6 * * *", True), ("0 6 * * * *", False), ("61 6 * * *", False), ("x", False)],
)
def test_schedule_has_five_fields_as_in_cron(text, expected):
    assert is_schedule(text) is expected
