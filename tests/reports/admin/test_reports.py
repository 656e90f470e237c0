"""The list of reports: who sees it, what it says, what it costs."""

import pytest
from django.urls import reverse

from tests.factories.catalog import ContentOwnerFactory
from tests.factories.reports import ReportFactory
from tests.reports.admin.conftest import LIST, address

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25


def names_in(page):
    return [report.name for report in page.context["cl"].result_list]


def test_list_price_does_not_grow_with_its_rows(
    editor, store, django_assert_max_num_queries
):
    ReportFactory(imported=True)
    with django_assert_max_num_queries(MOST_QUERIES):
        editor.get(LIST)
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        editor.get(LIST)
    ReportFactory.create_batch(5, imported=True)
    ReportFactory.create_batch(5, state="reading")

    with django_assert_max_num_queries(MOST_QUERIES) as many:
        page = editor.get(LIST)

    assert page.status_code == 200
    assert len(many.captured_queries) == len(few.captured_queries)


def test_list_shows_the_account_of_an_import(viewer):
    report = ReportFactory(
        imported=True,
        videos_new=1_200,
        videos_changed=1,
        rows_read=1_500,
        rows_rejected=300,
        rows_imported=1_200,
        values_rejected=1,
        conflicts=2,
    )

    page = viewer.get(LIST).content.decode()

    for shown in (report.name, "1,200 videos new", "1 video changed", "300 rows"):
        assert shown in page
    assert "1 value<" in page
    assert "2025-03-01" in page
    assert "4.0\xa0KB" in page


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"ownership_new": 8}, "8 ownership conflicts new"),
        ({"claims_new": 1, "claims_changed": 2}, "1 claim new"),
        ({"assets_ended": 3}, "3 assets ended"),
        ({}, ">nothing<"),
    ],
)
def test_list_shows_what_a_report_without_videos_brought(viewer, counts, shown):
    ReportFactory(imported=True, kind="claim_report", videos_new=0, **counts)

    page = viewer.get(LIST).content.decode()

    assert shown in page
    assert (">nothing<" in page) is (not counts)


def test_row_of_a_running_import_follows_live_events(viewer):
    report = ReportFactory(state="reading", bytes_read=1_024, rows_read=5)

    page = viewer.get(LIST).content.decode()

    cell = page[page.index(f'id="report-{report.pk}-state"') :][:1_000]
    assert f'data-live-group="report.{report.pk}"' in cell
    assert 'value="25.0"' in cell
    assert 'data-live-field="percent"' in cell
    condition = cell.split('data-live-reload-on="')[1].split('"')[0]
    assert "reading" not in condition
    assert {"merging", "completed", "failed"} <= set(condition[6:].split(","))
    assert "data-live-position=" in page


def test_file_that_nobody_read_shows_what_its_name_says(viewer):
    ReportFactory(kind="", name="video_report_Aurora_V_v1-4_20260801.csv", as_of=None)
    ReportFactory(kind="", name="something.csv", as_of=None)

    page = viewer.get(LIST).content.decode()

    assert "Video report by its name" in page
    assert "2026-08-01" in page
    assert "Kind not known yet" in page


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ("state=attention", {"state": "needs_answer"}),
        ("state=unfinished", {"state": "merging"}),
        ("state=imported", {"imported": True}),
        ("state=failed", {"state": "failed"}),
        ("kind=asset_report", {"kind": "asset_report"}),
        ("kind=unknown", {"kind": ""}),
        ("q=WANTED", {"name": "wanted_file.csv"}),
        ("finished_at_from=2025-03-01&finished_at_to=2025-03-01", {"imported": True}),
    ],
)
def test_list_is_filtered(viewer, query, facts):
    report = ReportFactory(**facts)
    ReportFactory(state="available")

    page = viewer.get(f"{LIST}?{query}")

    assert names_in(page) == [report.name]


def test_list_is_filtered_by_content_owner(viewer):
    owner = ContentOwnerFactory()
    report = ReportFactory(content_owner=owner)
    ReportFactory()

    page = viewer.get(f"{LIST}?content_owner__id__exact={owner.pk}")

    assert names_in(page) == [report.name]


def test_empty_list_says_where_files_come_from(editor):
    page = editor.get(LIST).content.decode()

    assert "There are no report files yet" in page
    assert "Upload a report" in page


@pytest.mark.security
def test_name_with_markup_is_shown_as_text(viewer):
    report = ReportFactory(name="<script>alert(1)</script>.csv")

    pages = [viewer.get(LIST), viewer.get(address("change", report))]

    for page in pages:
        assert b"<script>alert(1)" not in page.content


@pytest.mark.security
def test_pages_are_closed_to_an_outsider(outsider):
    report = ReportFactory()
    addresses = [
        LIST,
        address("change", report),
        address("rejects", report),
        reverse("admin:reports_report_add"),
        reverse("admin:reports_reportrowerror_changelist"),
        reverse("admin:reports_reportsource_changelist"),
    ]

    assert [outsider.get(page).status_code for page in addresses] == [403] * 6


@pytest.mark.security
def test_viewer_is_offered_nothing_to_press(viewer):
    ReportFactory()

    page = viewer.get(LIST).content.decode()

    for name in ("Upload a report", "Look for new files", "Import selected"):
        assert name not in page


@pytest.mark.security
def test_reports_are_neither_edited_nor_deleted(admin_client):
    report = ReportFactory()

    changed = admin_client.post(address("change", report), {"name": "Other"})
    deleted = admin_client.post(address("delete", report), {"post": "yes"})

    report.refresh_from_db()
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert report.name != "Other"
