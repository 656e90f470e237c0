"""The pages of lists, releases and matches."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog import tasks
from catalog.models import ChangeSet, Release, ReleaseList, ReleaseMatch
from tests.catalog.admin.conftest import EDIT, VIEW, signed_in
from tests.catalog.releases.conftest import (  # noqa: F401 - fixtures
    list_of,
    loaded,
    owner,
    release,
    video,
)

pytestmark = pytest.mark.django_db
SEE = [f"catalog.view_{name}" for name in ("releaselist", "release", "releasematch")]
MAY = [
    "catalog.add_releaselist",
    "catalog.change_releaselist",
    "catalog.change_releasematch",
]
MATCHES = "admin:catalog_releasematch_changelist"


@pytest.fixture
def looker(client, db):
    return signed_in(client, VIEW + SEE)


@pytest.fixture
def matcher(client, db):
    return signed_in(client, VIEW + SEE + EDIT + MAY)


def post(client, name, *args, **data):
    address = reverse(f"admin:catalog_{name}", args=args)
    return client.post(address, data, follow=True)


def messages_of(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_list_is_uploaded_its_columns_confirmed_and_matched(
    matcher,
    owner,  # noqa: F811
    video,  # noqa: F811
    report_store,
):
    video(title="Ada Lovelace - Night Engine")
    file = SimpleUploadedFile("ours.csv", list_of(release()).encode())

    shown = post(matcher, "releaselist_add", file=file, content_owner=owner.pk)
    made = ReleaseList.objects.get()
    answers = {f"column_{n}": name for n, name in enumerate(made.columns)}
    post(matcher, "releaselist_columns", made.pk, list_separator="|", **answers)
    tasks.load_release_list(release_list_pk=made.pk)
    page = matcher.get(reverse("admin:catalog_releaselist_change", args=[made.pk]))

    assert "Columns of" in shown.rendered_content
    assert "Videos with one match" in page.rendered_content


def test_file_that_is_no_list_is_refused_with_a_reason(matcher, owner, report_store):  # noqa: F811
    file = SimpleUploadedFile("empty.csv", b"\n\n")

    shown = post(matcher, "releaselist_add", file=file, content_owner=owner.pk)

    assert not ReleaseList.objects.exists()
    assert "empty" in messages_of(shown) or "empty" in shown.rendered_content


def test_matches_show_confidence_and_reasons(looker, loaded, video):  # noqa: F811
    video(title="Ada Lovelace - Night Engine")
    loaded(list_of(release()))

    page = looker.get(reverse(MATCHES)).rendered_content

    assert "95 %" in page
    assert "The artist is the same." in page
    assert "See what would be filled in" not in page


def test_matches_are_listed_in_few_queries(
    looker,
    loaded,  # noqa: F811
    video,  # noqa: F811
    django_assert_max_num_queries,
):
    for number in range(20):
        video(isrc=f"GBAYE68{number:05d}")
    loaded(list_of(*(release(isrc=f"GBAYE68{n:05d}") for n in range(20))))

    with django_assert_max_num_queries(25):
        page = looker.get(reverse(MATCHES))

    assert page.context["cl"].result_count == 20


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("sure=high", 1),
        ("sure=low", 0),
        ("sure=good", 1),
        ("state=accepted", 0),
        ("state=all", 2),
        ("method=isrc", 1),
        ("rivals=yes", 0),
        ("q=engine", 2),
        ("q=nothing", 0),
    ],
)
def test_matches_can_be_filtered(looker, loaded, video, query, count):  # noqa: F811
    video(isrc="GBAYE6800001", title="Night Engine")
    video(title="Ada Lovelace - Night Engine", length_seconds=500)
    loaded(list_of(release()))

    page = looker.get(f"{reverse(MATCHES)}?{query}")

    assert page.context["cl"].result_count == count


def test_sure_matches_are_accepted_and_planned(matcher, loaded, video):  # noqa: F811
    ours = video(isrc="GBAYE6800001", title="Night Engine")
    loaded(list_of(release()))

    post(matcher, "releasematch_accept", least="95")
    shown = post(matcher, "releasematch_fill", names=["label", "album"])

    change_set = ChangeSet.objects.get()
    assert (change_set.state, change_set.expected_count) == ("planned", 2)
    assert "Analytical Records" in shown.rendered_content
    ours.refresh_from_db()
    assert ours.label == ""


@pytest.mark.parametrize(
    ("action", "state"), [("accept", "accepted"), ("refuse", "refused")]
)
def test_ticked_matches_are_decided(matcher, loaded, video, action, state):  # noqa: F811
    video(isrc="GBAYE6800001", title="Night Engine")
    loaded(list_of(release()))
    match = ReleaseMatch.objects.get()
    ticked = {"action": action, "_selected_action": [match.pk]}

    matcher.post(reverse(MATCHES), ticked)

    match.refresh_from_db()
    assert (match.state, match.decided_by) == (state, matcher.person)

    address = f"{reverse(MATCHES)}?state={state}"
    matcher.post(address, {"action": "reopen", "_selected_action": [match.pk]})

    match.refresh_from_db()
    assert (match.state, match.decided_by) == ("proposed", None)


@pytest.mark.parametrize("least", ["", "59", "101", "x"])
def test_confidence_out_of_range_accepts_nothing(matcher, least):
    shown = post(matcher, "releasematch_accept", least=least)

    assert "from 60 to 100" in messages_of(shown)


def test_filling_without_an_accepted_match_says_so(matcher):
    shown = post(matcher, "releasematch_fill", names=["label"])

    assert "No match is accepted yet" in messages_of(shown)
    assert not ChangeSet.objects.exists()


def test_matching_again_starts_a_job(matcher, loaded):  # noqa: F811
    made = loaded(list_of(release()))

    post(matcher, "releaselist_match", made.pk)

    made.refresh_from_db()
    assert made.state == "matching"
    assert made.job_id is not None


def test_lost_job_of_a_list_is_replaced_once(loaded):  # noqa: F811
    made = loaded(list_of(release()))
    ReleaseList.objects.filter(pk=made.pk).update(state="waiting", job_id=None)

    tasks.requeue_lost_release_lists(0)
    made.refresh_from_db()
    first = made.job_id
    tasks.requeue_lost_release_lists(0)

    made.refresh_from_db()
    assert first is not None
    assert made.job_id == first


@pytest.mark.security
@pytest.mark.parametrize("button", ["releasematch_accept", "releasematch_fill"])
def test_viewer_may_decide_nothing(looker, button):
    assert looker.post(reverse(f"admin:catalog_{button}")).status_code == 403


@pytest.mark.security
def test_viewer_may_load_no_list(looker, loaded):  # noqa: F811
    made = loaded(list_of(release()))

    for name, args in (("add", []), ("columns", [made.pk]), ("match", [made.pk])):
        address = reverse(f"admin:catalog_releaselist_{name}", args=args)
        assert looker.post(address).status_code == 403


@pytest.mark.security
@pytest.mark.parametrize("name", ["releaselist", "release", "releasematch"])
def test_outsider_sees_none_of_it(outsider, name):
    address = reverse(f"admin:catalog_{name}_changelist")

    assert outsider.get(address).status_code == 403


def test_findings_are_shown_page_by_page_and_downloaded(looker, loaded):  # noqa: F811
    wrong = [release(title=f"Song {n}", isrc="wrong", upc="") for n in range(120)]
    made = loaded(list_of(*wrong))
    address = reverse("admin:catalog_releaselist_change", args=[made.pk])

    first = looker.get(address).rendered_content
    last = looker.get(f"{address}?page=2").rendered_content
    download = looker.get(reverse("admin:catalog_releaselist_findings", args=[made.pk]))

    async def read():
        return b"".join([chunk async for chunk in download.streaming_content])

    lines = async_to_sync(read)().decode("utf-8-sig").splitlines()
    assert first.count('data-label="Problem"') == 100
    assert last.count('data-label="Problem"') == 20
    assert "Page 2 of 2" in last
    assert (lines[0], len(lines)) == ("line,column,value,reason", 121)


def test_findings_are_for_people_who_may_see_lists(client, loaded):  # noqa: F811
    made = loaded(list_of(release(isrc="wrong", upc="")))
    address = reverse("admin:catalog_releaselist_findings", args=[made.pk])

    assert signed_in(client, VIEW).get(address).status_code == 403


@pytest.mark.parametrize(
    ("state", "words", "other"),
    [
        ("accepted", "All proposed matches are decided.", "Nothing here yet"),
        (None, "Nothing here yet", "are decided"),
    ],
)
def test_list_without_proposals_tells_whether_all_are_decided(
    looker,
    owner,  # noqa: F811
    video,  # noqa: F811
    state,
    words,
    other,
):
    if state:
        kept = Release.objects.create(content_owner=owner, key="one", title="One")
        ReleaseMatch.objects.create(
            video=video(), release=kept, confidence=90, method="text", state=state
        )

    page = looker.get(reverse(MATCHES)).content.decode()

    assert words in page
    assert other not in page
    assert not state or 'href="?state=all"' in page
