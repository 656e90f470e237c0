"""Parts are replaced as a whole, yet a push of one field moves nothing else.

Random videos and assets, with texts as YouTube holds them and we would not write
them: not composed, not trimmed, repeated. Compared is what the sandbox stores.
"""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import fields
from tests.youtube_sync.conftest import ASSET_ID, VIDEO_ID
from youtube_sync.client import LIVE_PARTS
from youtube_sync.remote import ASSET_KEYS, VIDEO_KEYS

pytestmark = pytest.mark.integration

LANGUAGES = ["en", "de", "tr", "pt-BR", "zh-Hant"]
CATEGORIES = ["1", "10", "20", "24"]
LATER, MUCH_LATER = "2099-12-01T17:00:00Z", "2099-12-24T17:00:00Z"

# YouTube holds neither; a comma would split a tag.
letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>,")


def texts(most, least=0):
    return st.text(letters, min_size=least, max_size=most)


titles = texts(40, 1).filter(str.strip)
tags = st.lists(texts(12, 1).map(str.strip).filter(bool), max_size=6)
localizations = st.dictionaries(
    st.sampled_from(LANGUAGES),
    st.fixed_dictionaries({"title": titles, "description": texts(60)}),
    max_size=4,
)


@st.composite
def videos(draw):
    """Keywords of a video of the sandbox."""
    privacy = draw(st.sampled_from(["public", "unlisted", "private"]))
    video = {
        "title": draw(titles),
        "description": draw(texts(200)),
        "tags": draw(tags),
        "category_id": draw(st.sampled_from(CATEGORIES)),
        "default_language": draw(st.sampled_from(LANGUAGES)),
        "default_audio_language": draw(st.sampled_from(["", *LANGUAGES])),
        "privacy_status": privacy,
        "license": draw(st.sampled_from(["youtube", "creativeCommon"])),
        "embeddable": draw(st.booleans()),
        "public_stats_viewable": draw(st.booleans()),
        "made_for_kids": draw(st.booleans()),
        "localizations": draw(localizations),
        "view_count": draw(st.integers(0, 10**12)),
    }
    if privacy == "private" and draw(st.booleans()):
        video["publish_at"] = LATER
    return video


WANTED = {
    "title": titles.map(fields.text).filter(bool),
    "description": texts(80).map(fields.text),
    "tags": tags.map(fields.tags),
    "category_id": st.sampled_from(CATEGORIES),
    "default_language": st.sampled_from(LANGUAGES),
    "default_audio_language": st.sampled_from(["", *LANGUAGES]),
    "privacy_status": st.sampled_from(["public", "unlisted", "private"]),
    "publish_at": st.sampled_from(["", MUCH_LATER]),
    "embeddable": st.booleans(),
    "license": st.sampled_from(["youtube", "creativeCommon"]),
    "public_stats_viewable": st.booleans(),
    "made_for_kids": st.booleans(),
}


def test_every_field_of_a_video_is_tried():
    assert WANTED.keys() == VIDEO_KEYS.keys()


def without(doc, name, language):
    """A stored video without one field and what YouTube derives from it."""
    doc = deepcopy(doc)
    part, key = VIDEO_KEYS[name]
    doc[part].pop(key, None)
    if name in {"title", "description", "default_language"}:
        doc["localizations"].pop(language, None)  # repeats title and description
    if name == "privacy_status":
        doc.pop("ever_published")
        doc["snippet"].pop("publishedAt")  # the moment of the first publication
        doc["status"].pop("publishAt", None)  # only private videos have a schedule
    return doc


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    video=videos(),
    wish=st.sampled_from(sorted(WANTED)).flatmap(
        lambda name: st.tuples(st.just(name), WANTED[name])
    ),
)
def test_push_of_one_field_leaves_the_rest_of_a_video_identical(
    sandbox, youtube, video, wish
):
    name, wanted = wish
    if name == "publish_at":  # our plans block it for any other video
        video |= {"privacy_status": "private"}
    sandbox.add_video(VIDEO_ID, **video)
    before = sandbox.sandbox.store.get("video", VIDEO_ID)

    live = youtube.get_videos([VIDEO_ID], LIVE_PARTS)[VIDEO_ID]
    reply = youtube.update_video(live, {name: wanted})

    after = sandbox.sandbox.store.get("video", VIDEO_ID)
    language = wanted if name == "default_language" else video["default_language"]
    assert without(after, name, language) == without(before, name, language)
    assert reply.values()[name] == wanted


metadata = st.fixed_dictionaries(
    {"artist": st.lists(titles, min_size=1, max_size=3), "title": titles},
    optional={
        "genre": st.lists(titles, min_size=1, max_size=2),
        "label": titles,
        "album": titles,
        "upc": st.sampled_from(["036000291452", "5901234123457"]),
        "isrc": st.just("QZABC2500001"),
        "customId": st.sampled_from(["LBL-1", "a/b@c.d"]),
        "description": texts(60, 1),
        "grid": st.just("A12425GABC1234002M"),
        "notes": texts(30, 1),
    },
)
WANTED_OF_ASSETS = {
    "artist": st.just(["Ada"]),
    "genre": st.just(["Jazz"]),
    "label": st.just("Other"),
    "album": st.just("Second"),
    "upc": st.just("036000291452"),
    "isrc": st.just("QZABC2500002"),
    "custom_id": st.just("LBL-0042"),
}


def test_every_field_of_an_asset_is_tried():
    assert WANTED_OF_ASSETS.keys() == ASSET_KEYS.keys()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    provided=metadata,
    wish=st.sampled_from(sorted(WANTED_OF_ASSETS)).flatmap(
        lambda name: st.tuples(st.just(name), WANTED_OF_ASSETS[name])
    ),
)
def test_push_of_one_field_leaves_the_rest_of_an_asset_identical(
    sandbox, content_id, provided, wish
):
    name, wanted = wish
    sandbox.add_asset(ASSET_ID, metadataMine=provided)
    before = sandbox.asset(ASSET_ID)

    live = content_id.get_assets([ASSET_ID])[ASSET_ID]
    content_id.update_asset(live, {name: wanted})

    after = sandbox.asset(ASSET_ID)
    rest = {k: v for k, v in before["metadataMine"].items() if k != ASSET_KEYS[name]}
    assert after["metadataMine"] == rest | {ASSET_KEYS[name]: wanted}
