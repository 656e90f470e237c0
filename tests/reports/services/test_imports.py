"""Report files into the catalogue, with everything that may be wrong with them."""

import gzip
import io
import os
import tracemalloc
import zipfile

import pytest
from django.db import connection

from catalog.models import Asset, Claim, ContentOwner, Observation, Video
from reports.exceptions import (
    ImportCancelledError,
    ImportRunningError,
    ReportStateError,
)
from reports.models import Report
from reports.reading.records import UNCLOSED
from reports.samples import write_samples
from reports.services import account, imports, requests
from reports.services.imports import run_import
from reports.services.requests import cancel_import, request_import
from tests.reports.conftest import (
    ASSET_COLUMNS,
    VIDEO_COLUMNS,
    asset_file,
    asset_row,
    video_file,
    video_row,
)

pytestmark = pytest.mark.django_db

State = Report.State


def errors_of(report):
    return [
        (error.line, error.column, error.value, error.is_rejected)
        for error in report.row_errors.all()
    ]


def staged_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'staging'")
        return [name for (name,) in cursor.fetchall()]


def many(count, bad=0):
    """A file of `count` rows of which the last `bad` have too few cells."""
    rows = [video_row(n) for n in range(count - bad)]
    return video_file(*rows, *["too,few"] * bad)


def test_video_report_becomes_videos_assets_and_claims(run):
    report = run(video_file(video_row(1), video_row(2, video_title='"Two, ""too"""')))

    assert report.state == State.COMPLETED
    assert (report.rows_read, report.rows_imported, report.videos_new) == (2, 2, 2)
    video = Video.objects.get(video_id="video000002")
    assert video.title == 'Two, "too"'
    assert video.isrc == "QZABC2500002"
    assert video.channel.name == "Aurora Music"
    assert video.primary_asset.asset_id == "A000000000000002"
    assert Claim.objects.get(video_id="video000002").claim_id == "claim2"
    assert staged_tables() == []


def test_line_that_would_end_a_copy_stays_in_its_cell(run):
    title = '"before\n\\.\nafter"'

    report = run(video_file(video_row(1, video_title=title), video_row(2)))

    assert (report.state, report.rows_imported) == (State.COMPLETED, 2)
    assert Video.objects.get(video_id="video000001").title == "before\n\\.\nafter"


def test_list_of_what_was_left_out_tells_that_it_is_not_complete(run, monkeypatch):
    monkeypatch.setattr(account, "MAX_LISTED", 2)
    rows = [video_row(n, isrc="wrong", views="many") for n in range(3)]

    report = run(video_file(*rows))

    assert (report.values_rejected, report.row_errors.count()) == (6, 2)
    assert any("only 2 of them are listed" in warning for warning in report.warnings)


def test_content_that_came_back_is_no_duplicate(run):
    first, second = video_file(video_row(video_title="One")), video_file(video_row())
    run(first, day=1)
    run(second, day=2)

    report = run(first, day=3)

    assert report.state == State.COMPLETED
    assert Video.objects.get().title == "One"


def test_asset_report_fills_the_videos_of_its_assets(run):
    run(video_file())

    report = run(asset_file(), "asset_full_report_Aurora_L_v1-2.csv", day=2)

    assert report.state == State.COMPLETED
    asset = Asset.objects.get()
    assert (asset.artist, asset.upc) == (["Ana", "Guest"], "190000000002")
    video = Video.objects.get()
    assert (video.artist, video.label) == (["Ana", "Guest"], "Aurora")


@pytest.mark.parametrize("wrapping", ["plain", "gzip", "zip"])
def test_every_wrapping_is_imported(run, wrapping):
    data = video_file()
    if wrapping == "gzip":
        data = gzip.compress(data)
    if wrapping == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("__MACOSX/._video.csv", b"junk")
            archive.writestr("video_report_Aurora_V_v1-4.csv", data)
        data = buffer.getvalue()

    report = run(data, "video_report_Aurora_V_v1-4.csv.zip")

    assert report.state == State.COMPLETED
    assert (report.content_owner.name, report.version) == ("Aurora", "v1-4")


