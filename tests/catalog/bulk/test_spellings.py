"""Spellings of one name are found among the chosen videos and become a step."""

import pytest

from catalog.models import ChangeSet
from tests.catalog.bulk.test_pages import (
    begin,
    editor,  # noqa: F401
    fields,
    replacing,
)
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


def test_steps_are_kept_while_spellings_are_looked_for(editor):  # noqa: F811
    address = begin(editor, VideoFactory()).url
    steps = (replacing("Sogn", "Song"), replacing("", ""))

    reply = editor.post(address, fields(*steps, do="spellings", reason="typo"))

    draft = ChangeSet.objects.get()
    assert reply.url == f"{address}spellings/"
    assert [one["find"] for one in draft.plan_source["operations"]] == ["Sogn"]
    assert draft.reason == "typo"


def test_step_that_is_wrong_is_shown_before_spellings(editor):  # noqa: F811
    address = begin(editor, VideoFactory()).url
    wrong = {"field": "isrc", "operation": "set", "value": "ABC"}

    reply = editor.post(address, fields(wrong, do="spellings"))

    assert reply.context["steps"][0].errors
    assert ChangeSet.objects.get().plan_source["operations"] == []
