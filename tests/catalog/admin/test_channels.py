from datetime import UTC, datetime

import pytest
from django.urls import reverse

from catalog.models import ChangeSet, Channel
from catalog.services.channels import update_channel
from tests.factories.catalog import (
    ChannelFactory,
    ChannelStatisticsFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/channel/"


def page_of(channel):
    return reverse("admin:catalog_channel_change", args=[channel.pk])


def shown(browser, **query):
    reply = browser.get(LIST, query)
    return {channel.name for channel in reply.context["cl"].result_list}


def test_office_names_are_saved_as_a_change_set(editor):
    channel = ChannelFactory()
    sent = {"partner_name": "Keller GmbH", "partner_custom_id": "KG-1"}

    reply = editor.post(page_of(channel), sent)

    channel.refresh_from_db()
    assert reply.status_code == 302
    assert (channel.partner_name, channel.partner_custom_id) == ("Keller GmbH", "KG-1")
    assert ChangeSet.objects.get().actor == editor.person


def test_value_that_somebody_else_saved_meanwhile_is_not_undone(editor):
    channel = ChannelFactory(partner_name="Keller")
    seen = editor.get(page_of(channel)).context["values_seen"]
    update_channel(
        channel=channel, values={"partner_name": "Theirs"}, actor=UserFactory()
    )
    sent = {"partner_name": "Keller", "partner_custom_id": "KG-1", "values_seen": seen}

    editor.post(page_of(channel), sent)

    channel.refresh_from_db()
    assert (channel.partner_name, channel.partner_custom_id) == ("Theirs", "KG-1")


def test_stale_save_is_refused_once_with_what_was_typed(editor):
    channel = ChannelFactory(partner_name="Keller")
    seen = editor.get(page_of(channel)).context["values_seen"]
    update_channel(
        channel=channel, values={"partner_name": "Theirs"}, actor=UserFactory()
    )
    sent = {"partner_name": "Mine", "values_seen": seen}

    refused = editor.post(page_of(channel), sent)

    [text] = refused.context["adminform"].form.errors["partner_name"]
    assert "This is “Theirs” by now" in text
    assert 'value="Mine"' in refused.content.decode()
    channel.refresh_from_db()
    assert channel.partner_name == "Theirs"

    editor.post(
        page_of(channel), sent | {"values_seen": refused.context["values_seen"]}
    )

    channel.refresh_from_db()
    assert channel.partner_name == "Mine"


def test_wrong_custom_id_is_explained_at_its_field(editor):
    channel = ChannelFactory()

    reply = editor.post(page_of(channel), {"partner_custom_id": "a\tb" * 40})

    errors = reply.context["adminform"].form.errors
    assert list(errors) == ["partner_custom_id"]
    assert not ChangeSet.objects.exists()


def test_untouched_form_changes_nothing(editor):
    channel = ChannelFactory(partner_name="Keller GmbH")

    reply = editor.post(page_of(channel), {"partner_name": "Keller GmbH"}, follow=True)

    assert "Nothing was changed." in reply.content.decode()
    assert not ChangeSet.objects.exists()


def test_page_draws_the_trend_with_words(viewer):
    channel = ChannelFactory()
    ChannelStatisticsFactory(channel=channel, subscriber_count=1000)
    ChannelStatisticsFactory(channel=channel, subscriber_count=1500)

    page = viewer.get(page_of(channel)).content.decode()

    assert "<svg" in page
    assert "From 1,000 on" in page
    assert "(+500)" in page


def test_page_says_how_old_its_figures_are_and_listens_for_new_ones(viewer):
    as_of = datetime(2026, 3, 10, 8, 11, tzinfo=UTC)
    channel = ChannelFactory(view_count=5, as_of=as_of)

    page = viewer.get(page_of(channel)).content.decode()

    assert "Figures of 2026-03-10 08:11 UTC" in page
    assert 'data-live-type="channel.changed"' in page


def test_list_shows_the_pictures_of_channels(viewer):
    ChannelFactory(image_url='https://yt.test/a.jpg?"')
    ChannelFactory(image_url="")

    page = viewer.get(LIST).content.decode()

    assert page.count("ytm-thumb--round") == 2
    assert 'src="https://yt.test/a.jpg?&quot;"' in page


def test_hidden_channels_are_left_out_until_asked_for(viewer):
    ChannelFactory(name="Shown")
    ChannelFactory(name="Hidden", is_hidden=True)

    assert shown(viewer) == {"Shown"}
    assert shown(viewer, hidden="yes") == {"Hidden"}
    assert shown(viewer, hidden="all") == {"Shown", "Hidden"}


@pytest.mark.parametrize(
    ("value", "names"), [("yes", {"On"}), ("no", {"Off"}), ("unknown", {"Open"})]
)
def test_filter_by_monetization(viewer, value, names):
    ChannelFactory(name="On", is_monetized=True)
    ChannelFactory(name="Off", is_monetized=False)
    ChannelFactory(name="Open", is_monetized=None)

    assert shown(viewer, monetized=value) == names


def test_search_finds_office_names(viewer):
    ChannelFactory(name="A", partner_name="Keller GmbH")
    ChannelFactory(name="B")

    assert shown(viewer, q="keller") == {"A"}


@pytest.mark.parametrize(
    ("action", "address", "before", "after"),
    [("hide", LIST, False, True), ("show_again", f"{LIST}?hidden=yes", True, False)],
)
def test_action_hides_and_shows(editor, action, address, before, after):
    channel = ChannelFactory(is_hidden=before)
    data = {"action": action, "_selected_action": [channel.pk]}

    editor.post(address, data)

    assert Channel.objects.get(pk=channel.pk).is_hidden is after


@pytest.mark.security
def test_viewer_cannot_hide(viewer):
    channel = ChannelFactory()

    viewer.post(LIST, {"action": "hide", "_selected_action": [channel.pk]})

    assert not Channel.objects.get(pk=channel.pk).is_hidden


@pytest.mark.security
def test_viewer_cannot_save(viewer):
    channel = ChannelFactory()

    assert viewer.post(page_of(channel), {"partner_name": "X"}).status_code == 403


def test_earlier_office_name_is_restored_from_the_page(editor):
    channel = ChannelFactory(partner_name="First")
    update_channel(
        channel=channel, values={"partner_name": "Second"}, actor=editor.person
    )
    restore = reverse(
        "admin:catalog_channel_restore", args=[channel.pk, channel.changes.get().pk]
    )
    page = editor.get(page_of(channel)).content.decode()

    editor.post(restore)

    channel.refresh_from_db()
    newest = ChangeSet.objects.first()
    assert f'action="{restore}"' in page
    assert channel.partner_name == "First"
    assert (newest.kind, newest.reverts) == ("revert", ChangeSet.objects.last())


def test_viewer_is_offered_no_way_to_restore_a_channel(viewer):
    channel = ChannelFactory(partner_name="First")
    update_channel(channel=channel, values={"partner_name": "B"}, actor=UserFactory())
    restore = reverse(
        "admin:catalog_channel_restore", args=[channel.pk, channel.changes.get().pk]
    )

    assert restore not in viewer.get(page_of(channel)).content.decode()
    assert viewer.post(restore).status_code == 403
