"""Differences marked word by word."""

import pytest

from catalog.admin.diffs import LONGEST, marked


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Old song", "New song", "<del>Old</del> song", "<ins>New</ins> song"),
        ("Same", "Same", "Same", "Same"),
        ("", "New", "", "<ins>New</ins>"),
        ("a <b>", "a", "a<del> &lt;b&gt;</del>", "a"),
        ("Song", "Song (Live)", "Song", "Song<ins> (Live)</ins>"),
    ],
)
def test_difference_is_marked(old, new, before, after):
    assert marked(old, new) == (before, after)


def test_long_stretches_that_stay_are_shortened():
    same = "word " * 200

    before, after = marked(f"{same}old", f"{same}new")

    assert before.startswith("\u2026")
    assert len(before) < 120
    assert after.endswith("<ins>new</ins>")


def test_very_long_texts_are_marked_as_a_whole():
    text = "word " * LONGEST

    before, after = marked(text, "new")

    assert before == f"<del>{text}</del>"
    assert after == "<ins>new</ins>"
