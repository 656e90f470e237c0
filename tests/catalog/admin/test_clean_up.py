"""The page of the clean-up of custom IDs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import ChangeSet, Channel
from tests.factories.catalog import (
    AssetFactory,
    ChannelFactory,
    UserFactory,
    VideoFactory,
)

pytestmark = pytest.mark.django_db

PAGE = "/admin/catalog/channel/clean-custom-ids/"
VIEW = ["catalog.view_channel", "catalog.view_changeset", "catalog.change_changeset"]


@pytest.fixture
def editor(client):
    client.force_login(UserFactory(permissions=[*VIEW, "catalog.bulk_edit_video"]))
    return client


@pytest.fixture
def video():
    return VideoFactory(
        video_id="unclean0001",
        custom_id="unclean0001",
        primary_asset=AssetFactory(),
        channel=ChannelFactory(partner_custom_id="LBL-0042", partner_name="Blue"),
    )


def test_page_counts_what_would_happen_and_why_not(editor, video):
    VideoFactory(video_id="u" * 11, custom_id="u" * 11, primary_asset=AssetFactory())

    page = editor.get(PAGE).content.decode()

    assert "<td>Gets the partner custom ID of its channel</td><td>1</td>" in page
    assert "the channel of this video has no partner custom ID.</td><td>1</td>" in page
    assert ChangeSet.objects.count() == 0


@pytest.mark.django_db(transaction=True)  # a table is marked once in a transaction
def test_page_counts_again_only_after_a_write(editor, video, settings):
    settings.RESPONSE_CACHE_SECONDS = 300
    first = counted(editor)

    again = counted(editor)
    Channel.objects.update(partner_custom_id="")
    after = counted(editor)

    assert (first, again, after) == ((1, True), (1, False), (0, True))


def counted(editor):
    """How many videos the page says are ready, and whether it counted them now."""
    with CaptureQueriesContext(connection) as queries:
        page = editor.get(PAGE).content.decode()
    ready = re.search(r"of its channel</td><td>(\d+)</td>", page)[1]
    return int(ready), any("custom_id = video_id" in q["sql"] for q in queries)


def test_page_plans_and_leads_to_the_preview(editor, video):
    planned = editor.post(PAGE, {"with_label": "1"}, follow=True)
    change_set = ChangeSet.objects.get()
    editor.post(f"/admin/catalog/changeset/{change_set.pk}/apply/")

    assert "LBL-0042" in planned.content.decode()
    video.refresh_from_db()
    assert (video.custom_id, video.label) == ("LBL-0042", "Blue")
    assert change_set.reason in editor.get(PAGE).content.decode()


def test_page_shows_an_error_and_plans_nothing(editor, video, monkeypatch):
    monkeypatch.setattr("catalog.services.custom_ids.NAME", "unknown")

    page = editor.post(PAGE, follow=True).content.decode()

    assert "Nothing is known about the source" in page
    assert not ChangeSet.objects.exists()


def test_page_is_for_those_who_may_edit_many_videos(client, video):
    client.force_login(UserFactory(permissions=VIEW))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403
    assert PAGE not in client.get("/admin/catalog/channel/").content.decode()


def test_list_of_channels_leads_to_the_page(editor):
    assert PAGE in editor.get("/admin/catalog/channel/").content.decode()
