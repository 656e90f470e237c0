"""The list of videos: what it shows, finds, filters and does to many at once."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.urls import reverse

from catalog.models import ChangeSet, ShortsVerdict, Video
from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    ConflictFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/video/"


def shown(browser, **query):
    """The titles on the list with these filters."""
    reply = browser.get(LIST, query)
    assert reply.status_code == 200, reply
    return {video.title for video in reply.context["cl"].result_list}


def act(browser, action, *videos, **data):
    chosen = {"action": action, "_selected_action": [video.pk for video in videos]}
    return browser.post(LIST, chosen | data, follow=True)


def test_row_shows_what_an_editor_needs(viewer):
    video = VideoFactory(
        title="New",
        snapshot__title="Old",
        primary_asset=AssetFactory(asset_id="A123456789012345"),
        statistics__view_count=1_234_567,
        length_seconds=215,
        is_administered=True,
        privacy_status="unlisted",
    )
    ShortsVerdictFactory(video=video)

    page = viewer.get(LIST).content.decode()

    for text in (
        "1,234,567",
        "3:35",
        "Not a Short",
        "A123456789012345",
        video.isrc,
        video.upc,
        "Ada Lovelace",
        "Analytical Records",
        "Monetize",
        "Unlisted",
        "Administered",
        "2021-05-04",
        f"https://studio.youtube.com/video/{video.video_id}/edit",
        f"https://www.youtube.com/watch?v={video.video_id}",
        'alt="Thumbnail of New"',
        'loading="lazy"',
        '<span class="ytm-badge ytm-badge--warn">title</span>',
    ):
        assert text in page, text


FILTERS = [
    ({"privacy": "private"}, {"privacy_status": "private"}),
    ({"category": "20"}, {"category_id": "20"}),
    ({"asset": "several"}, {"has_several_assets": True}),
    ({"policy": "block"}, {"policy": "block"}),
    ({"policy": "none"}, {"policy": ""}),
    ({"policy": "not_monetize"}, {"policy": "track"}),
    ({"claimed_by_others": "yes"}, {"claimed_by_another_owner": True}),
    ({"live": "yes"}, {"is_live_stream": True}),
    ({"administered": "yes"}, {"is_administered": True}),
    ({"missing": "isrc"}, {"isrc": ""}),
    ({"missing": "upc"}, {"upc": ""}),
    ({"missing": "artist"}, {"artist": []}),
    ({"missing": "label"}, {"label": ""}),
    ({"unpushed": "yes"}, {"snapshot__description": "Old"}),
    ({"hidden": "yes"}, {"is_hidden": True}),
    ({"on_youtube": "missing"}, {"missing_since": datetime(2025, 1, 1, tzinfo=UTC)}),
    ({"on_youtube": "gone"}, {"not_found_at": datetime(2025, 1, 1, tzinfo=UTC)}),
    (
        {"published_at_from": "2023-01-02", "published_at_to": "2023-01-02"},
        {"published_at": datetime(2023, 1, 2, 23, 30, tzinfo=UTC)},
    ),
]


@pytest.mark.parametrize(("query", "values"), FILTERS, ids=str)
def test_filter_leaves_only_what_it_names(viewer, query, values):
    VideoFactory(title="Other", primary_asset=AssetFactory())
    VideoFactory(title="Wanted", primary_asset=AssetFactory(), **values)

    assert shown(viewer, **query) == {"Wanted"}


def test_filter_by_asset(viewer):
    VideoFactory(title="With", primary_asset=AssetFactory())
    VideoFactory(title="Without")

    assert shown(viewer, asset="yes") == {"With"}
    assert shown(viewer, asset="no") == {"Without"}


@pytest.mark.parametrize("length", ["short", "medium", "long"])
def test_filter_by_length(viewer, length):
    for title, seconds in (("short", 239), ("medium", 240), ("long", 1200)):
        VideoFactory(title=title, length_seconds=seconds)

    assert shown(viewer, length=length) == {length}


def test_filter_by_assignee(viewer):
    other = UserFactory(username="other")
    VideoFactory(title="Mine", assignee=viewer.person)
    VideoFactory(title="Theirs", assignee=other)
    VideoFactory(title="Free")

    assert shown(viewer, assignee="me") == {"Mine"}
    assert shown(viewer, assignee="nobody") == {"Free"}
    assert shown(viewer, assignee=other.pk) == {"Theirs"}


def test_filter_by_channel(viewer):
    channel = ChannelFactory()
    VideoFactory(title="Wanted", channel=channel)
    VideoFactory(title="Other")

    assert shown(viewer, channel__id__exact=channel.pk) == {"Wanted"}


def test_filter_by_short(viewer):
    short = VideoFactory(title="Short")
    ShortsVerdictFactory(video=short, verdict="yes")
    ShortsVerdictFactory(video=VideoFactory(title="No Short"))

    assert shown(viewer, short="yes") == {"Short"}


def test_filter_by_open_conflict(viewer):
    ConflictFactory(video=VideoFactory(title="Open"))
    ConflictFactory(video=VideoFactory(title="Closed"), state="kept_ours")

    assert shown(viewer, conflict="open") == {"Open"}


def test_hidden_videos_and_channels_are_left_out(viewer):
    VideoFactory(title="Shown")
    VideoFactory(title="Hidden", is_hidden=True)
    VideoFactory(title="Of a hidden channel", channel__is_hidden=True)

    assert shown(viewer) == {"Shown"}
    assert shown(viewer, hidden="all") == {"Shown", "Hidden", "Of a hidden channel"}
    assert shown(viewer, hidden="yes") == {"Hidden", "Of a hidden channel"}


@pytest.mark.parametrize("nonsense", ["2023-02-31", "soon", ""])
def test_filter_ignores_a_date_that_is_none(viewer, nonsense):
    VideoFactory(title="Shown")

    assert shown(viewer, published_at_from=nonsense) == {"Shown"}


@pytest.mark.parametrize(
    "text",
    [
        "kommissar",
        "falco KOMM",
        "dQw4w9WgXcQ",
        "dQw4w9WgXcQ, -abcdefghij",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3",
        "https://youtu.be/dQw4w9WgXcQ?si=x",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
        "ATAB18200001",
    ],
)
def test_search_finds_texts_ids_and_addresses(viewer, text):
    VideoFactory(
        title="Der Kommissar",
        artist=["Falco"],
        video_id="dQw4w9WgXcQ",
        isrc="ATAB18200001",
    )
    VideoFactory(title="Performance")

    assert shown(viewer, q=text) == {"Der Kommissar"}


def test_search_for_a_word_that_looks_like_an_id_finds_titles(viewer):
    VideoFactory(title="Performance")

    assert shown(viewer, q="performance") == {"Performance"}


@pytest.mark.parametrize(
    ("sign", "titles"), [("-", ["Many", "Few", "None"]), ("", ["None", "Few", "Many"])]
)
def test_list_is_sorted_by_views_with_unknown_ones_below(viewer, sign, titles):
    for title, views in (("Few", 5), ("Many", 500), ("None", None)):
        VideoFactory(title=title, sort_views=views)
    column = list(viewer.get(LIST).context["cl"].list_display).index("views")

    reply = viewer.get(LIST, {"o": f"{sign}{column}"})

    listed = [video.title for video in reply.context["cl"].result_list]
    assert listed == titles


@pytest.mark.parametrize("column", ["views", "published"])
def test_sorted_list_reads_along_an_index(viewer, column):
    VideoFactory.create_batch(3)
    place = list(viewer.get(LIST).context["cl"].list_display).index(column)
    rows = viewer.get(LIST, {"o": f"-{place}"}).context["cl"].queryset

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        plan = rows[:50].explain()

    assert f"catalog_video_{column}" in plan
    assert "Sort Key" not in plan


def test_mark_as_administered_asks_for_a_note_then_marks(editor):
    video = VideoFactory(title="Song")

    question = act(editor, "mark_as_administered", video)
    answer = act(
        editor, "mark_as_administered", video, confirmed="1", note="Checked by phone"
    )

    video.refresh_from_db()
    assert "Song" in question.content.decode()
    assert 'name="note"' in question.content.decode()
    assert "1 video marked as administered." in answer.content.decode()
    assert (video.is_administered, video.administered_by) == (True, editor.person)
    assert ChangeSet.objects.get().reason == "Checked by phone"


def test_asking_for_the_note_changes_nothing(editor):
    video = VideoFactory()

    act(editor, "mark_as_administered", video)

    video.refresh_from_db()
    assert not video.is_administered


def test_action_on_all_pages_keeps_to_the_filter(editor):
    VideoFactory.create_batch(3, privacy_status="private")
    other = VideoFactory()
    data = {"action": "hide", "select_across": "1", "_selected_action": [other.pk]}

    editor.post(f"{LIST}?privacy=private", data)

    assert Video.objects.filter(is_hidden=True).count() == 3
    assert not Video.objects.get(pk=other.pk).is_hidden


@pytest.mark.parametrize(
    ("action", "before", "field", "after"),
    [
        ("remove_administered", {"is_administered": True}, "is_administered", False),
        ("hide", {}, "is_hidden", True),
    ],
)
def test_action_sets_its_field(editor, action, before, field, after):
    video = VideoFactory(**before)

    act(editor, action, video)

    video.refresh_from_db()
    assert getattr(video, field) is after


def test_hidden_video_is_shown_again(editor):
    video = VideoFactory(is_hidden=True)
    data = {"action": "show_again", "_selected_action": [video.pk]}

    editor.post(f"{LIST}?hidden=yes", data)

    video.refresh_from_db()
    assert not video.is_hidden


@pytest.mark.parametrize(
    ("action", "verdict"), [("mark_as_short", "yes"), ("mark_as_no_short", "no")]
)
def test_action_decides_shorts(editor, action, verdict):
    video = VideoFactory()
    ShortsVerdictFactory(video=video, verdict="unknown")

    act(editor, action, video)

    decided = ShortsVerdict.objects.get()
    assert (decided.verdict, decided.method) == (verdict, "manual")


def test_action_that_changes_nothing_says_so(editor):
    page = act(editor, "remove_administered", VideoFactory()).content.decode()

    assert "Nothing to change" in page


@pytest.mark.security
@pytest.mark.parametrize(
    "action",
    [
        "mark_as_administered",
        "remove_administered",
        "hide",
        "show_again",
        "mark_as_short",
        "mark_as_no_short",
    ],
)
def test_viewer_is_offered_no_action_and_can_run_none(viewer, action):
    video = VideoFactory()
    ShortsVerdictFactory(video=video, verdict="unknown")

    offered = viewer.get(LIST).content.decode()
    act(viewer, action, video, confirmed="1")

    assert f'value="{action}"' not in offered
    assert not ChangeSet.objects.exists()


@pytest.mark.security
def test_channel_autocomplete_needs_permission(outsider, db):
    query = {"app_label": "catalog", "model_name": "video", "field_name": "channel"}

    reply = outsider.get(reverse("admin:autocomplete"), query | {"term": "a"})

    assert reply.status_code == 403
