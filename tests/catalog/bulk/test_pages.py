"""The pages of a bulk edit, from the list to the plan and back to the form."""

import pytest
from django.db import connection

from catalog.models import Change, ChangeSet, NeverSplitName
from catalog.templatetags.differences import mark
from tests.factories.catalog import UserFactory, VideoFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/video/"


@pytest.fixture
def editor(client):
    user = UserFactory(
        permissions=[
            "catalog.view_video",
            "catalog.view_changeset",
            "catalog.change_changeset",
            "catalog.bulk_edit_video",
        ]
    )
    client.force_login(user)
    return client


def begin(client, *videos, query="", across="0"):
    chosen = {
        "action": "edit_many",
        "select_across": across,
        "_selected_action": [video.pk for video in videos],
    }
    return client.post(f"{LIST}{query}", chosen)


def fields(*steps, do, **others):
    """What a browser sends of these steps."""
    data = {"count": len(steps), "do": do, **others}
    for number, step in enumerate(steps):
        data |= {f"step-{number}-{name}": value for name, value in step.items()}
    return data


def replacing(find, new, field="title", **others):
    return {"field": field, "operation": "replace", "find": find, "new": new, **others}


def test_ticked_videos_are_edited_after_a_preview(editor):
    first, other = VideoFactory(title="Sogn one"), VideoFactory(title="Sogn two")
    address = begin(editor, first).url

    tried = editor.post(address, fields(replacing("Sogn", "Song"), do="try"))
    planned = editor.post(
        address, fields(replacing("Sogn", "Song"), do="plan", reason="typo")
    )
    first.refresh_from_db()
    before = first.title
    change_set = ChangeSet.objects.get()
    editor.post(f"/admin/catalog/changeset/{change_set.pk}/apply/")

    first.refresh_from_db()
    other.refresh_from_db()
    assert mark("del", "Sogn") in tried.content.decode()
    assert mark("ins", "Song") in editor.get(planned.url).content.decode()
    assert before == "Sogn one"
    assert (first.title, other.title) == ("Song one", "Sogn two")
    assert ChangeSet.objects.get().reason == "typo"


def test_all_matching_videos_are_the_ones_of_the_filter(editor):
    VideoFactory.create_batch(3, title="Match", label="Unicorn")
    VideoFactory(title="Match", label="Dragon")
    ticked = VideoFactory(title="Other", label="Unicorn")
    address = begin(editor, ticked, query="?q=unicorn", across="1").url

    editor.post(address, fields(replacing("Match", "Hit"), do="plan"))

    assert ChangeSet.objects.get().expected_count == 3


def test_pasted_list_names_what_is_not_found(editor):
    video = VideoFactory(title="A", isrc="DEA123456789")
    lines = {"lines": "de-a12-34-56789\nNOSUCHVIDEO"}

    address = editor.post("/admin/catalog/changeset/paste/start/", lines).url
    form = editor.get(address).content.decode()
    page = editor.post(address, fields(replacing("A", "B"), do="plan")).url

    assert "NOSUCHVIDEO" in form
    assert "NOSUCHVIDEO" in editor.get(page).content.decode()
    assert list(Change.objects.values_list("video", "new")) == [(video.pk, "B")]


def test_pasted_list_says_what_fits_several_before_the_edit(editor):
    VideoFactory.create_batch(2, upc="0602445790098")
    lines = {"lines": "0602445790098"}

    address = editor.post("/admin/catalog/changeset/paste/start/", lines).url
    form = editor.get(address).content.decode()

    assert "1 left out because several videos fit" in form
    assert "Left out: fits several videos" in form


def test_form_is_kept_and_can_be_corrected(editor):
    video = VideoFactory(title="one")
    address = begin(editor, video).url
    page = editor.post(address, fields(replacing("one", "two"), do="plan")).url

    link = f'href="{address}"'
    has_link = link in editor.get(page).content.decode()
    form = editor.get(address).content.decode()
    editor.post(address, fields(replacing("one", "three"), do="plan"))

    assert has_link
    assert 'value="two"' in form
    assert Change.objects.get().new == "three"


def test_applied_plan_cannot_be_corrected(editor):
    video = VideoFactory(title="one")
    address = begin(editor, video).url
    editor.post(address, fields(replacing("one", "two"), do="plan"))
    change_set = ChangeSet.objects.get()
    editor.post(f"/admin/catalog/changeset/{change_set.pk}/apply/")

    reply = editor.post(address, fields(replacing("two", "three"), do="plan"))

    assert reply.url == f"/admin/catalog/changeset/{change_set.pk}/change/"
    assert Change.objects.get().new == "two"


@pytest.mark.parametrize(
    ("do", "order"),
    [("up:1", ["b", "a"]), ("down:0", ["b", "a"]), ("up:0", ["a", "b"])],
)
def test_steps_change_places(editor, do, order):
    address = begin(editor, VideoFactory()).url

    reply = editor.post(address, fields(replacing("a", ""), replacing("b", ""), do=do))

    found = [form.initial["find"] for form in reply.context["steps"]]
    assert found == order