def test_columns_are_found_by_name_in_any_order_and_delimiter(run):
    names = VIDEO_COLUMNS.split(",")
    row = dict(zip(names, video_row().split(","), strict=True))
    order = [*reversed(names), "moon_phase"]
    text = ";".join(order) + "\n" + ";".join(row.get(name, "full") for name in order)

    report = run(text.encode())

    assert report.state == State.COMPLETED
    assert report.unknown_columns == ["moon_phase"]
    assert "moon_phase" in report.warnings[0]
    assert Video.objects.get().title == "Song 1"


def test_rows_of_one_video_collapse_and_keep_their_claims(run):
    rows = [
        video_row(1),
        video_row(1),
        video_row(1, claim_id="other", asset_id="A000000000000009", isrc=""),
    ]

    report = run(video_file(*rows))

    assert (report.rows_read, report.rows_imported, report.rows_collapsed) == (3, 1, 2)
    assert Video.objects.count() == 1
    assert Claim.objects.count() == 2
    assert Asset.objects.count() == 2


def test_row_with_several_assets_gives_no_asset_their_metadata(run):
    both = "A000000000000001|A000000000000002"

    run(video_file(video_row(1, asset_id=both)))

    assert set(Asset.objects.values_list("asset_id", "isrc", "custom_id")) == {
        ("A000000000000001", None, None),
        ("A000000000000002", None, None),
    }
    assert Claim.objects.count() == 2


def test_row_without_an_asset_describes_the_video(run):
    run(video_file(video_row(1, asset_id="", claim_id="")))

    assert Video.objects.get().isrc == "QZABC2500001"
    assert not Claim.objects.exists()
    assert not Asset.objects.exists()


def test_claims_on_uploads_of_others_are_not_partner_provided(run):
    run(video_file(video_row(1, content_type="UGC")))

    assert Claim.objects.get().is_partner_provided is False


def test_values_without_a_normal_form_say_nothing_and_are_listed(run):
    rows = [
        video_row(1, views="many", isrc="PENDING", video_privacy_status="Secret"),
        video_row(2, asset_id="A000000000000002|X1", time_uploaded="yesterday"),
        video_row(3),
        video_row(4),
    ]

    report = run(video_file(*rows))

    assert report.state == State.COMPLETED_WITH_ERRORS
    assert (report.rows_imported, report.rows_rejected) == (4, 0)
    assert report.values_rejected == 5
    assert sorted(errors_of(report)) == [
        (2, "isrc", "PENDING", False),
        (2, "video_privacy_status", "Secret", False),
        (2, "views", "many", False),
        (3, "asset_id", "A000000000000002|X1", False),
        (3, "time_uploaded", "yesterday", False),
    ]
    reasons = set(report.row_errors.filter(column="isrc").values_list("reason"))
    assert "12 characters" in str(reasons)
    assert Asset.objects.filter(asset_id="A000000000000002").exists()


def test_row_without_a_valid_video_id_is_rejected(run):
    rows = [video_row(n) for n in range(10)]
    rows[3] = video_row(3, video_id="")
    rows[4] = video_row(4, video_id="no id", channel_id="no channel")
    rows[5] = video_row(5, channel_id="no channel")

    report = run(video_file(*rows[:10], *[video_row(n) for n in range(10, 20)]))

    assert report.state == State.COMPLETED_WITH_ERRORS
    assert (report.rows_imported, report.rows_rejected) == (17, 3)
    assert errors_of(report) == [
        (5, "video_id", "", True),
        (6, "video_id", "no id", True),
        (7, "channel_id", "no channel", True),
    ]


def test_damaged_upc_is_never_written_over_a_good_one(run):
    name = "asset_full_report_Aurora_L_v1-2.csv"
    run(asset_file(), name)

    report = run(asset_file(asset_row(upc="1.9E+11")), name, day=2)

    assert Asset.objects.get().upc == "190000000002"
    error = report.row_errors.get()
    assert (error.column, error.value) == ("upc", "1.9E+11")
    assert "spreadsheet program damaged it" in error.reason


