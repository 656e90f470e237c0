"""The page of one video: saving goes through the service, refusals are shown."""

import json
from datetime import UTC, datetime

import pytest
from django.contrib.admin import site
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.urls import reverse

from catalog.fields import EDITABLE, FORM_ORDER
from catalog.models import Change, ChangeSet, Conflict, ShortsVerdict, Video
from catalog.services.videos import update_video
from catalog.templatetags.differences import mark
from tests.factories.catalog import (
    AssetFactory,
    ChangeFactory,
    ClaimFactory,
    ConflictFactory,
    ObservationFactory,
    ShortsVerdictFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db

LISTS = ("tags", "artist", "genre")


@pytest.fixture
def video():
    return VideoFactory(
        title="Old title", primary_asset=AssetFactory(), isrc="USRC17607839"
    )


def page_of(video):
    return reverse("admin:catalog_video_change", args=[video.pk])


def seen_by_a_person(video):
    return json.dumps({name: video.value_of(name) for name in EDITABLE})


def as_sent(video, **edits):
    """What a browser sends for an untouched form, then the edits."""
    sent = {"values_seen": seen_by_a_person(video), "reason": ""}
    for name in EDITABLE:
        value = video.value_of(name)
        if name == "pinned_fields":
            sent[name] = value
        elif name in LISTS:
            sent[name] = "\n".join(value)
        elif isinstance(value, bool):
            if value or name not in {"is_administered", "is_hidden"}:
                sent[name] = "true" if value else "false"
        else:
            sent[name] = "" if value is None else value
    return sent | edits


def errors_of(reply):
    return reply.context["adminform"].form.errors


def test_edit_is_saved_as_a_change_set_with_its_reason(editor, video):
    sent = as_sent(video, title="New title", isrc="gb-aye-68-00011", reason="Typo")

    reply = editor.post(page_of(video), sent)

    saved = Video.objects.get(pk=video.pk)
    change_set = ChangeSet.objects.get()
    assert reply.status_code == 302
    assert (saved.title, saved.isrc) == ("New title", "GBAYE6800011")
    assert saved.pending_fields == ["title", "isrc"]
    assert (change_set.kind, change_set.reason) == ("form", "Typo")
    assert change_set.actor == editor.person


def test_page_shows_unpushed_edits_with_both_values(editor, video):
    editor.post(page_of(video), as_sent(video, title="New title"))

    page = editor.get(page_of(video)).content.decode()

    assert "Unpushed edits: title" in page
    assert "New title</td><td>Old title" in page


def test_form_warns_of_a_schedule_that_is_left(editor):
    video = VideoFactory(privacy_status="private", publish_at="2099-01-01T00:00:00Z")
    sent = as_sent(video, privacy_status="public")

    page = editor.post(page_of(video), sent, follow=True).content.decode()

    assert "which counts only while it is private" in page


def test_form_assigns_a_video_to_somebody(editor, video):
    UserFactory(username="anna")

    editor.post(page_of(video), as_sent(video, assignee="anna"))

    assert Video.objects.get(pk=video.pk).assignee.username == "anna"


def test_form_keeps_an_assignee_who_may_no_longer_sign_in(editor, video):
    gone = UserFactory(username="gone", is_active=False)
    Video.objects.filter(pk=video.pk).update(assignee=gone)
    video.refresh_from_db()

    editor.post(page_of(video), as_sent(video, title="New title"))

    saved = Video.objects.get(pk=video.pk)
    assert (saved.title, saved.assignee) == ("New title", gone)


def test_form_has_the_fields_in_the_order_of_previews():
    shown = flatten_fieldsets(site.get_model_admin(Video).fieldsets)

    assert tuple(shown) == (*FORM_ORDER, "reason")
    assert set(FORM_ORDER) == set(EDITABLE)


def test_untouched_form_changes_nothing(editor, video):
    reply = editor.post(page_of(video), as_sent(video), follow=True)

    assert not Change.objects.exists()
    assert "Nothing was changed" in reply.content.decode()


def test_wrong_isrc_is_explained_at_its_field_with_the_input_kept(editor, video):
    reply = editor.post(page_of(video), as_sent(video, isrc="ABC", title="New title"))

    assert reply.status_code == 200
    assert list(errors_of(reply)) == ["isrc"]
    assert '<a href="#id_isrc">ISRC</a>: An ISRC has' in reply.content.decode()
    assert 'value="ABC"' in reply.content.decode()
    assert 'value="New title"' in reply.content.decode()
    assert Video.objects.get(pk=video.pk).title == "Old title"


def test_stale_edit_shows_their_value_and_can_be_sent_again(editor, video):
    sent = as_sent(video, title="Mine")
    update_video(video=video, values={"title": "Theirs"}, actor=UserFactory())

    refused = editor.post(page_of(video), sent)
    again = sent | {"values_seen": refused.context["values_seen"]}
    accepted = editor.post(page_of(video), again)

    assert "“Theirs”" in errors_of(refused)["title"][0]
    assert 'value="Mine"' in refused.content.decode()
    assert accepted.status_code == 302
    assert Video.objects.get(pk=video.pk).title == "Mine"


def stale(editor, video, **theirs):
    """A save that came too late, and what the browser would send the next time."""
    sent = as_sent(video, title="Mine")
    update_video(video=video, values={"title": "Theirs", **theirs}, actor=UserFactory())
    refused = editor.post(page_of(video), sent)
    again = {name: refused.context[name] for name in ("values_seen", "merge_sides")}
    again["merge"] = again.pop("merge_sides")
    return refused, sent | again


def test_stale_edit_shows_mine_theirs_and_base(editor, video):
    refused, _ = stale(editor, video)

    [field] = refused.context["merge_fields"]
    assert (field.name, field.base, field.chosen) == ("title", "Old title", "mine")
    assert (field.mine, field.theirs) == (mark("ins", "Mine"), mark("ins", "Theirs"))
    page = refused.content.decode()
    assert 'name="merge_title" value="theirs"' in page
    assert page.count("Nothing was saved") == 1
    assert "Please correct the error" not in page


@pytest.mark.parametrize(
    ("choice", "typed", "saved"),
    [
        ("mine", "Mine", "Mine"),
        ("mine", "Typed anew", "Typed anew"),
        ("theirs", "Mine", "Theirs"),
        ("base", "Mine", "Old title"),
    ],
)
def test_choice_after_a_stale_edit_is_saved(editor, video, choice, typed, saved):
    _, again = stale(editor, video)

    reply = editor.post(page_of(video), again | {"merge_title": choice, "title": typed})

    assert reply.status_code == 302
    assert Video.objects.get(pk=video.pk).title == saved


def test_second_save_does_not_undo_what_the_person_never_touched(editor, video):
    _, again = stale(editor, video, label="Theirs as well")

    editor.post(page_of(video), again)

    saved = Video.objects.get(pk=video.pk)
    assert (saved.title, saved.label) == ("Mine", "Theirs as well")


def test_choice_is_kept_when_another_field_is_refused(editor, video):
    _, again = stale(editor, video)

    refused = editor.post(
        page_of(video), again | {"merge_title": "theirs", "isrc": "ABC"}
    )

    [field] = refused.context["merge_fields"]
    assert field.chosen == "theirs"
    assert 'id="refused-title"' in refused.content.decode()


@pytest.mark.parametrize("merge", ["no json", "[]", '{"title": 1}', '{"pk": {}}'])
def test_merge_that_nobody_asked_for_changes_nothing(editor, video, merge):
    sent = as_sent(video, title="New title", merge=merge, merge_title="base")

    reply = editor.post(page_of(video), sent)

    assert reply.status_code == 302
    assert Video.objects.get(pk=video.pk).title == "New title"


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        ("2001-01-01T00:00:00Z", "Only a private video"),
        ("2099-01-01T00:00:00Z", "Only a private video"),
    ],
)
def test_schedule_of_a_public_video_is_refused(editor, video, moment, word):
    reply = editor.post(page_of(video), as_sent(video, publish_at=moment))

    assert word in errors_of(reply)["publish_at"][0]
    assert Video.objects.get(pk=video.pk).publish_at == ""


