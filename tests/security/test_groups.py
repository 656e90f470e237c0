"""The four groups of an office come with the database."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def granted(name):
    return {
        f"{app}.{codename}"
        for app, codename in Group.objects.get(name=name).permissions.values_list(
            "content_type__app_label", "codename"
        )
    }


def test_each_group_may_do_what_the_one_before_it_may():
    viewer, editor, publisher, administrator = (
        granted(name) for name in ("Viewer", "Editor", "Publisher", "Administrator")
    )

    assert viewer < editor < publisher < administrator


def test_viewer_only_views():
    assert all(".view_" in name for name in granted("Viewer"))


@pytest.mark.parametrize(
    ("group", "may", "may_not"),
    [
        ("Viewer", "catalog.view_video", "catalog.change_video"),
        ("Editor", "reports.import_report", "catalog.push_video"),
        ("Publisher", "catalog.push_video", "youtube_sync.change_youtubeaccount"),
        ("Administrator", "auth.change_user", "nothing.at_all"),
    ],
)
def test_group_has_its_part(group, may, may_not):
    assert may in granted(group)
    assert may_not not in granted(group)


def test_nobody_below_administrator_sees_people():
    assert not any(name.startswith("auth.") for name in granted("Publisher"))


def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
