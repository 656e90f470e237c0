"""Differences marked word by word."""

import pytest

from catalog.templatetags.differences import LONGEST, mark, marked

NEW = mark("ins", "New")


def test_mark_is_seen_and_read_out_and_escapes_what_it_marks():
    marked_text = mark("del", "<b>")

    assert marked_text.startswith('<del class="ytm-diff">')
    assert "(removed: " in marked_text
    assert "&lt;b&gt;" in marked_text


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Old song", "New song", f"{mark('del', 'Old')} song", f"{NEW} song"),
        ("Same", "Same", "Same", "Same"),
        ("", "New", "", NEW),
        ("a <b>", "a", f"a{mark('del', ' <b>')}", "a"),
        ("Song", "Song (Live)", "Song", f"Song{mark('ins', ' (Live)')}"),
    ],
)
def test_difference_is_marked(old, new, before, after):
    assert marked(old, new) == (before, after)


def test_long_stretches_that_stay_are_shortened():
    same = "word " * 200

    before, after = marked(f"{same}old", f"{same}new")

    assert before.startswith("\u2026")
    assert len(before) < 200
    assert after.endswith(mark("ins", "new"))


def test_very_long_texts_are_marked_as_a_whole():
    text = "word " * LONGEST

    before, after = marked(text, "new")

    assert before == mark("del", text)
    assert after == mark("ins", "new")
