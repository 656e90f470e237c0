"""The page of one report: its account, its question and its buttons."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import ContentOwner
from reports.services.imports import run_import
from tests.factories.catalog import AS_OF, ContentOwnerFactory
from tests.factories.reports import ReportFactory, ReportRowErrorFactory
from tests.reports.admin.conftest import EDIT, VIEW, address, messages_of, signed_in
from tests.reports.conftest import video_file, video_row

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25


def shown(client, report):
    return client.get(address("change", report)).content.decode()


def asking(topic, **facts):
    question = {"topic": topic, "message": "Please answer."}
    return ReportFactory(
        state="needs_answer", question=question, error_message="Please answer.", **facts
    )


def queued():
    return [job.args["report_pk"] for job in ProcrastinateJob.objects.all()]


# WHAT IT SHOWS


def test_account_adds_up_on_the_page(editor, run):
    rows = [*map(video_row, range(1, 5)), video_row(1, claim_id="other")]
    report = run(video_file(*rows, video_row(9, video_id="broken")))

    page = editor.get(address("change", report))

    account = page.context["account"]
    assert account.rows.total.count == 6
    assert [part.count for part in account.rows.parts] == [4, 1, 1]
    for equation in (account.rows, account.videos):
        assert equation.total.count == sum(part.count for part in equation.parts)
    assert "Expected 11 letters" in page.content.decode()


def test_page_follows_live_events(viewer):
    report = ReportFactory(state="reading", bytes_read=2_048, rows_read=7)

    page = shown(viewer, report)

    assert f'data-live-group="report.{report.pk}"' in page
    for field in ("percent", "rows_read", "rows_per_second", "seconds_left"):
        assert f'data-live-field="{field}"' in page
    assert 'value="50.0"' in page
    assert "data-live-position=" in page


def test_waiting_report_tells_how_many_are_before_it(viewer):
    for minute in range(3):
        moment = f"2026-06-01T10:0{minute}:00Z"
        last = ReportFactory(state="waiting", requested_at=moment)

    assert "2 files are imported before this one" in shown(viewer, last)


def test_error_is_shown_with_what_it_means(viewer):
    report = ReportFactory(state="failed", error_message="This file is damaged.")
    report.finished_at = report.created_at
    report.save(update_fields=["finished_at"])

    page = shown(viewer, report)

    assert "This file is damaged." in page
    assert "Nothing in the catalogue was changed." in page


def test_duplicate_links_to_the_report_that_was_imported(viewer):
    earlier = ReportFactory(imported=True)
    report = ReportFactory(state="duplicate", duplicate_of=earlier)

    assert f'href="{address("change", earlier)}"' in shown(viewer, report)


def test_warnings_and_unknown_columns_are_listed(viewer):
    report = ReportFactory(
        imported=True, warnings=["The header was trusted."], unknown_columns=["moon"]
    )

    page = shown(viewer, report)

    assert "The header was trusted." in page
    assert "1 unknown column<" in page
    assert ">moon<" in page


def test_first_rejected_rows_are_shown_with_a_link_to_all(
    viewer, django_assert_max_num_queries
):
    report = ReportFactory(imported=True, rows_read=70, rows_rejected=60)
    ReportRowErrorFactory.create_batch(60, report=report, value="<b>x</b>")

    with django_assert_max_num_queries(MOST_QUERIES):
        page = shown(viewer, report)

    assert page.count("&lt;b&gt;x&lt;/b&gt;") == 50
    assert f"/admin/reports/reportrowerror/?report={report.pk}" in page


# BUTTONS


def test_import_button_queues_the_file(editor):
    report = ReportFactory()

    reply = editor.post(address("import", report))

    report.refresh_from_db()
    assert report.state == "waiting"
    assert queued() == [report.pk]
    assert reply.url == address("change", report)


def test_imported_report_says_that_again_changes_nothing(editor):
    report = ReportFactory(imported=True)

    reply = editor.post(address("import", report))

    assert "The same file again would change nothing." in messages_of(reply)[0]
    assert queued() == []
    assert "Importing it again would change nothing" in shown(editor, report)


def test_cancel_button_stops_a_waiting_import(editor):
    report = ReportFactory(state="waiting")

    editor.post(address("cancel", report))

    report.refresh_from_db()
    assert report.state == "cancelled"


def test_cancel_button_asks_a_running_import_to_stop(editor):
    report = ReportFactory(state="reading")

    editor.post(address("cancel", report))

    page = shown(editor, report)
    assert "The import is being stopped; nothing of it will be kept." in page
    assert address("cancel", report) not in page


def test_merge_cannot_be_cancelled(editor):
    report = ReportFactory(state="merging")

    reply = editor.post(address("cancel", report))

    report.refresh_from_db()
    assert report.state == "merging"
    assert "It is too late to cancel" in messages_of(reply)[0]


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("available", {"import"}),
        ("waiting", {"cancel"}),
        ("reading", {"cancel"}),
        ("merging", set()),
        ("failed", {"import"}),
        ("refused", {"import"}),
        ("cancelled", {"import"}),
        ("duplicate", {"import"}),
    ],
)
def test_buttons_fit_the_state(editor, state, buttons):
    report = ReportFactory(state=state)

    page = shown(editor, report)

    offered = {name for name in ("import", "cancel") if address(name, report) in page}
    assert offered == buttons


def test_check_button_asks_for_a_dry_run(editor):
    report = ReportFactory()

    reply = editor.post(address("import", report), {"how": "check"})

    report.refresh_from_db()
    assert (report.state, report.is_dry_run) == ("waiting", True)
    assert "nothing is written" in messages_of(reply)[0]


@pytest.mark.parametrize(
    ("facts", "label", "answer"),
    [
        ({"state": "duplicate"}, "Import again", "again"),
        (
            {"state": "failed", "error_type": "too_many_bad_rows", "rows_imported": 3},
            "Import the readable rows anyway",
            "any_bad_rows",
        ),
    ],
)
def test_rule_is_set_aside_by_a_button_of_its_own(editor, facts, label, answer):
    report = ReportFactory(**facts)
    assert f">{label}</button>" in shown(editor, report)

    editor.post(address("import", report), {"how": "force"})

    report.refresh_from_db()
    assert report.answers == {answer: editor.person.username}


def test_check_shows_its_account_and_its_sample(client, upload, catalogue_of_one):
    editor = signed_in(client, [*VIEW, *EDIT, "catalog.view_highlight"])
    rows = [video_row(1, video_title="<b>New</b>"), video_row(2)]
    report = upload(video_file(*rows), day=2)
    editor.post(address("import", report), {"how": "check"})
    report.refresh_from_db()
    run_import(report=report)

    page = shown(editor, report)

    assert "What an import would do" in page
    assert "&lt;b&gt;New&lt;/b&gt;" in page
    assert "video000002" in page
    assert "Check again" in page
    assert "What changed since the last report" not in page


@pytest.fixture
def catalogue_of_one(run):
    """A catalogue that knows the first of the test videos."""
    return run(video_file(video_row(1)))


def test_waiting_file_names_the_one_that_it_waits_for(viewer):
    first = ReportFactory(state="merging")
    report = ReportFactory(state="waiting", waits_for=first)

    page = shown(viewer, report)

    assert "another report of the same content owner has ended" in page
    assert f'href="{address("change", first)}"' in page


def test_question_can_be_left_by_cancelling(editor):
    report = asking("data_date")
    assert address("cancel", report) in shown(editor, report)

    editor.post(address("cancel", report))

    report.refresh_from_db()
    assert (report.state, report.question) == ("cancelled", None)


@pytest.mark.parametrize(
    ("error_type", "said"),
    [
        ("s3_access_denied", "Once this is put right, import the file again."),
        ("file_damaged", "download it again from YouTube"),
    ],
)
def test_failure_says_what_to_do(viewer, error_type, said):
    report = ReportFactory(
        state="failed", error_type=error_type, error_message="No.", finished_at=AS_OF
    )

    assert said in shown(viewer, report)


def test_duplicate_does_not_say_that_there_is_nothing_to_do(editor):
    page = shown(editor, ReportFactory(state="duplicate"))

    assert "There is nothing to do." not in page
    assert "compared once more" in page


@pytest.mark.security
@pytest.mark.parametrize("button", ["import", "cancel", "answer"])
def test_viewer_cannot_press_buttons(viewer, button):
    report = asking("data_date")

    reply = viewer.post(address(button, report), {"answer": "2026-06-01"})

    report.refresh_from_db()
    assert reply.status_code == 403
    assert report.state == "needs_answer"
    assert address(button, report) not in shown(viewer, report)


@pytest.mark.security
@pytest.mark.parametrize("button", ["import", "cancel", "answer"])
def test_buttons_do_nothing_on_get(editor, button):
    assert editor.get(address(button, ReportFactory())).status_code == 405


@pytest.mark.parametrize("button", ["import", "cancel", "answer"])
def test_unknown_report_is_not_found(editor, button):
    report = ReportFactory.build(pk=10**9)

    assert editor.post(address(button, report)).status_code == 404


# QUESTIONS


@pytest.mark.parametrize(
    ("topic", "answer", "field", "value"),
    [
        ("encoding", {"answer": "cp1252"}, "encoding", "cp1252"),
        ("data_date", {"answer": "2026-06-01"}, "data_day", "2026-06-01"),
        ("falling_counts", {"answer": "2026-06-01"}, "data_day", "2026-06-01"),
        ("falling_counts", {"confirm": "yes"}, "answers", {"falling_counts": True}),
        ("shrinkage", {"answer": "gone"}, "answers", {"shrinkage": "gone"}),
        ("shrinkage", {"answer": "part"}, "answers", {"shrinkage": "part"}),
    ],
)
def test_answer_lets_the_import_go_on(editor, topic, answer, field, value):
    report = asking(topic)

    editor.post(address("answer", report), answer)

    report.refresh_from_db()
    assert report.state == "waiting"
    assert queued() == [report.pk]
    report.data_day = f"{report.as_of:%Y-%m-%d}" if report.as_of else None
    assert getattr(report, field) == value


def test_content_owner_is_chosen_among_those_known(editor):
    ContentOwnerFactory(name="Aurora")
    other = ContentOwnerFactory(name="Borealis")
    report = asking("content_owner", content_owner=None)

    assert ">Borealis</option>" in shown(editor, report)
    editor.post(address("answer", report), {"answer": other.pk})

    report.refresh_from_db()
    assert (report.state, report.content_owner) == ("waiting", other)


def test_content_owner_that_is_not_known_yet_is_named(editor):
    report = asking("content_owner", content_owner=None)
    report.question["new"] = "Borealis Ltd"
    report.save(update_fields=["question"])

    assert 'value="Borealis Ltd"' in shown(editor, report)
    editor.post(address("answer", report), {"answer": "", "new_name": "Borealis"})

    report.refresh_from_db()
    assert (report.state, report.content_owner) == ("waiting", None)
    assert report.answers["new_owner"] == "Borealis"
    assert not ContentOwner.objects.filter(name="Borealis").exists()


def test_content_owner_is_chosen_or_named_but_not_both(editor):
    owner = ContentOwnerFactory()
    report = asking("content_owner")

    both = {"answer": owner.pk, "new_name": "Borealis"}
    reply = editor.post(address("answer", report), both)

    assert "not both" in messages_of(reply)[0]


def test_name_of_the_file_yields_to_a_choice(editor):
    owner = ContentOwnerFactory()
    report = asking("content_owner", content_owner=None)
    report.question["new"] = "Borealis Ltd"
    report.save(update_fields=["question"])

    both = {"answer": owner.pk, "new_name": "Borealis Ltd"}
    editor.post(address("answer", report), both)

    report.refresh_from_db()
    assert (report.state, report.content_owner) == ("waiting", owner)


@pytest.mark.parametrize(
    ("topic", "answer", "said"),
    [
        ("encoding", "klingon", "Select a valid choice"),
        ("data_date", "", "This field is required"),
        ("data_date", "2999-01-01", "This day has not come yet"),
        ("falling_counts", "", "This field is required"),
        ("shrinkage", "perhaps", "Select a valid choice"),
        ("content_owner", "0", "Select a valid choice"),
        ("content_owner", "", "Choose a content owner, or name a new one"),
    ],
)
def test_answer_that_cannot_be_is_refused(editor, topic, answer, said):
    report = asking(topic)

    reply = editor.post(address("answer", report), {"answer": answer})

    report.refresh_from_db()
    assert report.state == "needs_answer"
    assert said in messages_of(reply)[0]
    assert queued() == []


def test_answer_that_comes_too_late_is_said(editor):
    reply = editor.post(address("answer", ReportFactory()), {"answer": "utf-16"})

    assert messages_of(reply) == ["This report asks nothing any more."]


def test_answered_question_leads_to_an_import(editor, upload):
    data = video_file(video_row(1, video_title="Café")).decode().encode("cp1252")
    report = upload(data)
    editor.post(address("import", report))
    run_import(report=report)
    assert "Western European (Windows-1252)" in shown(editor, report)

    editor.post(address("answer", report), {"answer": "cp1252"})
    report.refresh_from_db()
    run_import(report=report)

    assert report.state == "completed"
