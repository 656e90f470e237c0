"""Import selected reports: each file's state and job, and what is said."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from reports.models import Report
from tests.factories.reports import ReportFactory
from tests.reports.admin.conftest import LIST, messages_of
from ytmanager.models import LiveEvent

pytestmark = pytest.mark.django_db


def import_selected(client, *reports, **more):
    pks = [report.pk for report in reports]
    return client.post(
        LIST, {"action": "import_selected", "_selected_action": pks, **more}
    )


def queued():
    jobs = ProcrastinateJob.objects.filter(task_name="reports.tasks.run_import")
    return sorted(job.args["report_pk"] for job in jobs)


def test_selected_files_wait_each_with_its_job(editor):
    first, second, other = ReportFactory.create_batch(3)

    reply = import_selected(editor, first, second)

    first.refresh_from_db()
    assert (first.state, first.requested_by) == ("waiting", editor.person)
    assert first.job_id is not None
    assert queued() == [first.pk, second.pk]
    assert Report.objects.get(pk=other.pk).state == "available"
    said = f"2 files will be imported: {first.name}, {second.name}."
    assert messages_of(reply) == [said]


def test_what_cannot_be_imported_is_told_apart(editor):
    running = ReportFactory(state="reading", name="running.csv")
    done = ReportFactory(imported=True, name="done.csv")
    asking = ReportFactory(state="needs_answer", name="asking.csv")

    reply = import_selected(editor, running, done, asking)

    assert queued() == []
    assert messages_of(reply) == [
        "1 file is being imported already: running.csv.",
        "1 file was imported before: done.csv. "
        "The same file again would change nothing.",
        "1 file cannot go on before a question is answered: asking.csv. "
        "Open the report to answer it.",
    ]


@pytest.mark.parametrize("state", ["failed", "cancelled", "refused", "duplicate"])
def test_file_that_was_not_imported_is_tried_again(editor, state):
    report = ReportFactory(state=state)

    import_selected(editor, report)

    assert queued() == [report.pk]


def test_price_does_not_grow_with_the_number_of_files(
    editor, django_assert_max_num_queries
):
    reports = ReportFactory.create_batch(100)

    with django_assert_max_num_queries(25):
        import_selected(editor, *reports)

    assert len(queued()) == 100
    assert not Report.objects.filter(job_id=None).exists()


def test_one_event_tells_the_pages_of_every_file(editor):
    first, second = ReportFactory.create_batch(2)

    import_selected(editor, first, second)

    event = LiveEvent.objects.get(type="report.progress")
    assert event.payload == {"state": "waiting", "count": 2}
    assert event.groups == ["everyone", f"report.{first.pk}", f"report.{second.pk}"]


def test_pressing_twice_queues_one_job(editor):
    report = ReportFactory()

    import_selected(editor, report)
    reply = import_selected(editor, report)

    assert queued() == [report.pk]
    assert "being imported already" in messages_of(reply)[-1]


def test_all_files_of_a_long_list_are_imported_oldest_first(editor):
    reports = ReportFactory.create_batch(120)

    reply = import_selected(editor, reports[0], select_across="1", index="0")

    assert queued() == [report.pk for report in reports]
    jobs = ProcrastinateJob.objects.order_by("pk").values_list("args", flat=True)
    assert [job["report_pk"] for job in jobs] == queued()
    assert messages_of(reply)[0].endswith("and 115 more.")


def test_job_that_cannot_be_queued_leaves_the_file_available(editor, monkeypatch):
    report = ReportFactory()

    def fail(reports):
        raise RuntimeError("queue away")

    monkeypatch.setattr("reports.tasks.enqueue_imports", fail)
    with pytest.raises(RuntimeError, match="queue away"):
        import_selected(editor, report)

    report.refresh_from_db()
    assert report.state == "available"


@pytest.mark.security
def test_viewer_cannot_import(viewer):
    report = ReportFactory()

    import_selected(viewer, report)

    report.refresh_from_db()
    assert report.state == "available"
    assert queued() == []
