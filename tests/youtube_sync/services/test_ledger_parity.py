"""Where no reply was lost, the ledger holds exactly what YouTube counts."""

import pytest

from tests.youtube_sync.conftest import find_free_port
from tests.youtube_sync.services.conftest import VIDEO_ID, run
from youtube_sync.client import build_youtube_client
from youtube_sync.exceptions import RetryableAPIError, YouTubeAPIError
from youtube_sync.models import MetadataSync, QuotaEntry
from youtube_sync.sandbox.error_table import ERRORS
from youtube_sync.services import quota

pytestmark = pytest.mark.django_db
ANSWERED = (
    "status_500", "status_503", "html_502", "no_errors_array", "unauthorized",
    "quota_exceeded", "daily_429", "rate_limit_429", "rate_limit_403", "forbidden",
)  # fmt: skip
LOST = ("drop_before_commit", "drop_after_commit")


@pytest.fixture
def calls(make_video, youtube):
    """A paid read and a paid write of one video."""
    make_video()
    live = youtube.get_videos([VIDEO_ID])[VIDEO_ID]

    def read():
        with quota.spending(units=1, call="videos.list"):
            youtube.get_videos([VIDEO_ID])

    def write():
        with quota.spending(units=50, call="videos.update"):
            youtube.update_video(live, {"title": "New title"})

    return {"videos.list": read, "videos.update": write}


@pytest.mark.parametrize(
    ("operation", "units"), [("videos.list", 1), ("videos.update", 50)]
)
def test_refused_call_costs_what_youtube_counts(sandbox, calls, operation, units):
    counted = {}

    for reason in ERRORS:
        before, spent = sandbox.units_spent, QuotaEntry.objects.total_units()
        # Twice, because the first 401 only makes the client ask for another token.
        sandbox.add_fault("error", operation, reason=reason, count=-1)
        with pytest.raises(YouTubeAPIError):
            calls[operation]()
        sandbox.sandbox.faults.clear()
        QuotaEntry.objects.filter(state="closed").delete()
        ours = QuotaEntry.objects.total_units() - spent
        counted[reason] = (ours, sandbox.units_spent - before)

    unequal = {reason for reason, (ours, theirs) in counted.items() if ours != theirs}
    assert unequal == set()
    assert {ours for ours, _ in counted.values()} == {0, units}


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("fault", ANSWERED)
def test_failed_call_costs_what_youtube_counts(
    sandbox, make_video, make_plan, connected, fault, count
):
    make_video(title="New title")
    sandbox.add_fault(fault, "videos.update", count=count)

    run(make_plan(), connected)

    assert QuotaEntry.objects.total_units() == sandbox.units_spent


@pytest.mark.parametrize("fault", LOST)
def test_lost_reply_counts_in_full(sandbox, make_video, make_plan, connected, fault):
    make_video(title="New title")
    sandbox.add_fault(fault, "videos.update")

    run(make_plan(), connected)

    over = QuotaEntry.objects.total_units() - sandbox.units_spent
    assert over == (50 if fault == "drop_before_commit" else 0)


@pytest.mark.parametrize("problem", ["invalid_grant", "invalid_client"])
def test_call_without_a_token_is_free(
    sandbox, make_video, make_plan, connected, problem
):
    make_video(title="New title")
    plan = make_plan()
    sandbox.sandbox.oauth.expire("access_token")
    sandbox.add_fault(problem, "oauth.token", count=-1)

    run(plan, connected)

    assert QuotaEntry.objects.total_units() == sandbox.units_spent == 0


def test_call_that_reached_nobody_is_free(make_credentials):
    nowhere = f"http://127.0.0.1:{find_free_port()}"

    with (
        build_youtube_client(make_credentials(), nowhere) as youtube,
        pytest.raises(RetryableAPIError),
        quota.spending(units=1, call="videos.list"),
    ):
        youtube.get_videos([VIDEO_ID])

    assert QuotaEntry.objects.total_units() == 0


def test_record_of_a_write_tells_what_it_cost(
    sandbox, make_video, make_plan, connected
):
    make_video(title="New title")
    sandbox.add_fault("unauthorized", "videos.update", count=2)

    run(make_plan(), connected)

    refused = MetadataSync.objects.get(state="failed")
    assert refused.units == 0