def test_importing_a_file_twice_changes_nothing_and_says_so(run):
    first = run(video_file())
    before = Video.objects.values().get()

    again = run(video_file(), "video_report_Aurora_V_v1-3 (1).csv", day=5)

    assert again.state == State.DUPLICATE
    assert again.duplicate_of == first
    assert f"report {first.pk}" in again.error_message
    assert Video.objects.values().get() == before
    assert Observation.objects.count() == 1


def test_same_content_in_another_wrapping_is_a_duplicate(run):
    first = run(video_file())

    again = run(gzip.compress(video_file()), "copy.csv.gz")

    assert (again.state, again.duplicate_of) == (State.DUPLICATE, first)


def test_file_of_the_same_size_is_not_taken_for_the_same(run):
    run(video_file())

    report = run(video_file(video_row(2)), day=2)

    assert report.state == State.COMPLETED


def test_same_content_of_another_owner_is_no_duplicate(run):
    other = ContentOwner.objects.create(name="Other")
    run(asset_file(), "asset_full_report_Aurora_L_v1-2.csv")

    report = run(
        asset_file(), "asset_full_report_Other_L_v1-2.csv", content_owner=other
    )
    requests.answer_question(report=report, answer="Other", actor=None)
    run_import(report=report)

    assert (report.state, report.duplicate_of) == (State.COMPLETED, None)
    assert report.content_owner == other


def test_older_report_changes_nothing(run):
    run(video_file(video_row(video_title="New")), day=9)

    report = run(video_file(video_row(video_title="Old")), day=2)

    assert (report.state, report.videos_older) == (State.COMPLETED, 1)
    assert Video.objects.get().title == "New"


def test_account_of_rows_and_videos_adds_up(run, tmp_path):
    files = write_samples(videos=300, seed=3, folder=tmp_path, with_sandbox=False)

    report = run(files.video_report.read_bytes(), files.video_report.name)

    counts = files.counts
    assert report.rows_read == counts["video_rows"]
    assert report.rows_rejected == counts["deleted_video_row"]
    assert report.rows_imported == counts["videos"] == report.videos_new
    assert report.values_rejected == counts["wrong_isrc"]
    assert Video.objects.count() == 300
    assert (
        Video.objects.filter(title__contains="\n").count()
        == counts["line_break_in_title"]
    )


def test_nightly_report_changes_counters_only(run, tmp_path):
    for night in (0, 1):
        files = write_samples(
            videos=100, seed=3, folder=tmp_path, nights=night, with_sandbox=False
        )
        report = run(
            files.video_report.read_bytes(), files.video_report.name, day=night + 1
        )

    assert report.videos_counters_only == report.rows_imported == 100


