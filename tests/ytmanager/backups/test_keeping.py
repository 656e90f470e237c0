"""Backups are made in time, thinned out, and listed as the store has them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ytmanager import tasks
from ytmanager.backups import keeping, store
from ytmanager.exceptions import BackupError
from ytmanager.models import Backup, LiveEvent

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def stored(hours, **values):
    """A backup of some hours ago that has a file and a manifest."""
    taken_at = NOW - timedelta(hours=hours)
    name = f"ytmanager-{taken_at:%Y-%m-%d-%H%M%S}.psql.bin"
    manifest = store.Manifest(
        name, taken_at.isoformat(), 3, "x", 18, False, {"a": (2, "")}
    )
    store.save(name, BytesIO(b"abc"))
    store.save_manifest(manifest)
    return Backup.objects.create(
        name=name, state="stored", cause="schedule", taken_at=taken_at, **values
    )


@pytest.mark.parametrize(
    ("hours", "age", "expected"),
    [(24, None, True), (24, 23, False), (24, 25, True), (0, 1000, False)],
)
def test_backup_is_due_after_its_hours(settings, backup_store, hours, age, expected):
    settings.BACKUP_HOURS = hours
    if age is not None:
        stored(age)

    assert keeping.is_backup_due(NOW) is expected


def test_failed_backup_does_not_count(settings, backup_store):
    settings.BACKUP_HOURS = 24
    Backup.objects.create(name="x", state="failed", cause="schedule", taken_at=NOW)

    assert keeping.is_backup_due(NOW)


def test_drill_takes_the_newest_once_in_its_days(settings, backup_store):
    settings.BACKUP_DRILL_DAYS = 7
    old, new = stored(48), stored(2)
    assert keeping.drill_due(NOW) == new.name

    old.mark_verified("")
    assert keeping.drill_due(NOW) == ""
    assert keeping.drill_due(NOW + timedelta(days=8)) == new.name


def test_only_the_newest_and_the_last_proven_one_stay(settings, backup_store):
    settings.BACKUPS_KEPT = 2
    proven = stored(100)
    proven.mark_verified("")
    broken = stored(90)
    broken.mark_verified("It is damaged.")
    gone = stored(80)
    newest = [stored(20), stored(10)]

    removed_count = keeping.keep_house()

    assert removed_count == 2
    kept = {backup.name for backup in (proven, *newest)}
    assert set(Backup.objects.values_list("name", flat=True)) == kept
    assert set(store.names()) == kept
    assert not (backup_store / gone.name).exists()


def test_backup_of_another_database_is_found(backup_store):
    backup = stored(5)
    Backup.objects.all().delete()

    keeping.keep_house()

    found = Backup.objects.get()
    assert (found.name, found.cause) == (backup.name, "found")
    assert (found.size, found.row_count) == (3, 2)
    assert found.taken_at == backup.taken_at


def test_file_that_is_gone_is_no_backup_any_more(backup_store):
    backup = stored(5)
    (backup_store / backup.name).unlink()

    keeping.keep_house()

    backup.refresh_from_db()
    assert backup.state == "failed"
    assert "no longer in the store" in backup.problem


def test_file_without_a_manifest_is_not_taken_for_a_backup(backup_store):
    backup_store.mkdir()
    (backup_store / "ytmanager-half.psql.bin").write_bytes(b"half")

    keeping.keep_house()

    assert not Backup.objects.exists()


def test_failure_of_the_job_is_told_to_people(monkeypatch):
    def fail(**arguments):
        raise BackupError("The disk is full.")

    monkeypatch.setattr(tasks.making, "make_backup", fail)

    tasks.make_backup(cause="schedule")

    event = LiveEvent.objects.get(type="notification")
    assert event.payload["level"] == "error"
    assert event.payload["message"] == "The disk is full."


def test_periodic_job_starts_the_backup_once(settings, backup_store):
    settings.BACKUP_HOURS = 24
    tasks.start_due_backups(int(NOW.timestamp()))
    tasks.start_due_backups(int(NOW.timestamp()))

    jobs = ProcrastinateJob.objects.filter(task_name=tasks.make_backup.name)
    assert [job.args for job in jobs] == [{"cause": "schedule"}]
