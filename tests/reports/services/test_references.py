"""Rows that no constraint guards still lead to what they are about."""

import pytest
from django.apps import apps
from django.db import connection, models

from catalog.models import (
    Change,
    Claim,
    ShortsVerdict,
    Video,
    VideoSnapshot,
    VideoStatistics,
)
from tests.reports.conftest import asset_file, asset_row, video_file, video_row

pytestmark = pytest.mark.django_db

FIRST = [video_row(n) for n in range(1, 7)]
NEXT = [
    video_row(1),
    video_row(2, views="300"),
    video_row(3, video_title="Renamed"),
    video_row(4, asset_id="A000000000000999"),
    video_row(8, channel_id="UCzzzzzzzzzzzzzzzzzzzzzz"),
]


def references():
    """Every reference of the catalogue that PostgreSQL does not check."""
    return [
        field
        for model in apps.get_app_config("catalog").get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and not field.db_constraint
        and not model._meta.proxy
    ]


def orphans(field):
    table, target = field.model._meta.db_table, field.related_model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} r WHERE r.{field.column} IS NOT NULL "
            f"AND NOT EXISTS (SELECT FROM {target} t WHERE t.id = r.{field.column})"
        )
        return cursor.fetchone()[0]


def test_imports_leave_no_row_without_what_it_is_about(run):
    run(video_file(*FIRST))
    run(asset_file(asset_row(1, artist="Bea"), asset_row(50)), "asset_full.csv", day=2)
    run(video_file(*NEXT), day=3)

    assert {f"{f.model.__name__}.{f.name}": orphans(f) for f in references()} == {
        f"{f.model.__name__}.{f.name}": 0 for f in references()
    }


def test_references_of_rows_that_a_merge_writes_are_unguarded(run):
    run(video_file(*FIRST))

    unguarded = {field.model for field in references()}
    merged = {Video, VideoSnapshot, VideoStatistics, ShortsVerdict, Change, Claim}

    assert merged <= unguarded
    assert all(model.objects.exists() for model in merged)


def test_imports_write_one_row_for_each_video_beside_it(run):
    run(video_file(*FIRST))
    run(video_file(*NEXT), day=3)

    counts = [m.objects.count() for m in (VideoSnapshot, VideoStatistics)]

    assert counts == [7, 7]
    assert ShortsVerdict.objects.count() == 7
