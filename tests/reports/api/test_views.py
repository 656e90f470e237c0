"""`/api/reports/`: list, upload, import, progress, rejects."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Video
from reports import tasks
from reports.models import Report
from tests.api_clients import client_of
from tests.factories.catalog import ContentOwnerFactory
from tests.factories.reports import ReportFactory, ReportRowErrorFactory

REPORTS = "/api/reports/"
NAME = "video_report_Label_V_v1-4.csv"
CONTENT = (
    b"video_id,channel_id,video_title,time_uploaded,video_privacy_status,views\n"
    b"dQw4w9WgXcQ,UC0123456789012345678901,Song,2025-01-02 03:04:05,public,10\n"
    b"broken,UC0123456789012345678901,Other,2025-01-02 03:04:05,public,10\n"
)


def address(report, rest=""):
    return f"{REPORTS}{report.pk}/{rest}"


def upload(client, **facts):
    file = SimpleUploadedFile(facts.pop("name", NAME), facts.pop("content", CONTENT))
    return client.post(REPORTS, {"file": file, **facts}, format="multipart")


def read(response):
    """The whole body of a streamed answer."""

    async def collect():
        return b"".join([chunk async for chunk in response.streaming_content])

    return async_to_sync(collect)()


def queued_reports():
    return [job.args["report_pk"] for job in ProcrastinateJob.objects.all()]


# READING


def test_list_shows_the_newest_first_with_its_account(viewer):
    old = ReportFactory()
    new = ReportFactory(imported=True)

    body = viewer.get(REPORTS).json()

    assert [row["pk"] for row in body["results"]] == [new.pk, old.pk]
    assert body["pagination"]["total"] == 2
    first = body["results"][0]
    assert (first["state"], first["percent"]) == ("completed", 100.0)
    assert (first["rows_read"], first["videos_new"]) == (10, 10)
    assert first["content_owner"] == new.content_owner.name


@pytest.mark.parametrize(
    ("wanted", "other", "query"),
    [
        ({"name": "asset_report.csv"}, {}, "search=ASSET"),
        ({"state": "failed"}, {}, "state=failed"),
        ({"kind": "asset_report"}, {}, "kind=asset_report"),
        ({"content_owner__name": "Ours"}, {}, "content_owner=Ours"),
    ],
)
def test_list_is_filtered(viewer, wanted, other, query):
    report = ReportFactory(**wanted)
    ReportFactory(**other)

    rows = viewer.get(f"{REPORTS}?{query}").json()["results"]

    assert [row["pk"] for row in rows] == [report.pk]


def test_list_can_begin_with_the_oldest(viewer):
    reports = [ReportFactory(), ReportFactory()]

    rows = viewer.get(f"{REPORTS}?order=asc").json()["results"]

    assert [row["pk"] for row in rows] == [report.pk for report in reports]


@pytest.mark.parametrize(
    ("query", "name"),
    [("colour=red", "colour"), ("state=lost", "state"), ("kind=letter", "kind")],
)
def test_unknown_and_malformed_parameters_are_named(viewer, query, name):
    response = viewer.get(f"{REPORTS}?{query}")

    assert response.status_code == 400
    assert list(response.json()["details"]) == [name]


def test_list_needs_the_same_queries_for_any_number_of_reports(
    viewer, django_assert_num_queries
):
    for _ in range(5):
        ReportFactory(imported=True)

    # Session, user, its permissions twice, count, rows.
    with django_assert_num_queries(6):
        viewer.get(REPORTS)


def test_detail_shows_the_progress_of_a_running_import(viewer):
    report = ReportFactory(
        state="reading",
        started_at=timezone.now() - timedelta(seconds=10),
        bytes_read=1_024,
        rows_read=500,
        warnings=["The name says otherwise."],
    )

    body = viewer.get(address(report)).json()

    assert (body["state"], body["percent"]) == ("reading", 25.0)
    assert 40 <= body["rows_per_second"] <= 50
    assert 29 <= body["seconds_left"] <= 36
    assert body["warnings"] == ["The name says otherwise."]


@pytest.mark.parametrize("pk", ["0", "999999999999999999"])
def test_unknown_report_is_not_found(viewer, pk):
    response = viewer.get(f"{REPORTS}{pk}/")

    assert response.status_code == 404
    assert response.json()["error_type"] == "report_not_found"


# UPLOADING


def test_upload_stores_the_file_and_its_facts(editor, report_store):
    owner = ContentOwnerFactory(name="Label")

    response = upload(editor, as_of="2025-03-01", content_owner="Label")

    assert response.status_code == 201, response.json()
    report = Report.objects.get()
    assert response["Location"] == f"http://testserver{address(report)}"
    assert response.json()["pk"] == report.pk
    assert response.json()["state"] == "available"
    assert (report.name, report.content_owner) == (NAME, owner)
    # A day of YouTube begins in California.
    assert report.as_of == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert report.requested_by.username == "editor"
    assert (report_store / report.key).read_bytes() == CONTENT


def test_upload_leaves_date_and_owner_to_the_file(editor, report_store):
    response = upload(editor, as_of="", content_owner="")

    assert response.status_code == 201
    assert (response.json()["as_of"], response.json()["content_owner"]) == (None, None)


@pytest.mark.parametrize(
    ("facts", "name", "status"),
    [
        ({"as_of": "yesterday"}, "as_of", 400),
        ({"content_owner": "Nobody"}, "content_owner", 404),
        ({"content": b""}, "file", 400),
        ({"name": "a" * 201}, "file", 400),
    ],
)
def test_upload_that_is_wrong_names_the_field(
    editor, report_store, facts, name, status
):
    response = upload(editor, **facts)

    assert response.status_code == status
    assert list(response.json()["details"]) == [name]
    assert not Report.objects.exists()


def test_browsable_upload_offers_the_form_again(editor, report_store):
    file = SimpleUploadedFile(NAME, CONTENT)

    page = editor.post(
        REPORTS, {"file": file}, format="multipart", headers={"accept": "text/html"}
    )

    assert page.status_code == 201
    assert 'type="file"' in page.content.decode()
    assert 'name="percent"' not in page.content.decode()


def test_upload_without_a_file_names_it(editor):
    response = editor.post(REPORTS, {}, format="multipart")

    assert (response.status_code, list(response.json()["details"])) == (400, ["file"])


# IMPORTING


def test_import_lets_the_report_wait_for_a_worker(editor):
    report = ReportFactory()

    response = editor.post(address(report, "import/"))

    assert response.status_code == 202
    body = response.json()
    assert set(body) == {"status", "data", "request_id"}
    assert (body["status"], body["data"]["state"]) == (202, "waiting")
    assert body["request_id"]
    report.refresh_from_db()
    assert report.requested_by.username == "editor"
    assert queued_reports() == [report.pk]


def test_import_that_waits_is_not_taken_for_lost(editor):
    editor.post(address(ReportFactory(), "import/"))

    tasks.requeue_lost_imports(timestamp=0)

    assert len(queued_reports()) == 1


def test_import_that_is_refused_leaves_no_job(editor):
    report = ReportFactory(imported=True)

    response = editor.post(address(report, "import/"))

    assert response.status_code == 409
    assert response.json()["error_type"] == "report_state"
    assert queued_reports() == []


def test_import_and_its_job_stand_or_fall_together(editor, monkeypatch):
    report = ReportFactory()

    def fail(**_):
        raise ConnectionError("the queue is gone")

    monkeypatch.setattr(tasks.run_import, "configure", fail)
    editor.raise_request_exception = False

    response = editor.post(address(report, "import/"))

    assert response.status_code == 500
    report.refresh_from_db()
    assert report.state == "available"


def test_dry_run_is_asked_for(editor):
    report = ReportFactory()

    response = editor.post(address(report, "import/"), {"dry_run": True}, format="json")

    report.refresh_from_db()
    assert response.json()["data"]["is_dry_run"] is True
    assert (report.state, report.is_dry_run) == ("waiting", True)


def test_force_keeps_who_said_so(editor):
    report = ReportFactory(state="duplicate")

    editor.post(address(report, "import/"), {"force": True}, format="json")

    report.refresh_from_db()
    assert report.answers == {"again": "editor"}


@pytest.mark.parametrize(
    ("topic", "answer", "field", "value"),
    [
        ("encoding", "cp1252", "encoding", "cp1252"),
        ("data_date", "2026-06-01", "day", "2026-06-01"),
        ("falling_counts", True, "answers", {"falling_counts": True}),
        ("falling_counts", "2026-06-01", "day", "2026-06-01"),
        ("shrinkage", "gone", "answers", {"shrinkage": "gone"}),
    ],
)
def test_answer_lets_the_import_go_on(editor, topic, answer, field, value):
    report = ReportFactory(state="needs_answer", question={"topic": topic})

    response = editor.post(
        address(report, "answer/"), {"answer": answer}, format="json"
    )

    report.refresh_from_db()
    assert response.status_code == 202
    assert (report.state, queued_reports()) == ("waiting", [report.pk])
    report.day = f"{report.as_of:%Y-%m-%d}" if report.as_of else None
    assert getattr(report, field) == value


@pytest.mark.parametrize(
    ("topic", "answer"),
    [
        ("encoding", "klingon"),
        ("encoding", ["utf-16"]),
        ("data_date", "yesterday"),
        ("data_date", 20260601),
        ("content_owner", "Nobody"),
        ("falling_counts", False),
        ("shrinkage", {"gone": 1}),
    ],
)
def test_answer_that_cannot_be_is_refused(editor, topic, answer):
    report = ReportFactory(state="needs_answer", question={"topic": topic})

    response = editor.post(
        address(report, "answer/"), {"answer": answer}, format="json"
    )

    report.refresh_from_db()
    assert (response.status_code, report.state) == (422, "needs_answer")
    assert response.json()["error_type"] == "wrong_answer"
    assert queued_reports() == []


def test_report_without_a_question_takes_no_answer(editor):
    report = ReportFactory()

    response = editor.post(address(report, "answer/"), {"answer": "x"}, format="json")

    assert response.status_code == 409


@pytest.mark.security
def test_answering_needs_the_import_permission(viewer):
    report = ReportFactory(state="needs_answer", question={"topic": "data_date"})

    response = viewer.post(
        address(report, "answer/"), {"answer": "2026-06-01"}, format="json"
    )

    assert response.status_code == 403


def test_cancel_stops_a_waiting_import(editor):
    report = ReportFactory(state="waiting")

    response = editor.post(address(report, "cancel/"))

    assert response.status_code == 202
    assert response.json()["data"]["state"] == "cancelled"


def test_cancel_of_a_finished_import_is_refused(editor):
    report = ReportFactory(imported=True)

    response = editor.post(address(report, "cancel/"))

    assert response.status_code == 409


@pytest.mark.django_db(transaction=True)
def test_uploaded_file_is_imported_and_accounted_for(report_store, settings):
    settings.MAX_BAD_ROW_PERCENT = 60
    ContentOwnerFactory(name="Label")
    client = client_of(
        "reports.view_report", "reports.add_report", "reports.import_report"
    )

    pk = upload(client, as_of="2025-03-01").json()["pk"]
    client.post(f"{REPORTS}{pk}/import/")
    tasks.run_import(report_pk=pk)
    body = client.get(f"{REPORTS}{pk}/").json()

    assert body["state"] == "completed_with_errors", body
    assert (body["rows_read"], body["rows_rejected"], body["videos_new"]) == (2, 1, 1)
    assert Video.objects.get().video_id == "dQw4w9WgXcQ"
    (error,) = client.get(f"{REPORTS}{pk}/errors/").json()["results"]
    assert (error["line"], error["column"], error["value"]) == (3, "video_id", "broken")


# REJECTS


def test_errors_are_listed_in_the_order_of_the_file(viewer):
    report = ReportFactory()
    ReportRowErrorFactory(report=report, line=9)
    ReportRowErrorFactory(report=report, line=3, is_rejected=False)
    ReportRowErrorFactory()

    body = viewer.get(address(report, "errors/")).json()

    assert [row["line"] for row in body["results"]] == [3, 9]
    assert body["pagination"]["total"] == 2
    assert body["results"][0] == {
        "line": 3,
        "column": "video_id",
        "value": "not an ID",
        "reason": "A video ID has 11 characters.",
        "is_rejected": False,
    }


def test_rejects_download_as_csv(viewer, monkeypatch):
    monkeypatch.setattr("reports.services.rejects.BATCH", 2)
    monkeypatch.setattr("ytmanager.downloads.ROWS_PER_CHUNK", 3)
    report = ReportFactory()
    for line in (7, 5, 5, 5, 6):
        ReportRowErrorFactory(report=report, line=line, value='ваша "строка"\n2')

    response = viewer.get(address(report, "errors/?format=csv"))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f"rejects_{report.pk}.csv" in response["Content-Disposition"]
    rows = list(csv.reader(StringIO(read(response).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["line", "column", "value", "reason", "row rejected"]
    assert [row[0] for row in rows[1:]] == ["5", "5", "5", "6", "7"]
    assert rows[1][2] == 'ваша "строка"\n2'
    assert rows[1][4] == "yes"


def test_rejects_of_a_clean_import_are_a_header(viewer):
    response = viewer.get(address(ReportFactory(), "errors/?format=csv"))

    assert read(response).decode("utf-8-sig").strip().count("\n") == 0


@pytest.mark.parametrize("value", ["=1+1", "+1", "-abc", "@sum", "\tx"])
def test_rejected_values_never_run_as_formulas(viewer, value):
    report = ReportRowErrorFactory(value=value).report

    response = viewer.get(address(report, "errors/?format=csv"))

    rows = list(csv.reader(StringIO(read(response).decode("utf-8-sig"))))
    assert rows[1][2] == f"'{value}"


def test_rejects_of_an_unknown_report_are_not_found(viewer):
    response = viewer.get(f"{REPORTS}0/errors/?format=csv")

    assert response.status_code == 404


# WHO MAY DO WHAT


@pytest.mark.parametrize("rest", ["", "errors/", "errors/?format=csv"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 401), ("outsider", 403), ("viewer", 200), ("editor", 200)],
)
def test_reading_needs_the_view_permission(request, db, rest, who, status):
    client = request.getfixturevalue(who)
    report = ReportFactory()

    assert client.get(REPORTS).status_code == status
    assert client.get(address(report, rest)).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 401), ("outsider", 403), ("viewer", 403), ("editor", 201)],
)
def test_uploading_needs_the_add_permission(request, report_store, who, status):
    client = request.getfixturevalue(who)

    assert upload(client).status_code == status
    assert Report.objects.count() == (1 if status == 201 else 0)


@pytest.mark.parametrize("action", ["import/", "cancel/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 401), ("outsider", 403), ("viewer", 403), ("editor", 202)],
)
def test_importing_needs_the_import_permission(request, db, action, who, status):
    client = request.getfixturevalue(who)
    state = "available" if action == "import/" else "waiting"
    report = ReportFactory(state=state)

    response = client.post(address(report, action))

    assert response.status_code == status
    report.refresh_from_db()
    assert (report.state != state) is (status == 202)