BAD_FILES = [
    ("empty", b"", State.FAILED, "it has 0 bytes"),
    ("blank lines", b"\n\n", State.FAILED, "blank lines only"),
    ("header only", video_file(header=VIDEO_COLUMNS)[: len(VIDEO_COLUMNS)],
     State.FAILED, "a header and no rows"),
    ("revenue", b"Adjustment Type,Day,Country,Video ID,Channel ID,Partner Revenue\n1",
     State.REFUSED, "revenue report"),
    ("studio", b"Content,Video title,Views,Watch time (hours)\nTotal,,1,2\n",
     State.REFUSED, "Advanced mode"),
    ("binary junk", os.urandom(3000), State.REFUSED, "not a text file"),
    ("truncated gzip", gzip.compress(os.urandom(9000) + video_file())[:-500],
     State.FAILED, "ends in the middle"),
    ("unknown", b"a,b\n1,2\n", State.REFUSED, "By its name this is a video report"),
    ("duplicate header", video_file(header=f"{VIDEO_COLUMNS},views"),
     State.REFUSED, "names views twice"),
    ("30 % bad rows", many(10, bad=3), State.FAILED, "3 of 10 rows (30 %)"),
    ("not utf-8", video_file(video_row(video_title="Beyonc\u00e9"))
     .replace("\u00e9".encode(), b"\xe9"), State.NEEDS_ANSWER, "Line 2 is not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "state", "message"),
    [case[1:] for case in BAD_FILES],
    ids=[case[0] for case in BAD_FILES],
)
def test_bad_file_ends_with_a_clear_message_and_changes_nothing(
    run, data, state, message
):
    report = run(data)

    assert (report.state, report.error_message) == (state, report.error_message)
    assert message in report.error_message
    assert not Video.objects.exists()
    assert not Observation.objects.exists()
    assert staged_tables() == []


BAD_ROWS = [
    ("too few cells", b"a,b", "Too few cells: 2 where the header has 13."),
    ("too many cells", video_row(99).encode() + b",x", "Too many cells: 14"),
    ("unclosed quote", video_row(99, video_title='"Open').encode(), UNCLOSED),
    ("NUL bytes", video_row(99, video_title="a\0b").encode(), "NUL bytes"),
    ("10 MB cell", video_row(99, video_title="x" * (10 << 20)).encode(), "longer than"),
    ("header again", VIDEO_COLUMNS.encode(), "header is repeated"),
]


@pytest.mark.parametrize(
    ("row", "reason"),
    [case[1:] for case in BAD_ROWS],
    ids=[case[0] for case in BAD_ROWS],
)
def test_bad_row_is_rejected_and_the_others_are_imported(run, row, reason):
    good = [video_row(n) for n in range(20)]
    data = video_file(*good[:10]) + row + b"\n" + "\n".join(good[10:]).encode()

    report = run(data)

    assert report.state == State.COMPLETED_WITH_ERRORS
    assert (report.rows_read, report.rows_imported, report.rows_rejected) == (21, 20, 1)
    error = report.row_errors.get()
    assert error.line == 12
    assert reason in error.reason
    assert len(error.value) <= 200


def test_file_in_another_encoding_is_imported_after_the_answer(run):
    data = video_file(video_row(video_title="Beyoncé")).decode().encode("cp1252")
    report = run(data)

    requests.answer_question(report=report, answer="cp1252", actor=None)
    run_import(report=report)

    assert report.state == State.COMPLETED
    assert Video.objects.get().title == "Beyoncé"


def test_upload_without_a_date_asks_for_it(run):
    report = run(video_file(), day=None)

    assert report.state == State.NEEDS_ANSWER
    assert report.question["topic"] == "data_date"


def test_date_in_the_name_of_an_upload_is_enough(run):
    report = run(video_file(), "video_report_A_V_v1-3_20260601.csv", day=None)

    assert report.state == State.COMPLETED
    assert report.as_of.isoformat() == "2026-06-01T07:00:00+00:00"


def test_data_is_never_older_than_its_newest_upload(run):
    row = video_row(time_uploaded="2026-06-20 10:00:00 UTC")

    report = run(video_file(row), day=1)

    assert report.as_of.isoformat() == "2026-06-20T10:00:00+00:00"


@pytest.mark.parametrize(
    ("uploads", "newest"),
    [
        (["2026-06-20 10:00:00 UTC", "2026-06-19 10:00:00 UTC"], 20),
        (["2026-06-20 10:00:00 UTC", "2026-99-99 10:00:00 UTC"], 20),
        (["2026-06-19 10:00:00 UTC", "2026/06/20 10:00"], 20),
        (["2026-99-99 10:00:00 UTC", "2026-13-01 10:00:00 UTC"], 1),
        (["2026-99-99 10:00:00 UTC", " 2026-06-20T10:00:00Z "], 20),
        (["", "soon"], 1),
    ],
)
def test_newest_upload_is_found_however_it_is_written(run, uploads, newest):
    lines = [video_row(n, time_uploaded=cell) for n, cell in enumerate(uploads, 1)]
    fine = [video_row(n, time_uploaded="2026-05-01 10:00:00 UTC") for n in (7, 8, 9)]

    report = run(video_file(*lines, *fine))

    assert report.as_of.day == newest


def test_falling_counts_ask_before_anything_is_merged(run):
    run(video_file(*(video_row(n, views="100") for n in range(30))), day=1)
    fallen = video_file(*(video_row(n, views="90") for n in range(30)))

    report = run(fallen, day=2)

    assert report.state == State.NEEDS_ANSWER
    assert report.question["topic"] == "falling_counts"
    assert Video.objects.filter(statistics__view_count=90).count() == 0
    requests.answer_question(report=report, answer=True, actor=None)
    run_import(report=report)
    assert report.state == State.COMPLETED


@pytest.fixture
def killed(upload, monkeypatch):
    """A report whose worker died when it was about to merge."""
    report = upload(many(50, bad=1))
    request_import(report=report, actor=None)

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(imports, "merge_rows", die)
        patch.setattr(imports.staging, "drop_raw_table", lambda report: None)
        with pytest.raises(KeyboardInterrupt):
            run_import(report=report)
    report.refresh_from_db()
    assert report.state == State.MERGING
    return report


def test_report_of_a_killed_worker_starts_again_with_the_same_end(killed):
    report = killed

    run_import(report=Report.objects.get(pk=report.pk))

    report.refresh_from_db()
    assert report.state == State.COMPLETED_WITH_ERRORS
    assert (report.rows_read, report.row_errors.count()) == (50, 1)
    assert Video.objects.count() == 49


def test_warning_of_a_killed_worker_is_kept_and_given_once(killed):
    run_import(report=Report.objects.get(pk=killed.pk))

    (warning,) = Report.objects.get(pk=killed.pk).warnings
    assert "Aurora was not known and was created with this import" in warning


def test_import_that_runs_elsewhere_is_left_alone(upload, django_db_blocker):
    report = upload(video_file())
    request_import(report=report, actor=None)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [imports.LOCKS, report.pk])

    try:
        with pytest.raises(ImportRunningError):
            run_import(report=report)
    finally:
        other.close()


