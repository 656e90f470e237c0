"""The command imports in its own process and exits with what became of it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import ContentOwner, Video
from reports.exceptions import ImportRunningError
from reports.management.commands import import_report
from reports.models import Report
from reports.services import turns
from tests.reports.conftest import video_file, video_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def report_file(report_store, tmp_path):
    path = tmp_path / "video_report_Aurora_V_v1-3.csv"
    path.write_bytes(video_file(video_row(1), video_row(2, views="many")))
    return path


def exit_code(*args):
    try:
        call_command("import_report", *args)
    except SystemExit as exc:
        return exc.code
    return 0


def test_path_is_imported_with_a_bar_and_an_account(report_file, capsys):
    assert exit_code(str(report_file), "--as-of", "2026-06-01") == 0

    told = capsys.readouterr()
    assert "Completed with errors" in told.out
    assert "videos new" in told.out
    assert "[####" in told.err
    assert Video.objects.count() == 2
    assert Report.objects.get().as_of.isoformat() == "2026-06-01T07:00:00+00:00"


def test_json_is_the_account(report_file, capsys):
    exit_code(str(report_file), "--json")

    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "completed_with_errors"
    assert (told["rows_read"], told["values_rejected"]) == (2, 1)


def test_key_of_the_store_is_imported(report_store, report_file):
    (report_store / "in.csv").write_bytes(video_file())
    ContentOwner.objects.create(name="Aurora")

    assert exit_code("in.csv") == 0
    assert Report.objects.get().key == "in.csv"


def test_same_file_again_succeeds_and_says_so(report_file, capsys):
    exit_code(str(report_file))

    assert exit_code(str(report_file)) == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert Video.objects.count() == 2


def test_same_key_again_succeeds_and_says_so(report_store, capsys):
    (report_store / "video_report_A_V_v1-3.csv").write_bytes(video_file())
    exit_code("video_report_A_V_v1-3.csv")

    assert exit_code("video_report_A_V_v1-3.csv") == 0
    assert capsys.readouterr().out.count("Nothing was changed") == 1


def test_refused_file_exits_with_one(report_file, capsys):
    report_file.write_bytes(b"Content,Video title,Views\nx,y,1\n")

    assert exit_code(str(report_file)) == 1
    assert "Advanced mode" in capsys.readouterr().out


def test_wrong_kind_exits_with_one(report_file, capsys):
    assert exit_code(str(report_file), "--kind", "asset_report") == 1
    assert "not an asset report" in capsys.readouterr().out


def test_question_exits_with_three(report_file, capsys):
    report_file.write_bytes(video_file(video_row(video_title="Beyonc\u00e9")))
    report_file.write_bytes(report_file.read_text("utf-8").encode("cp1252"))

    assert exit_code(str(report_file)) == 3
    assert "not UTF-8" in capsys.readouterr().out


def test_dry_run_counts_and_writes_nothing(report_file, capsys):
    assert exit_code(str(report_file), "--dry-run", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["videos_new"]) == ("checked", 2)
    assert len(told["dry_run"]["new_videos"]) == 2
    assert not Video.objects.exists()


def test_answer_lets_the_import_go_on(report_file, capsys):
    text = video_file(video_row(video_title="Beyonc\u00e9")).decode()
    report_file.write_bytes(text.encode("cp1252"))
    exit_code(str(report_file))
    key = Report.objects.get().key
    assert f"import_report {key} --answer ANSWER" in capsys.readouterr().out

    assert exit_code(key, "--answer", "cp1252") == 0
    assert Video.objects.get().title == "Beyonc\u00e9"


def test_answer_that_cannot_be_is_an_error(report_file, capsys):
    report_file.write_bytes(video_file(video_row(video_title="\u00e9")))
    report_file.write_bytes(report_file.read_text("utf-8").encode("cp1252"))
    exit_code(str(report_file))

    with pytest.raises(CommandError, match="Choose one of"):
        call_command("import_report", Report.objects.get().key, "--answer", "klingon")


def test_force_imports_the_good_rows_of_a_bad_file(report_file, capsys):
    rows = [video_row(1), video_row(2), video_row(3, video_id="broken")]
    report_file.write_bytes(video_file(*rows))
    assert exit_code(str(report_file)) == 1

    assert exit_code(Report.objects.get().key, "--force") == 0
    assert "the command line had the others imported anyway" in capsys.readouterr().out
    assert Video.objects.count() == 2


def test_command_waits_for_another_report_of_the_owner(report_file, monkeypatch):
    owner = ContentOwner.objects.create(name="Aurora")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [turns.OWNERS, owner.pk])
    running = Report.objects.create(name="b.csv", content_owner=owner, state="reading")
    seen = []

    def sleep(seconds):
        seen.append(Report.objects.exclude(pk=running.pk).get().waits_for_id)
        Report.objects.filter(pk=running.pk).update(state="failed")
        # A closed connection may live on in the pool, and its lock with it.
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        other.close()

    monkeypatch.setattr(import_report.time, "sleep", sleep)

    assert exit_code(str(report_file)) == 0
    assert seen[0] == running.pk


def test_command_leaves_the_import_to_a_worker_that_was_quicker(
    report_file, monkeypatch
):
    def taken(*, report, on_progress):
        Report.objects.filter(pk=report.pk).update(state="reading")
        raise ImportRunningError

    def sleep(seconds):
        Report.objects.update(state="cancelled")

    monkeypatch.setattr(import_report, "run_import", taken)
    monkeypatch.setattr(import_report.time, "sleep", sleep)

    assert exit_code(str(report_file)) == 1


@pytest.mark.parametrize("name", ["gone.csv", "/gone.csv", "../gone.csv"])
def test_missing_file_is_an_error(report_store, name):
    with pytest.raises(CommandError, match="no file on this machine"):
        call_command("import_report", name)


def test_folder_is_an_error(report_store, tmp_path):
    with pytest.raises(CommandError, match="no file on this machine"):
        call_command("import_report", str(tmp_path))
