"""The pages *System status* and *Backups*, and who may see them."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ytmanager import system_status
from ytmanager.models import Backup
from ytmanager.templatetags.figures import duration

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    """Sign somebody of a group in."""

    def sign_in(group):
        user = User.objects.create_user(group, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def backup():
    return Backup.objects.create(
        name="ytmanager-2026-06-01.psql.bin",
        state="stored",
        cause="schedule",
        taken_at=timezone.now(),
        size=5_000_000,
        row_count=1234,
    )


def test_administrator_sees_every_part(person, backup, report_store):
    system_status.forget_stores()

    page = person("Administrator").get(reverse("system_status"))

    assert page.status_code == 200
    text = " ".join(page.text.split())
    for word in ("Imports", "None: start one", "PostgreSQL", "1,234 rows"):
        assert word in text


@pytest.mark.parametrize("group", ["Viewer", "Editor", "Publisher"])
@pytest.mark.parametrize("page", ["system_status", "admin:ytmanager_backup_changelist"])
def test_others_do_not(person, group, page):
    reply = person(group).get(reverse(page))

    assert reply.status_code == 403


def test_others_make_no_backup(person):
    reply = person("Publisher").post(reverse("admin:ytmanager_backup_make"))

    assert reply.status_code == 403
    assert not ProcrastinateJob.objects.exists()


def test_page_costs_few_queries(person, backup):
    client = person("Administrator")
    client.get(reverse("system_status"))

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("system_status"))

    assert len(queries) <= 20


def test_button_makes_one_backup(person):
    client = person("Administrator")

    for _ in range(2):
        reply = client.post(reverse("admin:ytmanager_backup_make"), follow=True)

    assert "waits already" in reply.text
    job = ProcrastinateJob.objects.get()
    assert job.task_name.endswith("make_backup")
    assert job.args["cause"] == "by_hand"


def test_action_tries_one_backup(person, backup):
    client = person("Administrator")
    chosen = {"action": "try_to_restore", "_selected_action": [backup.pk]}

    reply = client.post(
        reverse("admin:ytmanager_backup_changelist"), chosen, follow=True
    )

    assert "is being restored" in reply.text
    assert ProcrastinateJob.objects.get().args == {"name": backup.name}


def test_list_tells_what_the_drill_found(person, backup):
    backup.mark_verified("The file is damaged.")

    page = person("Administrator").get(reverse("admin:ytmanager_backup_changelist"))

    assert "Failed: The file is damaged." in page.text
    assert "4.8" in page.text
    assert "1,234" in page.text


def test_live_processes_are_found_by_their_names():
    with connection.cursor() as cursor:
        cursor.execute("SET application_name = 'ytm-worker imports @host:12'")
        try:
            queues = {queue.name: queue for queue in system_status.queues()}
        finally:
            cursor.execute("RESET application_name")

    assert queues["imports"].workers == 1
    assert queues["youtube"].workers == 0


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (200_000, "2 days")],
)
def test_duration_is_said_in_one_unit(seconds, expected):
    assert duration(seconds) == expected
