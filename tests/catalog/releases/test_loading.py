"""A list becomes releases: by key, once, with an account."""

import pytest

from catalog.exceptions import InvalidEditError, SheetStateError
from catalog.models import Release, ReleaseList
from catalog.releases import runs, uploads
from tests.catalog.releases.conftest import list_of, release
from tests.factories.catalog import ContentOwnerFactory

pytestmark = pytest.mark.django_db


def test_list_is_loaded_with_an_account(loaded):
    made = loaded(
        list_of(
            release(),
            release(isrc="GBAYE6800002", title="Day Engine"),
            release(isrc="GBAYE6800002", title="Day Engine (Corrected)"),
            release(isrc="wrong", title="Third"),
            release(isrc="", title=""),
        )
    )

    assert (made.state, made.error) == ("matched", "")
    counts = made.counts
    names = ("row_count", "added_count", "repeated_count", "rejected_count")
    assert [counts[name] for name in names] == [5, 3, 1, 1]
    titles = set(Release.objects.values_list("title", flat=True))
    assert titles == {"Night Engine", "Day Engine (Corrected)", "Third"}
    assert [found["line"] for found in made.findings] == [5, 6]


def test_list_loaded_twice_changes_nothing(loaded):
    loaded(list_of(release()))
    before = Release.objects.get()

    again = loaded(list_of(release()))

    assert (again.counts["added_count"], again.counts["unchanged_count"]) == (0, 1)
    assert Release.objects.get().loaded_at == before.loaded_at


def test_newer_list_replaces_by_key_and_keeps_the_rest(loaded):
    loaded(list_of(release(), release(isrc="GBAYE6800002", title="Day Engine")))

    newer = loaded(list_of(release(label="New Label")))

    assert newer.counts["changed_count"] == 1
    assert Release.objects.count() == 2
    assert Release.objects.get(isrc="GBAYE6800001").label == "New Label"


def test_owners_do_not_share_releases(loaded):
    loaded(list_of(release()))

    loaded(list_of(release()), content_owner=ContentOwnerFactory())

    assert Release.objects.count() == 2


def test_list_that_cannot_be_read_has_failed(loaded):
    rows = [release(isrc=f"GBAYE68{n:05d}") for n in range(30)]

    made = loaded(list_of(*rows, release(title="x" * 200_000)))

    assert made.state == "failed"
    assert "cannot be read" in made.error


def test_killed_run_begins_anew(loaded):
    made = loaded(list_of(release()))
    ReleaseList.objects.filter(pk=made.pk).update(state="reading")

    runs.run_list(release_list=made)

    assert (made.state, made.counts["row_count"]) == ("matched", 1)


def test_columns_without_a_way_to_find_videos_are_refused(loaded):
    made = loaded(list_of(release()))

    with pytest.raises(InvalidEditError):
        uploads.confirm_columns(made, ["upc"], list_separator="|")


def test_busy_list_takes_no_other_columns(loaded):
    made = loaded(list_of(release()))
    uploads.request_matching(made)

    with pytest.raises(SheetStateError):
        uploads.confirm_columns(made, ["isrc"], list_separator="|")