def test_invalid_edit_keeps_the_values_seen_first(editor, video):
    sent = as_sent(video, isrc="ABC")
    update_video(video=video, values={"title": "Theirs"}, actor=UserFactory())

    reply = editor.post(page_of(video), sent)

    assert json.loads(reply.context["values_seen"])["title"] == "Old title"


def test_edit_of_another_field_does_not_undo_theirs(editor, video):
    sent = as_sent(video, label="Mine")
    update_video(video=video, values={"title": "Theirs"}, actor=UserFactory())

    reply = editor.post(page_of(video), sent)

    saved = Video.objects.get(pk=video.pk)
    assert reply.status_code == 302
    assert (saved.title, saved.label) == ("Theirs", "Mine")


@pytest.mark.parametrize("seen", ["", "no json", "[]"])
def test_edit_without_usable_values_seen_still_saves(editor, video, seen):
    sent = as_sent(video, title="New title", values_seen=seen)

    reply = editor.post(page_of(video), sent)

    assert reply.status_code == 302
    assert Video.objects.get(pk=video.pk).title == "New title"


@pytest.mark.parametrize(
    "typed", ["One\nTwo", "One|Two", " One | Two ", "One\r\n\r\nTwo"]
)
def test_artists_are_typed_by_line_or_bar(editor, video, typed):
    editor.post(page_of(video), as_sent(video, artist=typed))

    assert Video.objects.get(pk=video.pk).artist == ["One", "Two"]


