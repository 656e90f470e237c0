"""The words of a search, and what each of them is looked for in."""

import re
import unicodedata

from django.apps import apps
from django.db.models import Q

from catalog.clean_text import BLANKS
from catalog.values import AssetId, VideoId

VIDEO_ID = re.compile(VideoId.pattern)
ASSET_ID = re.compile(AssetId.pattern)
# Country, registrant and what follows of year and number.
ISRC_BEGINNING = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{0,7}")
UPC_BEGINNING = re.compile(r"[0-9]{5,13}")


def search_words(text: str) -> list[str]:
    """The words of a search, in the form of `Video.search_text`.

    PostgreSQL lowers letter by letter; `str.lower` on a whole text would not,
    for example with İ and with a Σ that ends a word.
    """
    return [_lowered(word) for word in _words(text)]


def search_condition(text: str, video: str = "") -> Q:
    """Videos that hold every word; `video` is the path to them, as `video__`.

    A word stands in title, artist, label or custom ID, or it is a video or asset
    ID or the beginning of an ISRC or UPC. A word of one or two letters has no
    trigram of its own: it matches the beginning of a word, and in Chinese,
    Japanese and Korean text any place, because the search text holds their
    letters pair by pair.
    """
    found = Q()
    for word in _words(text):
        lowered = _lowered(word)
        part = f" {lowered}" if len(lowered) < 3 else lowered
        held = Q(**{f"{video}search_text__contains": part})
        found &= held | _identifies(word, video)
    return found


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).strip(BLANKS).split()


def _lowered(word: str) -> str:
    return "".join(letter.lower()[0] for letter in word)


def _identifies(word: str, video: str) -> Q:
    """The identifiers that the word may be: none of them has trigrams.

    Opaque codes would be three quarters of that index. Each has a B-tree, which
    PostgreSQL combines with it.
    """
    found, code = Q(), word.replace("-", "").upper()
    if VIDEO_ID.fullmatch(word):
        found |= Q(**{f"{video}video_id": word})
    if ASSET_ID.fullmatch(code):
        assets = apps.get_model("catalog", "Asset").objects.filter(asset_id=code)
        found |= Q(**{f"{video}primary_asset": assets.values("pk")[:1]})
    if ISRC_BEGINNING.fullmatch(code):
        found |= _begins(f"{video}isrc", code)
    if UPC_BEGINNING.fullmatch(code):
        found |= _begins(f"{video}upc", code)
    return found


def _begins(field: str, code: str) -> Q:
    # The index leaves out empty ones; the planner must see that the query does.
    return Q(**{f"{field}__startswith": code}) & ~Q(**{field: ""})
