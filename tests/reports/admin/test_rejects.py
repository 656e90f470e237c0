"""What was left out: the full list, and the download."""

import csv
from io import StringIO

import pytest
from asgiref.sync import async_to_sync

from tests.factories.reports import ReportFactory, ReportRowErrorFactory
from tests.reports.admin.conftest import address

pytestmark = pytest.mark.django_db
REJECTS = "/admin/reports/reportrowerror/"
MOST_QUERIES = 25


def read(response):
    """The rows of a streamed CSV file."""

    async def collect():
        return b"".join([chunk async for chunk in response.streaming_content])

    body = async_to_sync(collect)().decode("utf-8-sig")
    return list(csv.reader(StringIO(body)))


def test_list_shows_the_errors_of_one_report_in_the_order_of_the_file(
    viewer, django_assert_max_num_queries
):
    report = ReportFactory()
    late = ReportRowErrorFactory(report=report, line=900, value="<i>")
    early = ReportRowErrorFactory(report=report, line=8, is_rejected=False)
    ReportRowErrorFactory()

    with django_assert_max_num_queries(MOST_QUERIES):
        page = viewer.get(f"{REJECTS}?report={report.pk}")

    assert list(page.context["cl"].result_list) == [early, late]
    assert b"&lt;i&gt;" in page.content
    assert report.name.encode() in page.content


@pytest.mark.parametrize("pk", ["", "x", "9" * 30, "-1"])
def test_list_survives_any_report_in_its_address(viewer, pk):
    page = viewer.get(f"{REJECTS}?report={pk}", follow=True)

    assert page.status_code == 200


def test_list_is_filtered_by_what_was_left_out(viewer):
    row = ReportRowErrorFactory()
    value = ReportRowErrorFactory(is_rejected=False)

    pages = [viewer.get(f"{REJECTS}?effect={effect}") for effect in ("row", "value")]

    assert [list(p.context["cl"].result_list) for p in pages] == [[row], [value]]


def test_one_error_opens_with_its_whole_value(viewer):
    error = ReportRowErrorFactory(value="x" * 5_000)

    page = viewer.get(f"{REJECTS}{error.pk}/change/")

    assert "x" * 5_000 in page.content.decode()


def test_download_holds_every_row_with_its_reason(viewer):
    report = ReportFactory()
    error = ReportRowErrorFactory(report=report, line=7, value="=1+1")

    response = viewer.get(address("rejects", report))

    assert response.streaming
    name = f'attachment; filename="rejects_{report.pk}.csv"'
    assert response.headers["Content-Disposition"] == name
    header, row = read(response)
    assert header == ["line", "column", "value", "reason", "row rejected"]
    assert row == ["7", "video_id", "'=1+1", error.reason, "yes"]
