"""Backups in a bucket of a real S3 server, behind a proxy that fails when told."""

import pytest

from tests.factories.catalog import VideoFactory
from ytmanager.backups import restoring, store
from ytmanager.backups.making import make_backup
from ytmanager.exceptions import BackupError
from ytmanager.models import Backup

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup_bucket(settings, bucket):
    """The backup store as a prefix of the bucket."""
    reports = settings.STORAGES["reports"]
    options = {**reports["OPTIONS"], "location": "backups"}
    settings.STORAGES = {
        **settings.STORAGES,
        "dbbackup": {**reports, "OPTIONS": options},
    }
    return bucket.connection.meta.client


@pytest.fixture
def backup(backup_bucket):
    VideoFactory.create_batch(3)
    return make_backup(cause=Backup.Cause.BY_HAND)


def keys_in(client):
    found = client.list_objects_v2(Bucket="office").get("Contents", [])
    return {item["Key"] for item in found}


def test_backup_and_manifest_lie_under_the_prefix(backup, backup_bucket):
    assert keys_in(backup_bucket) == {
        f"backups/{backup.name}",
        f"backups/{backup.name}.manifest.json",
    }
    assert store.names() == [backup.name]


def test_drill_restores_from_the_bucket(backup):
    manifest = restoring.verify_backup(backup.name)

    backup.refresh_from_db()
    assert backup.verify_problem == ""
    assert manifest.row_count == backup.row_count > 3


def test_changed_bytes_in_the_bucket_are_found(backup, backup_bucket):
    key = f"backups/{backup.name}"
    body = backup_bucket.get_object(Bucket="office", Key=key)["Body"].read()
    backup_bucket.put_object(Bucket="office", Key=key, Body=b"\0" + body[1:])

    with pytest.raises(BackupError):
        restoring.verify_backup(backup.name)


def test_removed_backup_leaves_nothing_in_the_bucket(backup, backup_bucket):
    store.remove(backup.name)

    assert keys_in(backup_bucket) == set()
    with pytest.raises(store.FileNotInStoreError):
        store.read_manifest(backup.name)


def test_backup_without_its_bucket_fails_with_words(backup_bucket):
    backup_bucket.delete_bucket(Bucket="office")
    try:
        with pytest.raises(BackupError, match="backup"):
            make_backup(cause=Backup.Cause.BY_HAND)
    finally:
        backup_bucket.create_bucket(Bucket="office")

    assert Backup.objects.latest("pk").state == Backup.State.FAILED
