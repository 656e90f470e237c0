"""A backup store of its own, and data that are really committed."""

import pytest


@pytest.fixture
def backup_store(settings, tmp_path):
    """An empty backup store in a folder; returns the folder."""
    folder = tmp_path / "backups"
    store = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(folder),
            "base_url": None,
            "file_permissions_mode": 0o600,
        },
    }
    settings.STORAGES = {**settings.STORAGES, "dbbackup": store}
    return folder
