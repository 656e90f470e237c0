"""The page "What changed" of a report."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from catalog.models import Highlight
from reports.services import what_changed
from tests.factories.catalog import (
    AS_OF,
    AssetFactory,
    ChannelFactory,
    HighlightCountFactory,
    HighlightFactory,
    ObservationFactory,
    VideoFactory,
)
from tests.factories.reports import ReportFactory
from tests.reports.admin.conftest import VIEW, address, messages_of, signed_in
from tests.reports.conftest import CHANNEL, video_file, video_row

pytestmark = pytest.mark.django_db

SEE = [*VIEW, "catalog.view_highlight"]
MOST_QUERIES = 25
LATEST = reverse("admin:reports_report_latest_changes")


@pytest.fixture
def reader(client, db):
    return signed_in(client, SEE)


@pytest.fixture
def report(db):
    return ReportFactory(imported=True)


def highlight(report, **facts):
    """One row with its count, as the merge leaves them."""
    row = HighlightFactory(observation=report.observation, **facts)
    HighlightCountFactory(
        observation=report.observation,
        kind=row.kind,
        channel=row.channel,
        daily_views=row.daily_views or 0,
    )
    return row


def page(client, report, **query):
    return client.get(address("changes", report), query)


def ids(reply):
    return [line.highlight.pk for line in reply.context["lines"]]


def text_of(reply):
    return " ".join(reply.content.decode().split())


def csv_of(client, report, **query):
    reply = client.get(address("changes_csv", report), query)
    return async_to_sync(body_of)(reply).decode("utf-8-sig").splitlines()


async def body_of(reply):
    return b"".join([chunk async for chunk in reply.streaming_content])


# ROWS


def test_two_successive_reports_give_a_list_to_act_on(reader, run):
    first = [video_row(n, views="1000") for n in (1, 2, 3)]
    run(video_file(*first), day=1)
    after = [
        video_row(1, effective_policy="Block in all countries", views="1500"),
        video_row(2, views="2000"),
        video_row(4, views="50"),
    ]

    report = run(video_file(*after), day=2)

    reply = page(reader, report)
    cards = {card.label: card.count for card in reply.context["cards"]}
    assert cards == {
        "Everything": 3,
        "No longer monetizing": 1,
        "No longer listed": 1,
        "New videos": 1,
    }
    lines = [
        (line.highlight.kind, line.before[1], line.now[1])
        for line in reply.context["lines"]
    ]
    assert lines == [
        ("monetization_lost", "Monetize", "Block"),
        ("video_new", "", "50"),
        ("video_missing", "2026-06-01", ""),
    ]
    assert "of 2026-06-01." in text_of(reply)


def test_first_report_says_that_there_is_nothing_to_compare(reader, run):
    report = run(video_file(video_row(1), video_row(2)))

    reply = page(reader, report)

    assert "first report of its kind" in text_of(reply)
    assert reply.context["lines"] == []
    assert reply.context["cards"][0].count == 2


def test_rows_rank_by_daily_views(reader, report):
    few, none, many = (
        highlight(report, daily_views=views).pk for views in (5, None, 900)
    )

    assert ids(page(reader, report)) == [many, few, none]


def test_rows_are_narrowed_by_kind_channel_and_words(reader, report):
    kept = highlight(
        report,
        kind="conflict",
        field="title",
        video=VideoFactory(title="Aurora Live"),
    )
    highlight(report, kind="conflict", video=VideoFactory(title="Other"))
    highlight(report, kind="views_up", old=1, new=9, field="daily_views")

    found = [
        ids(page(reader, report, kind="conflict", q="Aurora li")),
        ids(page(reader, report, channel=kept.channel.channel_id)),
    ]

    assert found == [[kept.pk], [kept.pk]]
    assert len(ids(page(reader, report, kind="conflict"))) == 2
    assert "Nothing fits." in text_of(page(reader, report, q="nowhere"))


def test_counts_follow_the_channel(reader, report):
    kept = highlight(report)
    highlight(report)

    reply = page(reader, report, channel=kept.channel.channel_id)

    assert [card.count for card in reply.context["cards"]] == [1, 1]


@pytest.mark.parametrize("query", [{"kind": "\0"}, {"p": "x"}, {"channel": "UC"}])
def test_query_that_means_nothing_shows_everything(reader, report, query):
    row = highlight(report)

    assert ids(page(reader, report, **query)) == [row.pk]


def test_pages_follow_one_another(reader, report, monkeypatch):
    monkeypatch.setattr("reports.admin.what_changed.PER_PAGE", 1)
    rows = [highlight(report, daily_views=views).pk for views in (3, 2, 1)]

    reply = page(reader, report, kind="ownership_lost", p=2)

    assert ids(reply) == [rows[1]]
    assert 'href="?kind=ownership_lost&amp;p=3" rel="next"' in text_of(reply)
    assert 'href="?kind=ownership_lost&amp;p=1" rel="prev"' in text_of(reply)


def test_page_says_that_not_all_rows_are_kept(reader, report):
    row = highlight(report)
    HighlightCountFactory(observation=report.observation, count=500)

    whole, searched = page(reader, report), page(reader, report, q=str(row.video))

    assert whole.context["is_cut"] is True
    assert searched.context["is_cut"] is False


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {
                "kind": "third_party_claim",
                "field": "other_owners_claiming",
                "old": "",
                "new": "X|Y",
            },
            "nobody",
        ),  # noqa: E501 - one case
        (
            {"kind": "views_up", "field": "daily_views", "old": 1000, "new": 9000},
            "9,000 views a day",
        ),  # noqa: E501 - one case
        (
            {
                "kind": "views_up",
                "field": "daily_views",
                "old": 1,
                "new": 9,
                "note": "first_frame",
            },
            "counted differently since 27 August 2026",
        ),  # noqa: E501 - one case
        ({"kind": "conflict", "field": "isrc", "old": "A", "new": "B"}, "ISRC"),
        (
            {
                "kind": "video_back",
                "field": "listed",
                "old": "2026-06-02T07:00:00+00:00",
                "new": None,
            },
            "2026-06-02",
        ),  # noqa: E501 - one case
        ({"kind": "ownership_lost", "video": None, "field": ""}, "A000000000000077"),
    ],
)
def test_each_kind_is_told_in_its_words(reader, report, facts, said):
    asset = AssetFactory(asset_id="A000000000000077", title="")
    highlight(
        report, **({"asset": asset} if facts.get("video", 1) is None else {}) | facts
    )  # noqa: E501 - one row

    assert said in text_of(page(reader, report))


# CHANNELS


def test_channels_are_summed_up(reader, report):
    small, large = ChannelFactory(), ChannelFactory()
    for channel, kind, count, views in (
        (small, "conflict", 9, 10),
        (large, "conflict", 1, 500),
        (large, "views_up", 2, 300),
        (None, "ownership_conflict", 4, 0),
    ):
        HighlightCountFactory(
            observation=report.observation,
            channel=channel,
            kind=kind,
            count=count,
            daily_views=views,
        )

    reply = page(reader, report, view="channels")

    lines = [
        (line.channel, line.count, line.daily_views, counts)
        for line, _, counts in reply.context["lines"]
    ]
    assert lines == [
        (large, 3, 800, [("New conflicts", 1), ("Views rose", 2)]),
        (small, 9, 10, [("New conflicts", 9)]),
        (None, 4, 0, [("New ownership conflicts", 4)]),
    ]
    assert f"?channel={large.channel_id}" in text_of(reply)


# CSV


def test_csv_has_the_same_rows(reader, report):
    row = highlight(report, daily_views=7, old=True, new=False)
    highlight(report, kind="conflict", old=["a", "b"], new=None)

    lines = csv_of(reader, report, kind="ownership_lost")

    assert lines[0].startswith("kind,video ID,title,channel ID")
    assert len(lines) == 2
    assert lines[1].startswith(f"Lost ownership,{row.video.video_id},")
    assert lines[1].endswith(",claimed_by_this_owner,yes,no,7,")


def test_csv_is_read_in_batches_and_complete(reader, report, monkeypatch):
    monkeypatch.setattr(what_changed, "BATCH", 2)
    for views in (5, None, 5, 3, None, 5, 9):
        highlight(report, daily_views=views)

    lines = csv_of(reader, report)

    listed = [line.split(",")[1] for line in lines[1:]]
    ranked = Highlight.objects.values_list("video__video_id", flat=True)
    assert listed == list(ranked)


def test_csv_guards_against_formulas(reader, report):
    highlight(report, kind="conflict", field="title", old="=1+1", new="@x")

    assert ",'=1+1,'@x," in csv_of(reader, report)[1]


# WHO AND WHAT


@pytest.mark.security
@pytest.mark.parametrize("name", ["changes", "changes_csv"])
@pytest.mark.parametrize("permissions", [[], VIEW, ["catalog.view_highlight"]])
def test_page_needs_both_permissions(client, report, name, permissions):
    browser = signed_in(client, permissions)

    assert browser.get(address(name, report)).status_code == 403


@pytest.mark.parametrize("state", ["available", "failed", "waiting"])
def test_report_that_was_not_imported_has_no_changes(reader, state):
    report = ReportFactory(state=state)

    assert page(reader, report).status_code == 404


def test_newest_comparison_of_a_channel_is_found(reader, run):
    run(video_file(), day=1)
    report = run(video_file(video_row(views="200")), day=2)

    reply = reader.get(LATEST, {"channel": CHANNEL})

    assert reply.url == f"{address('changes', report)}?channel={CHANNEL}"


@pytest.mark.parametrize("channel", ["", "UC-unknown"])
def test_unknown_channel_has_no_comparison(reader, channel):
    assert reader.get(LATEST, {"channel": channel}).status_code == 404


def test_channel_without_a_report_has_no_comparison(reader):
    channel = ChannelFactory()

    reply = reader.get(LATEST, {"channel": channel.channel_id})

    assert reply.url == "/admin/reports/report/"
    assert "No report listed" in messages_of(reply)[0]


def test_predecessor_is_of_the_same_kind_and_owner(report):
    def other(**facts):
        owner = facts.pop("owner", report.content_owner)
        observation = ObservationFactory(content_owner=owner)
        facts = {"content_owner": owner, "observation": observation, **facts}
        return ReportFactory(imported=True, **facts)

    earlier = other(as_of=AS_OF + timedelta(days=1))
    other(kind="asset_full_report", as_of=AS_OF + timedelta(days=1))
    other(owner=ObservationFactory().content_owner, as_of=AS_OF + timedelta(days=1))
    newest = other(as_of=AS_OF + timedelta(days=2))

    assert what_changed.predecessor_of(newest) == earlier
    assert what_changed.predecessor_of(report) is None


@pytest.mark.parametrize("view", ["", "channels"])
def test_page_asks_a_bounded_number_of_queries(
    reader, report, view, django_assert_max_num_queries
):
    for _ in range(5):
        highlight(report)

    with django_assert_max_num_queries(MOST_QUERIES):
        reply = page(reader, report, view=view)

    assert len(reply.context["lines"]) == 5


def test_report_and_list_lead_to_what_changed(reader, run):
    report = run(video_file())
    link = f'href="{address("changes", report)}"'

    assert link in text_of(reader.get(address("change", report)))
    assert link in text_of(reader.get("/admin/reports/report/"))


@pytest.mark.parametrize("may_see", [True, False])
def test_channel_leads_to_what_changed_lately(client, may_see):
    browser = signed_in(client, ["catalog.view_channel", *(SEE if may_see else [])])
    channel = ChannelFactory()
    own_page = reverse("admin:catalog_channel_change", args=[channel.pk])

    shown = text_of(browser.get(own_page))

    assert (f"{LATEST}?channel={channel.channel_id}" in shown) is may_see


@pytest.mark.security
@pytest.mark.parametrize("may_see", [True, False])
def test_list_of_reports_leads_there_for_people_who_may_see_it(client, report, may_see):
    browser = signed_in(client, SEE if may_see else VIEW)

    shown = browser.get(reverse("admin:reports_report_changelist")).content.decode()

    assert (address("changes", report) in shown) is may_see
    assert "nothing" in shown
