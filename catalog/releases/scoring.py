"""How surely a video shows a release, and why in plain words; SQL texts, pure.

The same ISRC counts 100; a title and a length that both speak against it take
some of that away. Without it title, artist and length are weighed, and the sum
never reaches what an ISRC is worth.
"""

from catalog.clean_text import sql_quote

LEAST = 60  # what is less likely is not shown
LEAST_TITLE = 0.4  # titles that are less alike are not compared any further
MOST_BY_TEXT = 95
ANOTHER_ARTIST = 15  # less for a title that another artist has too
TITLE, ARTIST, LENGTH = 50, 30, 20  # weights; their sum is 100
SAME_LENGTH, NEAR_LENGTH, FAR_LENGTH = 2, 5, 15  # seconds apart
_UNLIKE = 0.3


def alike(videos: str, pairs: str) -> str:
    """SELECT of video_id, release_id, method and title_like of what goes on.

    Most pairs end here, so this compares titles and nothing else. Words may stand
    in another order, and a title may name the artist too.
    """
    return f"""
        SELECT p.video_id, p.release_id,
            CASE WHEN {_SAME_ISRC} THEN 'isrc' ELSE 'text' END AS method,
            {_TITLE_LIKE}::numeric AS title_like
        FROM {pairs} p JOIN {videos} v ON v.id = p.video_id
        JOIN catalog_release r ON r.id = p.release_id
        WHERE {_SAME_ISRC} OR {_TITLE_LIKE} >= {LEAST_TITLE}
    """


def scored(videos: str, alike_pairs: str) -> str:
    """SELECT of video_id, release_id, method, confidence, fit and reasons.

    `fit` ranks the releases of one video: products tell apart what one
    recording cannot.
    """
    measured = _MEASURED.format(videos=videos, pairs=alike_pairs)
    return (
        "SELECT video_id, release_id, method, confidence, "
        "confidence + CASE WHEN upc_says = 'same' THEN 10 WHEN upc_says = 'other' "
        "THEN -10 WHEN is_same_album THEN 6 ELSE 0 END AS fit, "
        f"{_REASONS} AS reasons FROM (SELECT m.*, {_CONFIDENCE} AS confidence "
        f"FROM ({measured}) m) w"
    )


_SAME_ISRC = "(r.isrc <> '' AND r.isrc = v.isrc)"
_TITLE_LIKE = (
    "CASE WHEN r.title_words = '' THEN 0 ELSE greatest(similarity(v.title_words, "
    "r.artist_words || ' ' || r.title_words), "
    "similarity(v.title_words, r.title_words)) END"
)
_ARTIST_LIKE = """
    CASE WHEN r.artist_words = '' THEN NULL ELSE greatest(
        similarity(v.artist_words, r.artist_words),
        CASE WHEN strpos(' ' || v.title_words || ' ', ' ' || r.artist_words || ' ') > 0
        THEN 1 ELSE 0.8 * word_similarity(r.artist_words, v.title_words) END,
        0.9 * similarity(v.channel_words, r.artist_words)
    ) END::numeric
"""
# OFFSET keeps each measure a value that is worked out once.
_MEASURED = f"""
    SELECT p.video_id, p.release_id, p.method, p.title_like, r.title,
        {_ARTIST_LIKE} AS artist_like,
        abs(v.length - r.length_seconds) AS apart,
        CASE WHEN '' IN (v.upc, r.upc) THEN '' WHEN ltrim(v.upc, '0') =
            ltrim(r.upc, '0') THEN 'same' ELSE 'other' END AS upc_says,
        v.album_words <> '' AND v.album_words = lower(r.album) AS is_same_album
    FROM {{pairs}} p JOIN {{videos}} v ON v.id = p.video_id
    JOIN catalog_release r ON r.id = p.release_id OFFSET 0
"""

_LENGTH_LIKE = (
    f"CASE WHEN m.apart IS NULL THEN 0.5 WHEN m.apart <= {SAME_LENGTH} THEN 1 "
    f"WHEN m.apart <= {NEAR_LENGTH} THEN 0.8 WHEN m.apart <= {FAR_LENGTH} THEN 0.4 "
    "ELSE 0 END"
)
_CONFIDENCE = (
    f"(CASE WHEN m.method = 'isrc' THEN 100 "
    f"- CASE WHEN m.title <> '' AND m.title_like < {_UNLIKE} THEN 15 ELSE 0 END "
    f"- CASE WHEN m.apart > {FAR_LENGTH} THEN 5 ELSE 0 END "
    f"ELSE least({MOST_BY_TEXT}, round({TITLE} * m.title_like "
    f"+ {ARTIST} * coalesce(m.artist_like, 0.3) + {LENGTH} * {_LENGTH_LIKE} "
    f"- CASE WHEN m.artist_like < {_UNLIKE} THEN {ANOTHER_ARTIST} ELSE 0 END)) "
    "END)::int"
)


def _share(like: str) -> str:
    return f"round(100 * {like})::int || ' % alike.'"


def _says(condition: str, text: str) -> str:
    return f"WHEN {condition} THEN {sql_quote(text)}"


def _cases(*cases: tuple[str, str], otherwise: str = "NULL") -> str:
    tests = " ".join(_says(condition, text) for condition, text in cases)
    return f"CASE {tests} ELSE {otherwise} END"


_ISRC = _cases(("method = 'isrc'", "The ISRC is the same."))
_TITLE = _cases(
    ("title = ''", "The list has no title."),
    ("title_like > 0.98", "The title is the same."),
    otherwise=f"'The titles are ' || {_share('title_like')}",
)
_ARTIST = _cases(
    ("artist_like IS NULL", "The list has no artist."),
    ("artist_like > 0.98", "The artist is the same."),
    otherwise=f"'The artists are ' || {_share('artist_like')}",
)
_LENGTHS = _cases(
    ("apart IS NULL", "One of the lengths is not known."),
    ("apart = 0", "The length is the same."),
    otherwise="'The lengths are ' || apart || ' s apart.'",
)
_PRODUCT = _cases(
    ("upc_says = 'same'", "The UPC is the same."),
    ("upc_says = 'other'", "The UPC is another one."),
    ("is_same_album", "The album is the same."),
)
_PARTS = ", ".join((_ISRC, _TITLE, _ARTIST, _LENGTHS, _PRODUCT))
_REASONS = f"array_remove(ARRAY[{_PARTS}], NULL)"
