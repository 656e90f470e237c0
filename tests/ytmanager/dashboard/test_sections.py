"""Sections of the start page: reports, changes, plans, quota, system, steps."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import HighlightCount
from tests.factories.catalog import ContentOwnerFactory, UserFactory, VideoFactory
from tests.factories.reports import ReportFactory, ReportSourceFactory
from tests.factories.youtube_sync import (
    PlanItemFactory,
    PushPlanFactory,
    YouTubeAccountFactory,
)
from youtube_sync.models import QuotaEntry
from youtube_sync.services.quota import pacific_day
from ytmanager.system_status import QueueState

pytestmark = pytest.mark.django_db


def start(browser):
    return browser.get("/admin/").context


def test_last_reports_come_with_their_outcome(admin_client):
    ReportFactory(imported=True, name="good.csv")
    ReportFactory(state="failed", name="bad.csv", error_message="The file is cut.")
    ReportFactory(name="not_begun.csv")

    lines = {
        line.report.name: line.outcome for line in start(admin_client)["last_reports"]
    }

    assert lines == {"good.csv": "10 videos new", "bad.csv": "The file is cut."}


def test_changes_lead_to_the_page_that_counts_the_same(admin_client):
    report = ReportFactory(imported=True)
    HighlightCount.objects.create(
        observation=report.observation, kind="monetization_lost", count=4
    )
    ReportFactory(imported=True)

    (comparison,) = start(admin_client)["changes"]

    (kind,) = comparison.kinds
    cards = admin_client.get(kind.address).context["cards"]
    assert (comparison.report, kind.count) == (report, 4)
    assert [card.count for card in cards if card.is_chosen] == [4]


def test_plans_at_work_and_drafts_are_shown_with_their_forecast(admin_client):
    person = UserFactory()
    running = PushPlanFactory(
        state="running", confirmed_by=person, confirmed_at=timezone.now(), item_count=1
    )
    PlanItemFactory(plan=running)
    draft = PushPlanFactory()
    PushPlanFactory(state="completed", confirmed_by=person)

    lines = start(admin_client)["plans"]

    assert [line.plan for line in lines] == [running, draft]
    assert lines[0].forecast.is_today
    assert lines[1].forecast is None


def test_quota_shows_what_is_used_and_what_plans_need(admin_client, settings):
    settings.YOUTUBE_DAILY_QUOTA = 1_000
    QuotaEntry.objects.create(
        project=settings.GOOGLE_PROJECT,
        quota_on=pacific_day(),
        units=940,
        call="videos.update",
        state="spent",
    )
    person = UserFactory()
    plan = PushPlanFactory(
        state="running", confirmed_by=person, confirmed_at=timezone.now()
    )
    PlanItemFactory(plan=plan)

    quota = start(admin_client)["quota"]

    assert quota.budget.used == 940
    assert quota.needed > 10
    assert not quota.is_enough
    assert quota.days == 1
    listed = admin_client.get(quota.address).context["cl"].result_count
    assert listed == 1


def test_quota_of_yesterday_is_not_in_the_list(admin_client, settings):
    yesterday = pacific_day() - timedelta(days=1)
    QuotaEntry.objects.create(
        project=settings.GOOGLE_PROJECT, quota_on=yesterday, units=50, call="x"
    )

    quota = start(admin_client)["quota"]

    assert quota.budget.used == 0
    assert admin_client.get(quota.address).context["cl"].result_count == 0


def test_account_that_needs_attention_is_told(admin_client):
    YouTubeAccountFactory(name="Main", state="needs_reconnect")

    page = admin_client.get("/admin/").content.decode()

    assert "Main is not connected any more" in page


def queue(name, **facts):
    return QueueState(name, **({"waiting": 0, "running": 0, "failed": 0} | facts))


def test_system_names_queues_without_workers_and_long_waits(admin_client, monkeypatch):
    queues = [
        queue("imports", oldest_seconds=7_200.0, waiting=3, workers=0),
        queue("quick", oldest_seconds=0.0, workers=2),
    ]
    monkeypatch.setattr("ytmanager.system_status.queues", lambda: queues)

    parts = {part.name: part for part in start(admin_client)["system"]}

    assert parts["Workers"].state == "None for imports"
    assert not parts["Workers"].is_well
    assert not parts["Queue"].is_well
    assert parts["Database"].is_well


def test_first_steps_are_ticked_off_and_end_with_the_first_video(admin_client):
    ReportSourceFactory()
    before = start(admin_client)["guide"]

    VideoFactory()

    assert [step.is_done for step in before] == [True, False, False]
    assert start(admin_client)["guide"] is None


@pytest.mark.security
def test_first_steps_are_for_who_can_do_one(client):
    client.force_login(UserFactory(permissions=["catalog.view_video"]))

    assert start(client)["guide"] is None


@pytest.mark.security
@pytest.mark.parametrize(
    ("section", "permissions"),
    [
        ("last_reports", ["reports.view_report"]),
        ("changes", ["reports.view_report", "catalog.view_highlight"]),
        ("plans", ["youtube_sync.view_pushplan"]),
        ("quota", ["youtube_sync.view_quotaentry"]),
        ("troubled_accounts", ["youtube_sync.view_youtubeaccount"]),
        ("growth", ["catalog.view_video"]),
        ("system", ["catalog.view_video"]),
    ],
)
def test_section_needs_its_permissions(client, section, permissions):
    ContentOwnerFactory()
    client.force_login(UserFactory())
    without = start(client)[section]

    client.force_login(UserFactory(permissions=permissions))

    assert without is None
    assert section == "growth" or start(client)[section] is not None


@pytest.mark.security
def test_system_page_is_linked_for_who_may_open_it(client):
    client.force_login(UserFactory(permissions=["catalog.view_video"]))

    assert start(client)["system_address"] == ""