def test_tag_with_a_bar_survives_an_untouched_form(editor):
    video = VideoFactory(tags=["a|b", "c"])

    editor.post(page_of(video), as_sent(video, title="New title"))

    assert Video.objects.get(pk=video.pk).tags == ["a|b", "c"]


def test_office_fields_are_saved(editor, video):
    sent = as_sent(
        video, notes="Call them", is_administered="on", pinned_fields=["title", "isrc"]
    )

    editor.post(page_of(video), sent)

    saved = Video.objects.get(pk=video.pk)
    assert (saved.notes, saved.is_administered) == ("Call them", True)
    assert saved.pinned_fields == ["title", "isrc"]
    assert saved.administered_by == editor.person


def test_page_shows_claims_verdict_conflict_and_history(editor, video):
    ClaimFactory(video_id=video.video_id, asset=video.primary_asset, policy="Track it")
    ShortsVerdictFactory(video=video, evidence="Far too long.")
    ConflictFactory(video=video, field="label", theirs="Their label")
    ChangeFactory(video=video, field="album", old="First", new="Second")
    ChangeFactory(
        video=video,
        change_set=None,
        observation=ObservationFactory(),
        field="created",
        old=None,
        new={"title": "Old title"},
    )

    page = editor.get(page_of(video)).content.decode()

    for text in ("Track it", "Far too long.", "Their label", "Second", "first seen"):
        assert text in page


def test_page_shows_how_the_views_grow(viewer):
    video = VideoFactory(
        statistics__view_count=1_500,
        statistics__previous_view_count=1_000,
        statistics__previous_as_of=datetime(2026, 6, 1, tzinfo=UTC),
        statistics__daily_views=250,
        statistics__previous_daily_views=300,
    )

    shown = viewer.get(page_of(video)).content.decode()

    assert "+500 since 2026-06-01" in shown
    assert "Views a day" in shown
    assert "−50 since 2026-06-01" in shown


def test_page_says_since_when_reports_leave_the_video_out(viewer):
    video = VideoFactory(missing_since=datetime(2026, 6, 2, tzinfo=UTC))

    shown = viewer.get(page_of(video)).content.decode()

    assert "No longer listed since 2026-06-02" in shown


def test_title_with_markup_is_shown_as_text(editor):
    video = VideoFactory(title='<b>"Bold"</b>')

    page = editor.get(page_of(video)).content.decode()
    listed = editor.get(reverse("admin:catalog_video_changelist")).content.decode()

    assert "<b>" not in page
    assert "<b>" not in listed


