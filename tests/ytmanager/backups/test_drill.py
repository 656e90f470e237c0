"""A backup comes back whole, and the drill notices when it does not."""

import json
import stat

import gnupg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Video
from tests.factories.catalog import VideoFactory
from ytmanager.backups import contents, making, restoring, store
from ytmanager.backups.making import BACKUP_LOCK, make_backup
from ytmanager.exceptions import BackupError, ConfigurationError
from ytmanager.models import Backup, LiveEvent
from ytmanager.realtime.events import EVERYONE, Event
from ytmanager.realtime.log import record

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Привет 你好 \\ \t \N{PILE OF POO}"


@pytest.fixture
def backup(backup_store):
    VideoFactory.create_batch(3)
    VideoFactory(title=TITLE)
    return make_backup(cause=Backup.Cause.BY_HAND)


def databases():
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def test_backup_and_manifest_are_in_the_store_and_private(backup, backup_store):
    names = {path.name for path in backup_store.iterdir()}

    assert names == {backup.name, f"{backup.name}.manifest.json"}
    assert backup.state == Backup.State.STORED
    assert backup.size == (backup_store / backup.name).stat().st_size
    assert store.read_manifest(backup.name).tables["public.catalog_video"][0] == 4
    modes = {stat.S_IMODE(path.stat().st_mode) for path in backup_store.iterdir()}
    assert modes == {0o600}


def test_drill_compares_every_table(backup):
    before = databases()

    manifest = restoring.verify_backup(backup.name)

    backup.refresh_from_db()
    assert backup.verified_at is not None
    assert backup.verify_problem == ""
    assert manifest.row_count == backup.row_count > 4
    assert databases() == before


def test_restored_values_are_the_same(backup):
    with (
        restoring._fetched(store.read_manifest(backup.name)) as dump,
        restoring.scratch_database() as scratch,
    ):
        restoring.restore_into(scratch, dump, store.read_manifest(backup.name))
        with restoring._connect(scratch) as own:
            query = "SELECT title FROM catalog_video ORDER BY id DESC LIMIT 1"
            title = own.execute(query).fetchone()[0]

    assert title == Video.objects.latest("pk").title == TITLE


def test_dump_and_checksums_are_of_one_moment(backup_store, monkeypatch):
    VideoFactory()
    dump = making._dump

    def dump_late(snapshot, server):
        VideoFactory(title="Made while the dump began")
        return dump(snapshot, server)

    monkeypatch.setattr(making, "_dump", dump_late)

    backup = make_backup(cause=Backup.Cause.BY_HAND)

    manifest = restoring.verify_backup(backup.name)
    assert manifest.tables["public.catalog_video"][0] == 1


def change_manifest(folder, name, **values):
    path = folder / f"{name}.manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_drill_names_the_table_that_differs(backup, backup_store):
    tables = store.read_manifest(backup.name).tables
    tables["public.catalog_video"] = [5, "1"]
    tables["public.catalog_channel"][1] = "1"
    change_manifest(backup_store, backup.name, tables=tables)

    with pytest.raises(BackupError, match="catalog_video has 4 rows instead of 5"):
        restoring.verify_backup(backup.name)

    backup.refresh_from_db()
    assert "catalog_channel has other values" in backup.verify_problem


@pytest.mark.parametrize("cut", [1, 1000])
def test_damaged_file_is_found_before_it_is_restored(backup, backup_store, cut):
    path = backup_store / backup.name
    path.write_bytes(path.read_bytes()[:-cut])

    with pytest.raises(BackupError, match="damaged"):
        restoring.verify_backup(backup.name)


def test_missing_file_is_named(backup_store):
    with pytest.raises(BackupError, match="not in the store"):
        restoring.verify_backup("ytmanager-2026.psql.bin")


def test_database_in_use_is_never_restored_into(backup):
    with pytest.raises(BackupError, match="is not empty"):
        restoring.restore_backup(backup.name)


def test_empty_database_gets_everything_but_old_live_events(backup_store, monkeypatch):
    VideoFactory(title=TITLE)
    record(Event("notification", {"level": "info", "title": "x"}), groups=[EVERYONE])
    backup = make_backup(cause=Backup.Cause.BY_HAND)

    with restoring.scratch_database() as empty, monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", empty)
        restoring.restore_backup(backup.name)
        with restoring._connect(empty) as own:
            titles = own.execute("SELECT title FROM catalog_video").fetchall()
            events = own.execute("SELECT count(*) FROM ytmanager_liveevent").fetchone()

    assert titles == [(TITLE,)]
    assert LiveEvent.objects.exists()
    assert events == (0,)


def test_second_backup_at_the_same_time_is_refused(backup_store):
    with restoring._connect(connection.settings_dict["NAME"]) as other:
        other.execute("SELECT pg_advisory_lock(%s, 0)", [BACKUP_LOCK])
        with pytest.raises(BackupError, match="Another backup"):
            make_backup(cause=Backup.Cause.SCHEDULE)

    assert not Backup.objects.exists()


def test_failed_dump_tells_why_and_leaves_no_file(backup_store, monkeypatch):
    monkeypatch.setattr(making, "OPTIONS", "--no-such-option")

    with pytest.raises(BackupError, match="no-such-option"):
        make_backup(cause=Backup.Cause.SCHEDULE)

    failed = Backup.objects.get()
    assert failed.state == Backup.State.FAILED
    assert "no-such-option" in failed.problem
    assert not backup_store.exists()


def test_missing_program_is_named(settings, backup_store, tmp_path):
    settings.POSTGRES_PROGRAMS = str(tmp_path)

    with pytest.raises(ConfigurationError, match="postgresql-client"):
        make_backup(cause=Backup.Cause.SCHEDULE)


# The library leaves a file to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_encrypted_backup_comes_back(backup_store, monkeypatch, tmp_path):
    home = tmp_path / "keys"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    ring = gnupg.GPG()
    key = ring.gen_key(
        ring.gen_key_input(name_email="backup@office.test", no_protection=True)
    )
    monkeypatch.setattr("dbbackup.settings.GPG_RECIPIENT", key.fingerprint)
    VideoFactory(title="A secret title")

    backup = make_backup(cause=Backup.Cause.BY_HAND)

    assert backup.is_encrypted
    assert backup.name.endswith(".gpg")
    assert b"PGDMP" not in (backup_store / backup.name).read_bytes()
    assert restoring.verify_backup(backup.name).row_count == backup.row_count


def test_commands_make_list_and_try_out(backup_store, capsys):
    VideoFactory()

    call_command("make_backup")
    call_command("restore_backup", "--list")
    call_command("verify_backup")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Stored ytmanager-")
    assert lines[1].startswith(Backup.objects.get().name)
    assert "can be restored" in lines[2]


def test_command_without_a_backup_fails_in_one_line(backup_store):
    with pytest.raises(CommandError, match="no backup in the store"):
        call_command("verify_backup")


def test_contents_name_added_and_missing_tables():
    expected = {"public.a": [1, "5"], "public.b": [2, "6"]}

    lines = contents.differences(expected, {"public.b": (2, "6"), "public.c": (0, "0")})

    assert lines == ["public.a is missing", "public.c was not in the backup"]
