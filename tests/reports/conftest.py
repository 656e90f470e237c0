"""Report files on the spot: a few columns, a few rows, any bytes."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile

from reports.services.imports import run_import
from reports.services.requests import request_import
from reports.services.sources import receive_upload

CHANNEL = "UCabcdefghijklmnopqrstuv"
VIDEO_COLUMNS = (
    "video_id,channel_id,channel_display_name,time_uploaded,video_title,views,"
    "video_privacy_status,effective_policy,content_type,claim_id,asset_id,custom_id,"
    "isrc"
)
ASSET_COLUMNS = (
    "asset_id,asset_type,status,metadata_origination,custom_id,isrc,upc,artist,"
    "asset_title,album,label,is_merged,ownership,match_policy,active_claims"
)


def video_row(number=1, **cells):
    row = {
        "video_id": f"video{number:06d}",
        "channel_id": CHANNEL,
        "channel_display_name": "Aurora Music",
        "time_uploaded": "2025-01-02 03:04:05 UTC",
        "video_title": f"Song {number}",
        "views": "100",
        "video_privacy_status": "Public",
        "effective_policy": "Monetize in all countries",
        "content_type": "PARTNER_UPLOADED",
        "claim_id": f"claim{number}",
        "asset_id": f"A{number:015d}",
        "custom_id": f"C-{number}",
        "isrc": f"QZABC25{number:05d}",
    }
    return ",".join((row | cells).values())


def asset_row(number=1, **cells):
    row = {
        "asset_id": f"A{number:015d}",
        "asset_type": "SOUND_RECORDING",
        "status": "ACTIVE",
        "metadata_origination": "CMS",
        "custom_id": f"C-{number}",
        "isrc": f"QZABC25{number:05d}",
        "upc": "190000000002",
        "artist": "Ana|Guest",
        "asset_title": f"Song {number}",
        "album": "First",
        "label": "Aurora",
        "is_merged": "No",
        "ownership": "WW",
        "match_policy": "Monetize in all countries",
        "active_claims": "1",
    }
    return ",".join((row | cells).values())


def video_file(*rows, header=VIDEO_COLUMNS):
    return "\n".join([header, *(rows or [video_row()]), ""]).encode()


def asset_file(*rows):
    return "\n".join([ASSET_COLUMNS, *(rows or [asset_row()]), ""]).encode()


@pytest.fixture
def upload(db, report_store):
    """Upload bytes as a report: `upload(data, name, as_of=day)`."""

    def upload(data, name="video_report_Aurora_V_v1-3.csv", day=1, **options):
        as_of = datetime(2026, 6, day, tzinfo=UTC) if day else None
        file = ContentFile(data, name=name)
        return receive_upload(file=file, actor=None, as_of=as_of, **options)

    return upload


@pytest.fixture
def run(upload):
    """Upload and import bytes; returns the report as it ended."""

    def run(data, *args, **options):
        report = upload(data, *args, **options)
        request_import(report=report, actor=None)
        run_import(report=report)
        report.refresh_from_db()
        return report

    return run
