"""Spellings of one name are found among the chosen videos and become a step."""

import pytest

from catalog.models import ChangeSet
from tests.catalog.bulk.test_pages import begin, editor  # noqa: F401
from tests.factories.catalog import VideoFactory

pytestmark = pytest.mark.django_db


def test_spellings_are_grouped_and_merged(editor):  # noqa: F811
    videos = [
        VideoFactory(artist=["Björk"]),
        VideoFactory(artist=["Björk", "Other"]),
        VideoFactory(artist=["BJORK"]),
        VideoFactory(artist=["Bjork "]),
        VideoFactory(artist=["Bach"]),
    ]
    VideoFactory(artist=["björk"])  # not chosen
    address = begin(editor, *videos).url

    groups = editor.get(f"{address}spellings/?field=artist").context["groups"]
    spelled = [one.text for one in groups[0].spellings]
    chosen = {
        "field": "artist",
        "group": "0",
        "variants-0": spelled,
        "chosen-0": "Björk",
    }
    form = editor.post(f"{address}spellings/", chosen, follow=True)

    assert len(groups) == 1
    assert (groups[0].usual, groups[0].spellings[0].video_count) == ("Björk", 2)
    assert set(spelled) == {"Björk", "BJORK", "Bjork "}
    assert ChangeSet.objects.get().plan_source["operations"] == [
        {
            "field": "artist",
            "operation": "respell",
            "variants": spelled,
            "chosen": "Björk",
        }
    ]
    assert form.context["steps"][0].chosen.name == "respell"


def test_letters_of_other_scripts_are_told_apart(editor):  # noqa: F811
    videos = [VideoFactory(label=name) for name in ("Мир", "МИР", "夜明け", "夜")]
    address = begin(editor, *videos).url

    groups = editor.get(f"{address}spellings/?field=label").context["groups"]

    assert [{one.text for one in group.spellings} for group in groups] == [
        {"Мир", "МИР"}
    ]
