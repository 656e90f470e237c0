"""The sample goes the way of a real report, and only into an empty catalogue."""

import json
import urllib.request

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import (
    Asset,
    Channel,
    Claim,
    Conflict,
    ContentOwner,
    OwnershipConflict,
    Video,
    YouTubeShorts,
)
from catalog.models.highlight import HighlightCount, HighlightKind
from catalog.services.daily_figures import history
from reports.models import Report

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sample(sandbox, report_store):
    call_command("load_sample", videos=20, seed=3)


def videos_in(sandbox):
    with urllib.request.urlopen(f"{sandbox.url}/sandbox/state") as reply:
        return json.load(reply)["videos"]


def test_sample_fills_the_catalogue(sample):
    assert Video.objects.count() == 20
    assert Asset.objects.exists()
    assert Video.objects.exclude(isrc="").exists()


def test_channels_have_a_history_that_leads_to_their_figures(sample):
    channel = Channel.objects.order_by("-subscriber_count").first()
    days = list(channel.statistics.values_list("subscriber_count", flat=True))

    assert len(days) == 30
    assert days[0] == channel.subscriber_count > days[-1]
    assert channel.country
    assert channel.is_monetized is not None


def test_figures_have_a_history_that_ends_with_the_counts_of_today(sample):
    days = history(timezone.now().date())

    assert {len(counts) for counts in days.values()} == {30}
    assert days["videos"][-1][1] == 20 > days["videos"][0][1]


def test_sample_has_one_content_owner(sample):
    assert ContentOwner.objects.get().name == "Aurora Music"


def test_sample_reports_lie_in_the_store(sample, report_store):
    kinds = [path.name.split("_")[0] for path in sorted(report_store.glob("*.csv"))]

    assert kinds == ["asset", "asset", "claim", "video", "youtube"]


def test_sample_has_claims_conflicts_and_shorts(sample):
    assert Claim.objects.filter(content_type="UGC").exists()
    assert OwnershipConflict.objects.exists()
    assert YouTubeShorts.objects.filter(method="report").exists()
    assert Report.objects.imported().count() == 9


def test_sample_shows_what_changed_and_what_a_person_has_to_decide(
    sandbox, report_store
):
    call_command("load_sample", videos=130, seed=3)

    kinds = set(HighlightCount.objects.values_list("kind", flat=True))
    assert kinds == set(HighlightKind) - {HighlightKind.VIDEO_BACK}
    conflict = Conflict.objects.get()
    assert conflict.ours == f"{conflict.theirs} (Remastered)"
    assert conflict.base == f"{conflict.theirs} [Premiere]"
    assert Video.objects.pending_push().count() == 3


def test_sandbox_holds_videos_of_the_sample(sample, sandbox):
    known = set(Video.objects.values_list("video_id", flat=True))

    assert len(known & set(videos_in(sandbox))) > 10


def test_second_load_changes_nothing(sample, capsys):
    call_command("load_sample", videos=30, seed=4)

    assert Video.objects.count() == 20
    assert "not empty" in capsys.readouterr().out


def test_interrupted_load_goes_on(sandbox, report_store, monkeypatch):
    from ytmanager.management.commands import load_sample

    def fail_at_videos(name, *arguments, **options):
        if name == "import_report" and arguments[0].startswith("video"):
            raise KeyboardInterrupt
        return call_command(name, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(load_sample, "call_command", fail_at_videos)
        with pytest.raises(KeyboardInterrupt):
            call_command("load_sample", videos=20, seed=3)

    assert Report.objects.imported().count() < 9

    call_command("load_sample", videos=20, seed=3)

    assert Report.objects.imported().count() == 9
    assert Video.objects.count() == 20


def test_google_is_left_alone(report_store, settings):
    settings.YOUTUBE_API_BASE = "https://youtube.invalid"

    call_command("load_sample", videos=20, seed=3)

    assert Video.objects.count() == 20


def test_sandbox_that_does_not_answer_gives_a_clear_error(report_store, settings):
    settings.YOUTUBE_API_BASE = "http://127.0.0.1:9"

    with pytest.raises(CommandError, match="The sandbox was not loaded"):
        call_command("load_sample", videos=20, seed=3)
