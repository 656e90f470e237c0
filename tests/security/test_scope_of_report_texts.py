"""What a report says to people with a scope: no name of another content owner."""

import pytest
from rest_framework.test import APIClient

from catalog.models import ContentOwner
from reports.services.progress import record_state
from tests.factories.catalog import ContentOwnerFactory, UserFactory
from tests.factories.reports import ReportFactory
from tests.security.worlds import person_with
from ytmanager.models import LiveEvent, Notification

pytestmark = [pytest.mark.security, pytest.mark.django_db]

TEXT = "It has 3 rows about videos of Theirs Owner and none of Ours Owner."


@pytest.fixture
def report(ours, theirs):
    """It asks whose it is, as an import does that finds rows of others."""
    return ReportFactory(
        name="mixed.csv",
        content_owner=ours["contentowner"],
        state="needs_answer",
        error_message=TEXT,
        warnings=["As video_report_Theirs_Owner_V_v1-4.csv (report 1)."],
        duplicate_of=theirs["report"],
        dry_run={
            "videos": [
                {"video_id": theirs["video"].video_id, "title": "Theirs", "fields": []},
                {"video_id": ours["video"].video_id, "title": "Ours", "fields": []},
            ],
            "new_videos": [],
        },
        question={
            "topic": "content_owner",
            "options": ["Ours Owner", "Theirs Owner"],
            "rows": {"Theirs Owner": 3},
            "own_rows": 0,
            "new": "",
        },
    )


def test_page_names_no_other_owner(client, person, report):
    client.force_login(person)

    page = client.get(f"/admin/reports/report/{report.pk}/change/").content.decode()

    assert "Theirs" not in page
    assert "videos of another content owner and none of Ours Owner" in page


def test_start_page_names_no_other_owner(client, person, report):
    client.force_login(person)

    page = client.get("/admin/").content.decode()

    assert "mixed.csv" in page
    assert "Theirs" not in page


@pytest.mark.parametrize("detail", ["", "{pk}/"])
def test_api_names_no_other_owner(person, report, detail):
    client = APIClient()
    client.force_login(person)

    reply = client.get("/api/reports/" + detail.format(pk=report.pk))

    assert "mixed.csv" in reply.content.decode()
    assert "Theirs" not in reply.content.decode()


def test_api_asks_with_the_owners_that_are_seen(person, report):
    client = APIClient()
    client.force_login(person)

    question = client.get(f"/api/reports/{report.pk}/").json()["question"]

    assert question["options"] == ["Ours Owner"]
    assert question["rows"] == {}


def test_who_sees_everything_reads_the_names(client, report):
    client.force_login(UserFactory(is_superuser=True))

    page = client.get(f"/admin/reports/report/{report.pk}/change/").content.decode()

    assert TEXT in page
    assert "video_report_Theirs_Owner_V_v1-4.csv" in page


def test_list_of_the_api_asks_for_the_names_once(
    person, report, django_assert_max_num_queries
):
    client = APIClient()
    client.force_login(person)
    ReportFactory.create_batch(
        5, content_owner=report.content_owner, state="failed", error_message=TEXT
    )

    with django_assert_max_num_queries(14):
        client.get("/api/reports/")


def test_events_and_notifications_name_no_other_owner(person, report):
    report.requested_by = person

    record_state(report)

    event = LiveEvent.objects.order_by("pk").filter(type="report.progress").last()
    told = Notification.objects.get(user=person)
    assert "Theirs" not in event.payload["error"] + told.message
    assert "none of Ours Owner" in event.payload["error"]


@pytest.mark.parametrize("kind", ["channel", "label"])
def test_scope_without_an_owner_reads_no_name_at_all(client, ours, report, kind):
    named = {"channel": ours["channel"], "label": ours["video"].label}
    person = person_with(**{kind: named[kind]})
    report.content_owner, report.source, report.requested_by = None, None, person
    report.save()
    client.force_login(person)

    page = client.get(f"/admin/reports/report/{report.pk}/change/").content.decode()

    assert "Ours Owner" not in page.split('id="report-title"')[1]
    assert "Theirs" not in page


def test_longer_name_that_is_seen_stays_whole(client, person, ours, report):
    ContentOwnerFactory(name="Ours")
    client.force_login(person)

    page = client.get(f"/admin/reports/report/{report.pk}/change/").content.decode()

    assert "none of Ours Owner" in page


def test_name_within_a_word_is_left_alone(client, person, report):
    ContentOwner.objects.create(name="id")
    client.force_login(person)

    page = client.get(f"/admin/reports/report/{report.pk}/change/").content.decode()

    assert "rows about videos of" in page