def test_steps_are_added_and_removed(editor):
    address = begin(editor, VideoFactory()).url

    added = editor.post(address, fields(replacing("a", ""), do="add"))
    removed = editor.post(
        address, fields(replacing("a", ""), replacing("b", ""), do="remove:0")
    )

    assert len(added.context["steps"]) == 2
    assert [form.initial["find"] for form in removed.context["steps"]] == ["b"]


def test_another_field_offers_what_fits_it(editor):
    address = begin(editor, VideoFactory()).url
    chosen = {"field": "embeddable", "operation": "replace"}

    reply = editor.post(address, fields(chosen, do="reload:0"))

    step = reply.context["steps"][0]
    assert step.chosen.name == "set"
    assert [value for value, _ in step.fields["operation"].choices] == ["set", "clear"]


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (replacing("(", "", is_pattern="on"), "cannot be worked out"),
        (
            {"field": "isrc", "operation": "set", "value": "nonsense"},
            "An ISRC has 12 characters",
        ),
        (
            {"field": "title", "operation": "template", "template": "{artits}"},
            "{artits} is not a field",
        ),
        (
            {"field": "title", "operation": "template", "template": "{title"},
            "never closed",
        ),
        ({"field": "title", "operation": "replace", "find": ""}, "required"),
    ],
)
def test_what_cannot_work_is_said_at_the_form(editor, step, text):
    address = begin(editor, VideoFactory()).url

    reply = editor.post(address, fields(step, do="plan"))

    assert reply.status_code == 200
    assert text in reply.content.decode().replace("&#x27;", "'")
    assert ChangeSet.objects.get().state == "draft"


def test_pattern_that_takes_too_long_is_refused(editor, monkeypatch):
    monkeypatch.setattr("catalog.services.bulk_edits.TRY_MS", 200)
    # Its end fits, so that every way to divide the words is tried.
    VideoFactory.create_batch(5, description="word " * 900 + "endx")
    slow = r"((\w+)\s*)+((\w+)\s*)+\2\4x$"
    pattern = replacing(slow, "", "description", is_pattern="on")
    address = begin(editor, VideoFactory(), across="1").url

    reply = editor.post(address, fields(pattern, do="plan"))

    assert "takes too long" in reply.content.decode()
    assert ChangeSet.objects.get().state == "draft"


def test_limit_of_a_trial_ends_with_it(editor, monkeypatch):
    monkeypatch.setattr("catalog.services.bulk_edits.TRY_MS", 1_234)
    address = begin(editor, VideoFactory(title="one")).url
    before = statement_timeout()

    editor.post(address, fields(replacing("one", "two"), do="plan"))

    assert statement_timeout() == before


def statement_timeout():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()


def test_split_keeps_the_names_of_the_office_whole(editor):
    NeverSplitName.objects.create(name="Earth, Wind & Fire")
    video = VideoFactory(artist=["Earth, Wind & Fire, Guest"])
    address = begin(editor, video).url
    step = {"field": "artist", "operation": "split", "separators": ["comma"]}

    editor.post(address, fields(step, do="plan"))

    assert Change.objects.get().new == ["Earth, Wind & Fire", "Guest"]


def test_others_may_not_open_the_form(editor, client):
    address = begin(editor, VideoFactory()).url
    client.force_login(UserFactory(permissions=["catalog.bulk_edit_video"]))

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["paste/", "paste/start/"])
def test_viewers_start_no_bulk_edit(client, path):
    client.force_login(UserFactory(permissions=["catalog.view_changeset"]))

    assert client.post(f"/admin/catalog/changeset/{path}").status_code == 403


def test_examples_show_that_an_answer_is_forgotten(editor):
    video = VideoFactory(embeddable=True)
    address = begin(editor, video).url
    clearing = {"field": "embeddable", "operation": "clear"}

    reply = editor.post(address, fields(clearing, do="try"))

    (row,) = reply.context["examples"][0]["rows"]
    assert "unknown" in row["new"]


def test_examples_say_which_values_are_not_valid(editor):
    address = begin(editor, VideoFactory(isrc="QZABC2500001", title="Song")).url
    isrc = {"field": "isrc", "operation": "append", "text": "X"}
    title = {"field": "title", "operation": "append", "text": "!"}

    reply = editor.post(address, fields(isrc, title, do="try"))

    rows = reply.context["examples"][0]["rows"]
    assert [row["field"] for row in rows] == ["title", "ISRC"]
    assert rows[0]["problem"] == ""
    assert "An ISRC has 12 characters" in rows[1]["problem"]
    assert "Not valid." in reply.content.decode()


def test_pattern_that_cannot_be_read_has_no_examples(editor):
    address = begin(editor, VideoFactory()).url

    reply = editor.post(address, fields(replacing("[", "", is_pattern="on"), do="try"))

    assert "invalid regular expression" in reply.content.decode()
    assert reply.context["examples"] is None


def test_pins_are_chosen_from_the_fields_that_can_be_pinned(editor):
    video = VideoFactory(pinned_fields=["isrc"])
    address = begin(editor, video).url
    pinning = {"field": "pinned_fields", "operation": "add_items", "items": "title"}

    editor.post(address, fields(pinning, do="plan"))
    refused = editor.post(address, fields({**pinning, "items": "notes"}, do="plan"))

    assert Change.objects.get().new == ["isrc", "title"]
    assert "items" in refused.context["steps"][0].errors
