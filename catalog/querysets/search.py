"""The words of a search."""

import unicodedata

from catalog.clean_text import BLANKS


def search_words(text: str) -> list[str]:
    """The words of a search, in the form of `Video.search_text`.

    PostgreSQL lowers letter by letter; `str.lower` on a whole text would not,
    for example with İ and with a Σ that ends a word.
    """
    composed = unicodedata.normalize("NFC", text).strip(BLANKS)
    return "".join(letter.lower()[0] for letter in composed).split()
