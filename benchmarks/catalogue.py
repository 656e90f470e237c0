"""A catalogue made by SQL, where its contents matter less than its size."""

from django.db import connection

from catalog import field_sql, fields
from catalog.models import Channel, ContentOwner

CHANNELS = 10
_VIDEOS = """
    INSERT INTO catalog_video (video_id, channel_id, title, description, tags,
        category_id, privacy_status, license, artist, genre, label, album, isrc, upc,
        custom_id, embeddable, public_stats_viewable, made_for_kids, published_at,
        length_seconds, search_text, pending_fields, pinned_fields, row_version,
        publish_at, default_language, default_audio_language, claimed_status,
        other_owners_claiming, effective_policy, policy, thumbnail_url, notes,
        has_several_assets, is_asset_chosen, is_administered, is_hidden,
        created_at, updated_at)
    SELECT v.*, {search}, '{{}}', '{{}}', 1, '', 'en', '', '', '', '', '', '', '',
        false, false, false, false, now(), now()
    FROM (SELECT 'b' || lpad(n::text, 10, '0') AS video_id,
            %s + n %% {channels} AS channel_id,
            (ARRAY['Autumn','Summer','Distant','Golden','Silent'])[1 + n %% 5] || ' ' ||
            (ARRAY['Rain','River','Light','Road','Letters','Houses'])[1 + n %% 6]
            || ' ' || n || ' (Official Video)' AS title,
            repeat('Listen to the whole album. ', 8) || n AS description,
            ARRAY['music', 'official', 'tag ' || n %% 1000] AS tags,
            '10' AS category_id, 'public' AS privacy_status, 'youtube' AS license,
            ARRAY['Artist ' || n %% 5000] AS artist, ARRAY['Pop'] AS genre,
            'Label ' || n %% 300 AS label, 'Album ' || n %% 90000 AS album,
            'QZABC' || lpad(n::text, 7, '0') AS isrc, lpad(n::text, 12, '0') AS upc,
            'CID-' || n AS custom_id, true AS embeddable, true AS stats, false AS kids,
            now() - n * interval '1 minute' AS published_at, 200 AS length_seconds
          FROM generate_series(0, %s - 1) n) v
"""


def make_catalogue(videos: int) -> None:
    """Videos with snapshots, spread evenly over the channels."""
    owner = ContentOwner.objects.create(name="Benchmark", content_owner_id="benchmark")
    first = [
        Channel.objects.create(
            content_owner=owner, channel_id=f"UC{n:022d}", name=f"Channel {n}"
        )
        for n in range(CHANNELS)
    ][0]
    columns = ", ".join(fields.PUSHABLE)
    insert = _VIDEOS.format(search=field_sql.search_text(), channels=CHANNELS)
    with connection.cursor() as cursor:
        cursor.execute(insert, [first.pk, videos])
        cursor.execute(
            f"INSERT INTO catalog_videosnapshot (video_id, {columns}) "
            f"SELECT id, {columns} FROM catalog_video ON CONFLICT DO NOTHING"
        )
        cursor.execute("VACUUM (ANALYZE)")
