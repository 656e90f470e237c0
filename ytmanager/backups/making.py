"""Make one backup: a dump and the checksums of the same moment, then store both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO

import psycopg
import structlog
from dbbackup import settings as dbbackup_settings
from dbbackup import utils
from django.contrib.auth.models import AbstractBaseUser, User
from django.db import connection

from ytmanager.backups import store
from ytmanager.backups.connector import Connector
from ytmanager.backups.contents import Contents, read_contents
from ytmanager.backups.programs import find_program
from ytmanager.exceptions import BackupError, YouTubeCMSError
from ytmanager.locks import session_lock
from ytmanager.models import Backup

logger = structlog.get_logger(__name__)

BACKUP_LOCK = 0x59544E
# Owners and rights belong to a server, not to the data.
OPTIONS = "--no-owner --no-privileges --no-unlogged-table-data"


def make_backup(
    *, cause: Backup.Cause, actor: AbstractBaseUser | None = None
) -> Backup:
    """Dump the database into the backup store.

    Raises BackupError, also when another one is being made; the row then tells why.
    Takes room for the dump in the folder for temporary files.
    """
    with session_lock(BACKUP_LOCK, 0) as is_ours:
        if not is_ours:
            raise BackupError("Another backup is being made right now.")
        end_left_behind()
        taken_at = datetime.now(UTC)
        backup = Backup.objects.create(
            name=f"ytmanager-{taken_at:%Y-%m-%d-%H%M%S-%f}.psql.bin",
            cause=cause,
            requested_by=actor if isinstance(actor, User) else None,
            taken_at=taken_at,
        )
        try:
            manifest = _dump_and_store(backup.name, taken_at)
        except YouTubeCMSError as error:
            backup.mark_failed(error.message)
            raise
        backup.mark_stored(
            name=manifest.name,
            size=manifest.size,
            row_count=manifest.row_count,
            is_encrypted=manifest.is_encrypted,
        )
    logger.info("backup_stored", name=backup.name, bytes=backup.size)
    return backup


def end_left_behind() -> None:
    """Only the holder of the lock makes backups: others that run are dead."""
    for backup in Backup.objects.unfinished():
        backup.mark_failed("The process that made it was stopped.")


def _dump_and_store(name: str, taken_at: datetime) -> store.Manifest:
    with frozen_moment() as (contents, snapshot, server):
        dump = _dump(snapshot, server)
    with dump:
        name, file = _encrypted(name, dump)
        with file:
            size, sha256 = store.digest_of(file)
            store.save(name, file)
    manifest = store.Manifest(
        name=name,
        taken_at=taken_at.isoformat(),
        size=size,
        sha256=sha256,
        server_version=server,
        is_encrypted=name.endswith(".gpg"),
        tables=dict(contents),
    )
    store.save_manifest(manifest)
    return manifest


@contextmanager
def frozen_moment() -> Iterator[tuple[Contents, str, int]]:
    """Contents and name of a snapshot that `pg_dump` can share while this is open."""
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with psycopg.connect(**parameters) as own:
        own.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        own.read_only = True
        found = own.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = str(found[0]) if found else ""
        yield read_contents(own), snapshot, own.info.server_version // 10_000


def _dump(snapshot: str, server: int) -> IO[bytes]:
    connector = Connector()
    connector.dump_cmd = find_program("pg_dump", server)
    connector.dump_suffix = f"--snapshot={snapshot} {OPTIONS}"
    dump: IO[bytes] = connector.create_dump()
    return dump


def _encrypted(name: str, dump: IO[bytes]) -> tuple[str, IO[bytes]]:
    """The file as it is stored: encrypted for BACKUP_GPG_RECIPIENT, if that is set."""
    if not dbbackup_settings.GPG_RECIPIENT:
        return name, dump
    try:
        file, name = utils.encrypt_file(dump, name)
    except (utils.EncryptionError, OSError, ValueError) as exc:
        raise BackupError(
            f"The backup could not be encrypted: {exc}. Is the public key of "
            "BACKUP_GPG_RECIPIENT in the key ring of this user?"
        ) from exc
    return name, file
