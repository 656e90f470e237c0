"""New files are found when the list is opened, but not at every price."""

import pytest
from django.urls import reverse

from reports.admin import looking
from reports.models import Report
from tests.reports.admin.conftest import LIST, messages_of
from ytmanager.exceptions import S3ProcessingError

pytestmark = pytest.mark.django_db
LOOK = "/admin/reports/report/look/"


def put(store, name="video_report_Aurora_V_v1-4.csv"):
    (store / name).write_bytes(b"video_id\n")


def test_file_in_the_store_is_listed_when_the_list_is_opened(editor, store):
    put(store)

    page = editor.get(LIST)

    assert b"video_report_Aurora_V_v1-4.csv" in page.content
    assert Report.objects.get().state == "available"


def test_list_does_not_look_again_at_once(editor, store):
    editor.get(LIST)
    put(store)

    editor.get(LIST)

    assert not Report.objects.exists()


def test_live_fetch_of_the_list_does_not_look(editor, store):
    put(store)

    editor.get(LIST, headers={"X-Requested-With": "live"})

    assert not Report.objects.exists()


def test_slow_store_is_looked_at_less_often(monkeypatch):
    moments = iter([1_000, 1_005, 1_205, 1_260])
    monkeypatch.setattr(looking, "monotonic", lambda: next(moments))
    pace = looking.Pace(least_seconds=20, share_of_time=0.02)

    first = pace.take_turn()
    pace.took(5)
    too_early = pace.take_turn()
    later = pace.take_turn()

    assert (first, too_early, later) == (True, False, True)


def test_button_looks_now_and_says_what_was_found(editor, store):
    editor.get(LIST)
    put(store)

    found = editor.post(LOOK)
    again = editor.post(LOOK)

    assert found.url == LIST
    assert messages_of(found) == ["1 new file was found."]
    assert messages_of(again)[-1] == "There are no new files in the report store."


@pytest.mark.parametrize("method", ["get", "post"])
def test_store_that_does_not_answer_is_said(editor, monkeypatch, method):
    def fail():
        raise S3ProcessingError("The report store does not answer.")

    monkeypatch.setattr(looking, "find_files", fail)
    place = LIST if method == "get" else LOOK

    reply = getattr(editor, method)(place, follow=True)

    assert reply.status_code == 200
    assert "The report store does not answer." in reply.content.decode()


@pytest.mark.security
def test_viewer_neither_looks_nor_adds(viewer, store):
    put(store)

    viewer.get(LIST)
    reply = viewer.post(LOOK)

    assert reply.status_code == 403
    assert not Report.objects.exists()


def test_address_of_the_button():
    assert reverse("admin:reports_report_look") == LOOK
