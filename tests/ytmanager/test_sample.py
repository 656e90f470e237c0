"""The sample goes as a whole, leaves real data alone, and stays where they need it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection

from catalog.models import ChangeSet, ContentOwner, Video
from catalog.services.videos import update_video
from reports.models import Report, ReportSource
from tests.factories.catalog import ChannelFactory, UserFactory, VideoFactory
from tests.factories.youtube_sync import PlanItemFactory, PushPlanFactory
from ytmanager.sample import SampleInUseError, find_sample, remove_sample

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
PAGE = "/admin/sample/remove/"


@pytest.fixture
def sample(sandbox, report_store):
    call_command("load_sample", videos=20, seed=3)
    return ContentOwner.objects.get()


def filled_tables():
    """Tables of the three apps that hold rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename ~ '^(catalog|reports|youtube_sync)_'"
        )
        names = [name for (name,) in cursor.fetchall()]
        filled = set()
        for name in names:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {name})")
            if cursor.fetchone()[0]:
                filled.add(name)
    return filled


def test_removed_sample_leaves_nothing_behind(sample, admin_user, report_store):
    remove_sample(actor=admin_user)

    assert filled_tables() == set()
    assert [path for path in report_store.rglob("*") if path.is_file()] == []


def test_edits_and_pushes_of_the_sample_go_with_it(sample, admin_user):
    video = Video.objects.exclude(isrc="").first()
    update_video(video=video, values={"title": "Tried"}, actor=admin_user, reason="")
    plan = PushPlanFactory(account__content_owner=sample)
    PlanItemFactory(plan=plan, video=video)

    remove_sample(actor=admin_user)

    assert filled_tables() == set()


def test_real_data_beside_the_sample_stay(sample, admin_user):
    video = VideoFactory()
    update_video(video=video, values={"title": "Ours"}, actor=admin_user, reason="")
    PlanItemFactory(video=video)

    remove_sample(actor=admin_user)

    assert list(Video.objects.values_list("title", flat=True)) == ["Ours"]
    assert ChangeSet.objects.get().changes.count() == 1
    assert video.plan_items.exists()


def test_removal_is_noted_with_who_did_it(sample, admin_user):
    remove_sample(actor=admin_user)

    entry = LogEntry.objects.get(user=admin_user)
    assert "20 videos" in entry.change_message


def test_real_video_of_the_sample_owner_stops_the_removal(sample, admin_user):
    VideoFactory(channel=ChannelFactory(content_owner=sample))

    with pytest.raises(SampleInUseError, match="1 videos of Aurora Music"):
        remove_sample(actor=admin_user)

    assert Video.objects.count() == 21


def test_source_for_the_sample_owner_stops_the_removal(sample, admin_user):
    ReportSource.objects.create(name="Nightly", content_owner=sample)

    with pytest.raises(SampleInUseError, match="report source"):
        remove_sample(actor=admin_user)


def test_connected_google_account_stops_the_removal(sample, admin_user, settings):
    settings.YOUTUBE_API_BASE = "https://youtube.googleapis.com"
    PushPlanFactory(account__content_owner=sample)

    with pytest.raises(SampleInUseError, match="Google account"):
        remove_sample(actor=admin_user)


def test_running_import_of_the_sample_stops_the_removal(sample, admin_user):
    Report.objects.filter(content_owner=sample).update(state="waiting")

    with pytest.raises(SampleInUseError, match="under way"):
        remove_sample(actor=admin_user)


def test_owner_without_the_mark_is_no_sample(admin_user):
    VideoFactory()

    assert find_sample() is None
    with pytest.raises(SampleInUseError, match="no sample"):
        remove_sample(actor=admin_user)


def test_page_says_what_goes_and_removes_it(sample, admin_client):
    asked = admin_client.get(PAGE).content.decode()
    kept = Video.objects.count()

    reply = admin_client.post(PAGE, follow=True)

    assert "20 videos" in asked
    assert kept == 20
    assert not Video.objects.exists()
    assert "are removed" in reply.content.decode()
    assert admin_client.get(PAGE).status_code == 404


def test_page_of_a_sample_in_use_says_why_and_offers_no_button(sample, admin_client):
    VideoFactory(channel=ChannelFactory(content_owner=sample))

    page = admin_client.get(PAGE).content.decode()

    assert "not of the sample" in page
    assert "Remove the sample data</button>" not in page


@pytest.mark.security
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_is_for_administrators(sample, client, method):
    client.force_login(UserFactory(permissions=["catalog.view_video"]))

    reply = getattr(client, method)(PAGE)

    assert reply.status_code == 403
    assert Video.objects.exists()
    assert client.get("/admin/").context["sample_address"] == ""
