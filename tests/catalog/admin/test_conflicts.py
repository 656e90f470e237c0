"""The list of conflicts: three values, filters, decisions for one and for many."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import ChangeSet, Conflict, Video
from catalog.templatetags.differences import marked_in_one
from tests.factories.catalog import (
    ChannelFactory,
    ConflictFactory,
    ObservationFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("admin:catalog_conflict_changelist")
DECIDE = reverse("admin:catalog_conflict_decide")


def make_conflict(number=0, **values):
    video = VideoFactory(title=f"Ours {number}", snapshot__title=f"Theirs {number}")
    given = {"ours": f"Ours {number}", "theirs": f"Theirs {number}", "video": video}
    return ConflictFactory(**given | values)


def shown(browser, **query):
    reply = browser.get(LIST, query)
    assert reply.status_code == 200
    return list(reply.context["cl"].result_list)


def act(browser, action, *rows, address=LIST, **data):
    keys = [row.pk for row in rows]
    chosen = {"action": action, "_selected_action": keys, **data}
    return browser.post(address, chosen, follow=True)


def text_of(reply):
    return html.unescape(reply.content.decode())


def test_only_open_conflicts_are_listed_at_first(viewer):
    still_open = make_conflict()
    closed = make_conflict(state="kept_ours")

    assert shown(viewer) == [still_open]
    assert shown(viewer, state="kept_ours") == [closed]
    assert len(shown(viewer, state="all")) == 2


def test_row_has_the_three_values(viewer):
    make_conflict(base="Blue", ours="Green", theirs="Red")

    page = text_of(viewer.get(LIST))

    assert all(f">{value}</span>" in page for value in ("Blue", "Green", "Red"))


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ({"field": "label"}, {"field": "label"}),
        ({"source": "refresh"}, {"observation__source": "refresh"}),
        ({"q": "Wanted"}, {}),
    ],
    ids=["field", "source", "search"],
)
def test_filter_leaves_only_what_it_names(viewer, query, values):
    make_conflict(1)
    wanted = make_conflict(video=VideoFactory(title="Wanted"), **values)

    assert shown(viewer, **query) == [wanted]


def test_conflicts_of_a_channel(viewer):
    make_conflict(1)
    channel = ChannelFactory()
    wanted = make_conflict(video=VideoFactory(channel=channel))

    assert shown(viewer, video__channel__id__exact=channel.pk) == [wanted]


def test_conflicts_of_an_observation(viewer):
    make_conflict(1)
    wanted = make_conflict(observation=ObservationFactory())

    assert shown(viewer, observation=wanted.observation_id) == [wanted]


@pytest.mark.parametrize(
    ("age", "days"), [("1", 0), ("7", 3), ("over_7", 10), ("over_30", 40)]
)
def test_conflicts_by_age(viewer, age, days):
    others = {"1": 2, "7": 8, "over_7": 1, "over_30": 29}
    wanted, other = make_conflict(1), make_conflict(2)
    for conflict, back in ((wanted, days), (other, others[age])):
        moment = timezone.now() - timedelta(days=back)
        Conflict.objects.filter(pk=conflict.pk).update(opened_at=moment)

    assert shown(viewer, age=age) == [wanted]


@pytest.mark.parametrize(
    ("button", "state"), [("keep", "kept_ours"), ("take", "took_theirs")]
)
def test_buttons_of_a_row_decide_one(editor, button, state):
    chosen, other = make_conflict(1), make_conflict(2)

    reply = editor.post(DECIDE, {button: chosen.pk, "filters": "field=title"})

    assert reply["Location"] == f"{LIST}?field=title"
    states = dict(Conflict.objects.values_list("pk", "state"))
    assert states == {chosen.pk: state, other.pk: "open"}


@pytest.mark.parametrize("data", [{}, {"keep": "x"}, {"take": ""}])
def test_decision_without_a_conflict_is_refused(editor, data):
    assert editor.post(DECIDE, data).status_code == 400


def test_decision_about_an_unknown_conflict_is_not_found(editor):
    assert editor.post(DECIDE, {"keep": 12345678}).status_code == 404


@pytest.mark.parametrize(
    ("action", "state"),
    [("keep_ours", "kept_ours"), ("take_theirs", "took_theirs")],
)
def test_ticked_conflicts_are_resolved_together(editor, action, state):
    conflicts = [make_conflict(1), make_conflict(2)]

    page = text_of(act(editor, action, *conflicts))

    assert set(Conflict.objects.values_list("state", flat=True)) == {state}
    assert "Conflicts resolved: 2." in page


def test_all_that_match_are_counted_before_they_are_decided(editor):
    rows = [make_conflict(number) for number in range(3)]
    make_conflict(9, field="label")
    every = {"select_across": "1", "address": f"{LIST}?field=title"}

    page = text_of(act(editor, "take_theirs", rows[0], **every))

    assert "Take the values on YouTube in 3 conflicts" in page
    assert Conflict.objects.open().count() == 4


def test_all_that_match_are_decided_in_one_change_set(editor):
    rows = [make_conflict(number) for number in range(3)]
    other = make_conflict(9, field="label")
    every = {"select_across": "1", "address": f"{LIST}?field=title"}

    act(editor, "take_theirs", rows[0], confirmed="1", **every)

    assert ChangeSet.objects.get().applied_count == 3
    assert list(Conflict.objects.open()) == [other]


def test_conflict_that_is_left_is_named(editor):
    moved = make_conflict(video=VideoFactory(title="Moved"), ours="Else")

    page = text_of(act(editor, "take_theirs", moved))

    assert Conflict.objects.get().state == "open"
    assert "Conflicts resolved: 0." in page
    assert "Moved since you saw them" in page
    assert Video.objects.get(pk=moved.video_id).title == "Moved"


def test_token_that_no_page_made_is_refused(editor):
    conflict = make_conflict()

    page = text_of(act(editor, "keep_ours", conflict, seen="1:1:"))

    assert "Reload the page and decide again" in page
    assert Conflict.objects.get().state == "open"


@pytest.mark.django_db(transaction=True)
def test_page_that_shows_an_older_value_decides_nothing(editor):
    conflict = make_conflict()
    seen = editor.get(LIST).context["seen"]
    Conflict.objects.update(theirs="Fourth")

    page = text_of(act(editor, "take_theirs", conflict, seen=seen))

    assert "Moved since you saw them" in page
    assert Conflict.objects.get().state == "open"


@pytest.mark.django_db(transaction=True)
def test_page_that_shows_the_values_decides(editor):
    conflict = make_conflict()
    seen = editor.get(LIST).context["seen"]

    act(editor, "take_theirs", conflict, seen=seen)

    assert Conflict.objects.get().state == "took_theirs"


@pytest.mark.security
def test_viewer_cannot_decide(viewer):
    conflict = make_conflict()

    act(viewer, "keep_ours", conflict)
    refused = viewer.post(DECIDE, {"keep": conflict.pk})

    assert refused.status_code == 403
    assert Conflict.objects.get().state == "open"
    assert "Keep ours" not in text_of(viewer.get(LIST))


def test_number_of_queries_does_not_grow(editor, django_assert_max_num_queries):
    for number in range(20):
        make_conflict(number)

    with django_assert_max_num_queries(20):
        editor.get(LIST)


# Marks


@pytest.mark.parametrize(
    ("base", "value", "expected"),
    [
        ("Song (Live)", "Song (Studio)", ["removed: ", "Live", "added: ", "Studio"]),
        (["one", "b"], ["b", "c d"], ["removed: ", "one", " | b | ", "added: ", "c d"]),
        ("My song", "My song <b>", ["added: ", "&lt;b&gt;"]),
    ],
)
def test_differences_are_marked_and_spoken(base, value, expected):
    name = "tags" if isinstance(value, list) else "title"
    marked = marked_in_one(value, base, name)

    places = [marked.find(text) for text in expected]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("base", "value", "name"),
    [
        (None, "Song", "title"),
        ("One thing", "Quite another", "title"),
        (True, False, "embeddable"),
        ("10", "20", "category_id"),
        ("", "Song", "title"),
    ],
)
def test_value_without_a_part_in_common_is_not_marked(base, value, name):
    assert "ytm-diff" not in marked_in_one(value, base, name)


def test_long_equal_parts_are_shortened():
    text = " ".join(f"word{number}" for number in range(400))

    marked = marked_in_one(f"{text} end", f"{text} start", "description")

    assert len(marked) < 600
    assert "…" in marked
