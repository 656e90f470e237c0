"""Where files are kept: reports and backups, each in a bucket or a folder.

Imported by the settings: nothing here may need a configured Django at import.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOLDER = "django.core.files.storage.FileSystemStorage"
BUCKET = "storages.backends.s3.S3Storage"
MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


def stores(env: Any, base: Path, *, is_development: bool) -> dict[str, dict[str, Any]]:
    """Django's STORAGES; django-dbbackup looks for its store as `dbbackup`."""
    local = base / ".local"
    return {
        "default": {"BACKEND": FOLDER},
        "staticfiles": {"BACKEND": PLAIN if is_development else MANIFEST},
        "reports": _bucket(env, env("S3_BUCKET"), env("S3_PREFIX"))
        or _folder(env("REPORT_FOLDER") or str(local / "reports")),
        "dbbackup": _bucket(env, env("BACKUP_BUCKET"), env("BACKUP_PREFIX"))
        or _folder(
            env("BACKUP_FOLDER") or str(local / "backups"),
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
        ),
    }


def _bucket(env: Any, name: str, prefix: str) -> dict[str, Any]:
    """A store in S3; empty without the name of a bucket."""
    if not name:
        return {}
    options = {
        "bucket_name": name,
        "location": prefix,
        "endpoint_url": env("AWS_S3_ENDPOINT_URL") or None,
        "region_name": env("AWS_S3_REGION_NAME") or None,
        "access_key": env("AWS_ACCESS_KEY_ID") or None,
        "secret_key": env("AWS_SECRET_ACCESS_KEY") or None,
        "file_overwrite": False,
    }
    return {"BACKEND": BUCKET, "OPTIONS": options}


def _folder(place: str, **options: int) -> dict[str, Any]:
    return {
        "BACKEND": FOLDER,
        "OPTIONS": {"location": place, "base_url": None, **options},
    }