@pytest.mark.parametrize(("verdict", "stored"), [("yes", "yes"), ("no", "no")])
def test_person_decides_about_a_short(editor, video, verdict, stored):
    ShortsVerdictFactory(video=video, verdict="unknown")
    address = reverse("admin:catalog_video_short", args=[video.pk])

    reply = editor.post(address, {"verdict": verdict})

    decided = ShortsVerdict.objects.get()
    assert reply.url == page_of(video)
    assert (decided.verdict, decided.method) == (stored, "manual")
    assert decided.decided_by == editor.person


def test_unknown_verdict_is_refused(editor, video):
    address = reverse("admin:catalog_video_short", args=[video.pk])

    assert editor.post(address, {"verdict": "maybe"}).status_code == 400


@pytest.mark.parametrize(
    ("take", "title", "state"),
    [("ours", "Old title", "kept_ours"), ("theirs", "Their title", "took_theirs")],
)
def test_conflict_is_settled_from_the_page(editor, video, take, title, state):
    conflict = ConflictFactory(video=video, ours="Old title", theirs="Their title")
    address = reverse("admin:catalog_video_conflict", args=[video.pk, conflict.pk])

    reply = editor.post(address, {"take": take})

    assert reply.url == page_of(video)
    assert Video.objects.get(pk=video.pk).title == title
    assert Conflict.objects.get().state == state


def test_conflict_of_another_video_is_not_found(editor, video):
    address = reverse(
        "admin:catalog_video_conflict", args=[video.pk, ConflictFactory().pk]
    )

    assert editor.post(address, {"take": "ours"}).status_code == 404


def test_primary_asset_is_chosen_from_the_page(editor, video):
    owner = video.channel.content_owner
    asset = AssetFactory(content_owner=owner, label="Chosen")
    ClaimFactory(video_id=video.video_id, asset=asset, content_owner=owner)
    address = reverse("admin:catalog_video_asset", args=[video.pk])

    reply = editor.post(address, {"asset": asset.asset_id})

    video.refresh_from_db()
    assert reply.url == page_of(video)
    assert (video.primary_asset, video.label) == (asset, "Chosen")
    assert "Primary, chosen" in editor.get(page_of(video)).content.decode()


@pytest.mark.security
def test_viewer_sees_values_and_no_form(viewer, video):
    page = viewer.get(page_of(video)).content.decode()

    assert "Old title" in page
    assert 'name="title"' not in page
    assert "values_seen" not in page


@pytest.mark.security
def test_viewer_cannot_save(viewer, video):
    reply = viewer.post(page_of(video), as_sent(video, title="New title"))

    assert reply.status_code == 403
    assert Video.objects.get(pk=video.pk).title == "Old title"


@pytest.mark.security
@pytest.mark.parametrize("button", ["short", "conflict", "asset"])
def test_viewer_cannot_press_buttons(viewer, video, button):
    keys = [video.pk]
    if button == "conflict":
        keys.append(ConflictFactory(video=video).pk)

    reply = viewer.post(
        reverse(f"admin:catalog_video_{button}", args=keys),
        {"verdict": "yes", "take": "ours"},
    )

    assert reply.status_code == 403


@pytest.mark.security
@pytest.mark.parametrize("button", ["short", "conflict", "asset"])
def test_buttons_do_nothing_on_get(editor, video, button):
    keys = [video.pk, 1][: 1 + (button == "conflict")]

    reply = editor.get(reverse(f"admin:catalog_video_{button}", args=keys))

    assert reply.status_code == 405


@pytest.mark.django_db(transaction=True)
def test_locked_video_is_explained_with_the_input_kept(editor):
    video = VideoFactory(title="Old title")
    other = connection.copy()
    other.ensure_connection()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        lock = "SELECT 1 FROM catalog_video WHERE id = %s FOR UPDATE"
        cursor.execute(lock, [video.pk])

    try:
        reply = editor.post(page_of(video), as_sent(video, title="New title"))
    finally:
        other.rollback()
        other.close()

    page = reply.content.decode()
    assert "is being updated by an import or a bulk edit" in page
    assert 'value="New title"' in page
