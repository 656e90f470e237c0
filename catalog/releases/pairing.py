"""Pairs of a video and a release that are worth a comparison; SQL texts, pure.

Comparing costs some microseconds, so a release must not meet every video of its
words. Its two rarest words lead to videos; a pair goes on when the word is very
rare, when the length is the same too, or when a second rare word is shared. Every
step is a hash join.
"""

from catalog.releases.scoring import SAME_LENGTH

LONE = 10  # videos: a word as rare as this is enough
FEW = 100  # videos: such a word needs the length, or a second word
COMMON = 1_000  # the rarest word may have as many, with a second word
LEADING, COMPARED = 2, 3  # so many of the rarest words lead, and may be the second


def video_words(videos: str) -> str:
    """SELECT of id and word; a video with an ISRC shows that recording only."""
    return (
        "SELECT DISTINCT v.id, v.length, hashtext(w.word) AS word "
        f"FROM {videos} v CROSS JOIN LATERAL unnest(string_to_array("
        "concat_ws(' ', v.title_words, v.artist_words, v.channel_words), ' ')) "
        "w (word) WHERE v.isrc = '' AND w.word <> ''"
    )


def rare_words(words: str, owner: int) -> str:
    """SELECT of a release's rarest words: id, length, word, place, video_count."""
    return f"""
        SELECT id, length, word, place::int, video_count::int FROM (
            SELECT r.id, r.length, w.word, f.video_count, row_number() OVER (
                PARTITION BY r.id ORDER BY f.video_count, w.word) AS place
            FROM ({_releases(owner)}) r
            CROSS JOIN LATERAL (SELECT DISTINCT hashtext(unnest(
                string_to_array(r.all_words, ' '))) AS word) w
            JOIN (SELECT word, count(*) AS video_count FROM {words} GROUP BY word) f
                USING (word)
        ) ranked WHERE place <= {COMPARED}
    """


def pairs(videos: str, words: str, rare: str, owner: int) -> str:
    """SELECT of video_id and release_id, each pair once, over all the ways."""
    return f"""
        WITH releases AS MATERIALIZED ({_releases(owner)}),
        led AS MATERIALIZED (
            SELECT w.id AS video_id, r.id AS release_id, r.word,
                r.video_count <= {LONE} OR r.video_count <= {FEW} AND
                    coalesce(abs(w.length - r.length) <= {SAME_LENGTH}, false)
                    AS is_enough
            FROM {rare} r JOIN {words} w USING (word)
            WHERE r.place <= {LEADING} AND r.video_count <= {FEW}
                OR r.place = 1 AND r.video_count <= {COMMON}
        )
        SELECT v.id AS video_id, r.id AS release_id FROM releases r
        JOIN {videos} v ON v.isrc = r.isrc WHERE r.isrc <> ''
        UNION SELECT video_id, release_id FROM led WHERE is_enough
        UNION SELECT led.video_id, led.release_id FROM led
        JOIN {rare} other ON other.id = led.release_id AND other.word <> led.word
        JOIN {words} also ON also.id = led.video_id AND also.word = other.word
        WHERE NOT led.is_enough
        UNION SELECT v.id, r.id FROM releases r
        JOIN {videos} v ON v.title_words = r.all_words
        WHERE v.isrc = '' AND r.all_words <> ''
        UNION SELECT v.id, r.id FROM releases r
        JOIN {videos} v ON v.title_words = r.title_words
        WHERE v.isrc = '' AND r.title_words <> ''
            AND r.artist_words IN (v.artist_words, v.channel_words)
    """


def _releases(owner: int) -> str:
    return (
        "SELECT r.id, r.isrc, r.length_seconds AS length, r.title_words, "
        "r.artist_words, btrim(r.artist_words || ' ' || r.title_words) AS all_words "
        f"FROM catalog_release r WHERE r.content_owner_id = {owner}"
    )
