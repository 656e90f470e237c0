"""`/api/reports/{id}/changes/`: rows, sums and channels."""

import pytest
from asgiref.sync import async_to_sync

from tests.api_clients import client_of
from tests.factories.catalog import (
    HighlightCountFactory,
    HighlightFactory,
    ObservationFactory,
)
from tests.factories.reports import ReportFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10
PARTS = ["", "summary/", "channels/"]


@pytest.fixture
def reader(db):
    return client_of("reports.view_report", "catalog.view_highlight")


@pytest.fixture
def report(db):
    return ReportFactory(imported=True)


def address(report, part=""):
    return f"/api/reports/{report.pk}/changes/{part}"


def highlight(report, **facts):
    row = HighlightFactory(observation=report.observation, **facts)
    HighlightCountFactory(
        observation=report.observation,
        kind=row.kind,
        channel=row.channel,
        daily_views=row.daily_views,
    )
    return row


def test_rows_come_with_the_most_daily_views_first(reader, report):
    few, many = (highlight(report, daily_views=views) for views in (1, 9))

    body = reader.get(address(report)).json()

    assert [row["video_id"] for row in body["results"]] == [
        many.video.video_id,
        few.video.video_id,
    ]
    assert body["results"][0] == {
        "kind": "ownership_lost",
        "video_id": many.video.video_id,
        "title": many.video.title,
        "channel_id": many.channel.channel_id,
        "channel_name": many.channel.name,
        "asset_id": None,
        "field": "claimed_by_this_owner",
        "old": True,
        "new": False,
        "daily_views": 9,
        "note": "",
    }
    assert body["pagination"]["total"] == 2


def test_rows_are_narrowed(reader, report):
    row = highlight(report, kind="conflict")
    highlight(report)

    for query in (
        {"kind": "conflict"},
        {"channel": row.channel.channel_id},
        {"search": row.video.video_id},
    ):
        body = reader.get(address(report), query).json()
        assert [found["kind"] for found in body["results"]] == ["conflict"]


def test_note_tells_what_to_know_about_the_figures(reader, report):
    highlight(report, kind="views_up", note="first_frame")

    body = reader.get(address(report)).json()

    assert body["results"][0]["note"].endswith("since 27 August 2026.")


def test_rows_can_be_had_as_csv(reader, report):
    row = highlight(report)

    reply = reader.get(address(report), {"format": "csv"})

    async def body():
        return b"".join([chunk async for chunk in reply.streaming_content])

    lines = async_to_sync(body)().decode("utf-8-sig").splitlines()
    assert lines[1].startswith(f"Lost ownership,{row.video.video_id},")


def test_summary_counts_the_whole_and_one_channel(reader, report):
    row = highlight(report, kind="conflict")
    highlight(report)
    query = {"channel": row.channel.channel_id}

    whole = reader.get(address(report, "summary/")).json()
    one = reader.get(address(report, "summary/"), query).json()

    assert whole["counts"] == {"ownership_lost": 1, "conflict": 1}
    assert one["counts"] == {"conflict": 1}
    assert whole["compared_with"] is None


def test_summary_names_the_report_before(reader, report):
    observation = ObservationFactory(content_owner=report.content_owner)
    later = ReportFactory(
        imported=True, content_owner=report.content_owner, observation=observation
    )

    body = reader.get(address(later, "summary/")).json()

    assert body["compared_with"]["pk"] == report.pk


def test_channels_are_summed_up(reader, report):
    row = highlight(report, daily_views=5)

    body = reader.get(address(report, "channels/")).json()

    assert body["results"] == [
        {
            "channel_id": row.channel.channel_id,
            "channel_name": row.channel.name,
            "count": 1,
            "daily_views": 5,
            "counts": {"ownership_lost": 1},
        }
    ]


@pytest.mark.parametrize(
    ("query", "status"),
    [({"kind": "nonsense"}, 400), ({"colour": "red"}, 400), ({"channel": "UC"}, 404)],
)
def test_query_that_cannot_be_answered_is_refused(reader, report, query, status):
    assert reader.get(address(report), query).status_code == status


@pytest.mark.parametrize("part", PARTS)
def test_report_that_was_not_imported_changed_nothing(reader, part):
    body = reader.get(address(ReportFactory(), part)).json()

    assert body.get("results", []) == []
    assert body.get("counts", {}) == {}


@pytest.mark.security
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("permissions", [[], ["reports.view_report"]])
def test_changes_need_both_permissions(report, part, permissions):
    client = client_of(*permissions)

    assert client.get(address(report, part)).status_code == 403


@pytest.mark.parametrize("part", PARTS)
def test_number_of_queries_does_not_depend_on_the_rows(
    reader, report, part, django_assert_max_num_queries
):
    for _ in range(5):
        highlight(report)

    with django_assert_max_num_queries(MOST_QUERIES):
        reply = reader.get(address(report, part))

    assert reply.status_code == 200