def test_waiting_import_is_cancelled_at_once(upload):
    report = upload(video_file())
    request_import(report=report, actor=None)

    cancel_import(report=report, actor=None)

    assert report.state == State.CANCELLED
    with pytest.raises(ReportStateError):
        run_import(report=report)


def test_running_import_stops_when_it_is_cancelled(upload):
    report = upload(video_file())
    request_import(report=report, actor=None)

    def cancel(running):
        if running.state == State.READING:
            cancel_import(report=Report.objects.get(pk=report.pk), actor=None)

    run_import(report=report, on_progress=cancel)

    report.refresh_from_db()
    assert report.state == State.CANCELLED
    assert report.error_message == ImportCancelledError.default_message
    assert not Video.objects.exists()


def test_imported_report_cannot_be_requested_again(run):
    report = run(video_file())

    with pytest.raises(ReportStateError, match="would change nothing"):
        request_import(report=report, actor=None)


def test_error_of_the_system_fails_the_report_and_is_raised(upload, monkeypatch):
    report = upload(video_file())
    request_import(report=report, actor=None)

    def break_down(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(imports, "merge_rows", break_down)

    with pytest.raises(ZeroDivisionError):
        run_import(report=report)

    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "error in this system" in report.error_message


def test_file_that_is_gone_from_the_store_fails(upload, report_store):
    report = upload(video_file())
    request_import(report=report, actor=None)
    (report_store / report.key).unlink()

    run_import(report=report)

    assert report.state == State.FAILED
    assert "was deleted from the store" in report.error_message


def test_reading_needs_little_memory_whatever_the_size(upload, monkeypatch):
    rows = [video_row(n, video_title="x" * 200) for n in range(40_000)]
    report = upload(video_file(*rows))
    request_import(report=report, actor=None)
    del rows
    monkeypatch.setattr(imports, "merge_rows", lambda report, raw: None)

    tracemalloc.start()
    run_import(report=report)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert report.size > 14 << 20
    assert peak < 12 << 20


def test_asset_header_is_what_the_test_rows_have():
    assert len(ASSET_COLUMNS.split(",")) == len(asset_row().split(","))
