"""Find the videos of releases: by ISRC, then by title, artist and length.

Every pair that is compared comes from a hash join (`pairing`): the same ISRC, the
same words, or the rarest words of a release, so that a title of common words
costs no comparison with every other one. What people decided stays.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from django.db import transaction

from catalog.models import ReleaseList, Video
from catalog.querysets import AnyUser
from catalog.releases import pairing, scoring, words
from catalog.spreadsheets.staging import execute, fetch
from ytmanager.locks import end_with_this_process

SHOWN = 5  # candidates of one video
MARGIN = 4  # points between which nobody can tell two candidates apart


@dataclass(frozen=True, slots=True)
class Tables:
    """The unlogged tables of one run."""

    videos: str
    words: str
    rare: str
    pairs: str
    alike: str
    found: str


def tables_of(content_owner_pk: int) -> Tables:
    names = ("videos", "words", "rare", "pairs", "alike", "found")
    return Tables(*(f"staging.match_{name}_{content_owner_pk}" for name in names))


def match_releases(release_list: ReleaseList) -> dict[str, int]:
    """Propose matches for all releases of the list's content owner; the account.

    Earlier proposals are replaced in one transaction.
    """
    owner = release_list.content_owner_id
    tables = tables_of(owner)
    _drop(tables)
    _take_videos(tables, owner, release_list.actor)
    _take_words(tables, owner)
    _pair(tables, owner)
    _score(tables)
    _keep_best(tables)
    with transaction.atomic():
        end_with_this_process()
        proposed_count = _replace_proposals(tables, owner)
    _drop(tables)
    return {"proposed_count": proposed_count, **_counts(owner)}


def _drop(tables: Tables) -> None:
    execute(f"DROP TABLE IF EXISTS {', '.join(astuple(tables))}")


def _make(table: str, sql: str, params: Sequence[Any] = ()) -> None:
    execute(f"CREATE UNLOGGED TABLE {table} AS {sql}", params)
    execute(f"ANALYZE {table}")


def _take_videos(tables: Tables, owner: int, actor: AnyUser) -> None:
    """The videos that may be matched, with the words that are compared.

    A video with an ISRC shows the recording of that ISRC and no other one.
    """
    visible, params = Video.objects.visible_to(actor).keys_sql()
    _make(
        tables.videos,
        "SELECT v.id, v.isrc, v.upc, v.length_seconds AS length, "
        f"{words.words('v.title')} AS title_words, {words.names('v.artist')} AS "
        f"artist_words, c.words AS channel_words, {words.words('v.album')} AS "
        "album_words FROM catalog_video v JOIN "
        f"(SELECT id, {words.channel('name')} AS words FROM catalog_channel "
        "WHERE content_owner_id = %s) c ON c.id = v.channel_id "
        "WHERE (v.isrc = '' OR v.isrc IN (SELECT isrc FROM catalog_release "
        f"WHERE content_owner_id = %s)) AND NOT v.is_hidden AND v.id IN ({visible}) "
        "AND NOT EXISTS (SELECT FROM catalog_releasematch m "
        "WHERE m.video_id = v.id AND m.state = 'accepted')",
        [owner, owner, *params],
    )


def _take_words(tables: Tables, owner: int) -> None:
    """The words of the videos without an ISRC, and the rarest of each release."""
    _make(tables.words, pairing.video_words(tables.videos))
    _make(tables.rare, pairing.rare_words(tables.words, owner))


def _pair(tables: Tables, owner: int) -> None:
    """Pairs worth a look, each once; refused ones are not looked at again."""
    pairs = pairing.pairs(tables.videos, tables.words, tables.rare, owner)
    _make(
        tables.pairs,
        f"SELECT p.video_id, p.release_id FROM ({pairs}) p "
        "EXCEPT SELECT video_id, release_id FROM catalog_releasematch "
        "WHERE state <> 'proposed'",
    )


def _score(tables: Tables) -> None:
    """Confidence and reasons of each pair; the unlikely ones go."""
    _make(tables.alike, scoring.alike(tables.videos, tables.pairs))
    _make(
        tables.found,
        "SELECT video_id, release_id, method, confidence, fit, reasons "
        f"FROM ({scoring.scored(tables.videos, tables.alike)}) scored "
        f"WHERE confidence >= {scoring.LEAST}",
    )


def _keep_best(tables: Tables) -> None:
    """Of each video the best release, and those that fit about as well."""
    execute(
        f"DELETE FROM {tables.found} f USING (SELECT video_id, release_id, "
        f"fit < max(fit) OVER (PARTITION BY video_id) - {MARGIN} AS is_worse, "
        "row_number() OVER (PARTITION BY video_id ORDER BY fit DESC, release_id) "
        f"AS place FROM {tables.found}) ranked WHERE f.video_id = ranked.video_id "
        "AND f.release_id = ranked.release_id "
        f"AND (ranked.is_worse OR ranked.place > {SHOWN})"
    )


def _replace_proposals(tables: Tables, owner: int) -> int:
    execute(
        "DELETE FROM catalog_releasematch m USING catalog_release r "
        "WHERE r.id = m.release_id AND r.content_owner_id = %s "
        "AND m.state = 'proposed'",
        [owner],
    )
    # A person may have decided since the pairs were made.
    return execute(
        "INSERT INTO catalog_releasematch (video_id, release_id, confidence, method, "
        "reasons, is_ambiguous, state) SELECT f.video_id, f.release_id, "
        "f.confidence, f.method, f.reasons, "
        "count(*) OVER (PARTITION BY f.video_id) > 1, 'proposed' "
        f"FROM {tables.found} f WHERE NOT EXISTS (SELECT FROM catalog_releasematch m "
        "WHERE m.video_id = f.video_id AND m.state = 'accepted') "
        "ORDER BY f.video_id ON CONFLICT (video_id, release_id) DO NOTHING"
    )


def _counts(owner: int) -> dict[str, int]:
    """Videos by what was found for them, and releases without a video."""
    found = fetch(
        "SELECT count(DISTINCT m.video_id) FILTER (WHERE NOT m.is_ambiguous), "
        "count(DISTINCT m.video_id) FILTER (WHERE m.is_ambiguous), "
        "(SELECT count(*) FROM catalog_release r WHERE r.content_owner_id = %s "
        "AND NOT EXISTS (SELECT FROM catalog_releasematch k WHERE "
        "k.release_id = r.id AND k.state <> 'refused')) "
        "FROM catalog_releasematch m JOIN catalog_release r ON r.id = m.release_id "
        "WHERE r.content_owner_id = %s AND m.state = 'proposed'",
        [owner, owner],
    )[0]
    names = ("clear_count", "ambiguous_count", "unmatched_count")
    return {name: int(count) for name, count in zip(names, found, strict=True)}
