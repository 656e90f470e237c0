"""The words that are compared."""

import pytest
from django.db import connection

from catalog.releases import words

pytestmark = pytest.mark.django_db


def worked_out(expression, text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression} FROM (SELECT %s::text AS t) x", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Night Engine (Official Video)", "night engine"),
        ("Night Engine [HD]", "night engine"),
        ("Night Engine (feat. Bob)", "night engine"),
        ("Night Engine ft. Bob & Eve (Remix)", "night engine remix"),
        ("Night Engine (Live at Home)", "night engine live at home"),
        ("Beyoncé – Crème Brûlée", "beyonce creme brulee"),
        ("Video", "video"),
        ("ガガ - 夜", "ガガ 夜"),
        ("", ""),
    ],
)
def test_words_of_a_title(title, expected):
    assert worked_out(words.words("t"), title) == expected


@pytest.mark.parametrize("name", ["Ada Lovelace - Topic", "Ada Lovelace VEVO"])
def test_words_of_a_channel_are_the_artists(name):
    assert worked_out(words.channel("t"), name) == "ada lovelace"
