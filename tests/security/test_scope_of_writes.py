"""What somebody with a scope cannot change, whichever way they try."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.changesets.selection import select_pasted, select_ticked
from catalog.models import ChangeSet
from catalog.services import change_sets, reverts
from reports.exceptions import FileProcessingError
from reports.models import ReportSource
from reports.services.places import save_source
from reports.services.sources import receive_upload
from tests.factories.catalog import ChangeFactory

pytestmark = [pytest.mark.security, pytest.mark.django_db]


def hide(person, choose):
    """Plan to hide the videos that `choose` selects; returns the plan."""
    change_set = change_sets.start_change_set(
        kind=ChangeSet.Kind.BULK,
        actor=person,
        reason="",
        plan_source={"name": "values", "values": {"is_hidden": True}},
    )
    choose(change_set)
    change_sets.request_plan(change_set)
    return change_set


def videos_in(change_set):
    return set(change_set.changes.values_list("video", flat=True))


@pytest.mark.parametrize("way", ["ticked", "pasted"])
def test_plan_leaves_out_what_its_author_does_not_see(way, person, ours, theirs):
    videos = [ours["video"], theirs["video"]]
    choose = {
        "ticked": lambda plan: select_ticked(plan, [video.pk for video in videos]),
        "pasted": lambda plan: select_pasted(
            plan, "\n".join(video.video_id for video in videos)
        ),
    }

    change_set = hide(person, choose[way])

    assert videos_in(change_set) == {ours["video"].pk}


def test_revert_restores_only_what_the_person_sees(person, ours, theirs):
    mixed = theirs["changeset"]
    for world in (ours, theirs):
        video = world["video"]
        ChangeFactory(
            change_set=mixed, video=video, field="notes", old="before", new=""
        )

    made = reverts.revert_change_set(change_set=mixed, actor=person, reason="")

    assert videos_in(made) == {ours["video"].pk}


def test_change_set_with_other_rows_is_seen_but_not_changed(person, ours, theirs):
    mixed = theirs["changeset"]
    ChangeFactory(change_set=mixed, video=ours["video"])

    seen = ChangeSet.objects.visible_to(person)

    assert mixed in seen
    assert mixed not in ChangeSet.objects.changeable_by(person)
    assert ours["changeset"] in ChangeSet.objects.changeable_by(person)
    assert list(mixed.changes.visible_to(person)) == list(
        mixed.changes.filter(video=ours["video"])
    )


def test_report_of_another_owner_is_not_loaded(person, ours, theirs, report_store):
    file = SimpleUploadedFile("video_report_Theirs_Owner_V_v1-4.csv", b"x")

    with pytest.raises(FileProcessingError, match="Theirs_Owner"):
        receive_upload(file=file, actor=person)


def test_report_of_the_own_owner_is_loaded_for_it(person, ours, report_store):
    file = SimpleUploadedFile("video_report_Ours_Owner_V_v1-4.csv", b"x")

    report = receive_upload(file=file, actor=person)

    assert report.content_owner == ours["contentowner"]


def test_sources_are_set_up_by_people_who_see_everything(person, client, theirs):
    client.force_login(person)

    page = client.get("/admin/reports/reportsource/add/")

    assert page.status_code == 403
    with pytest.raises(PermissionDenied):
        save_source(source=ReportSource(), values={"name": "All"}, actor=person)


def test_clean_up_of_the_whole_catalogue_is_not_there(person, client):
    client.force_login(person)

    page = client.get("/admin/catalog/channel/clean-custom-ids/")

    assert page.status_code == 404
