"""Restore a backup into an empty database, and the drill that proves it can be."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import psycopg
import structlog
from dbbackup import utils
from django.conf import settings
from django.db import connection
from psycopg import sql

from ytmanager.backups import store
from ytmanager.backups.connector import Connector
from ytmanager.backups.contents import differences, read_contents
from ytmanager.backups.programs import find_program
from ytmanager.exceptions import BackupError, YouTubeCMSError
from ytmanager.models import Backup

logger = structlog.get_logger(__name__)

_LOCALE = """
    SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()
"""
# Their positions are transaction numbers of the cluster in which they were written;
# in another one all would count as new for ever.
_FORGET_EVENTS = "DELETE FROM ytmanager_liveevent"
_IS_USED = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def verify_backup(name: str) -> store.Manifest:
    """Restore into a scratch database and compare every table with the manifest.

    Records the outcome on the backup's row, if it has one; raises BackupError with
    what differs. The role needs the right to create databases.
    """
    backup = Backup.objects.filter(name=name).first()
    try:
        manifest = store.read_manifest(name)
        with _fetched(manifest) as dump, scratch_database() as scratch:
            restore_into(scratch, dump, manifest)
    except YouTubeCMSError as error:
        logger.error("backup_not_restorable", name=name, reason=error.message)
        if backup is not None:
            backup.mark_verified(error.message)
        raise
    if backup is not None:
        backup.mark_verified("")
    logger.info("backup_verified", name=name, rows=manifest.row_count)
    return manifest


def restore_backup(name: str) -> store.Manifest:
    """Restore into the database of DATABASE_URL, which must be empty; check it all."""
    target = str(connection.settings_dict["NAME"])
    with _connect(target) as own:
        used = own.execute(_IS_USED).fetchone()
    if used and used[0]:
        raise BackupError(
            f"The database {target} is not empty. Create an empty one, let "
            "DATABASE_URL lead there, and restore again."
        )
    manifest = store.read_manifest(name)
    with _fetched(manifest) as dump:
        restore_into(target, dump, manifest)
    with _connect(target, autocommit=True) as own:
        own.execute(_FORGET_EVENTS)
    return manifest


def restore_into(database: str, dump: IO[bytes], manifest: store.Manifest) -> None:
    """Raises BackupError unless every table comes back as it was."""
    connector = Connector()
    connector.settings["NAME"] = database
    connector.restore_cmd = find_program("pg_restore", _server_version())
    connector.drop = connector.if_exists = False
    connector.restore_suffix = ["--no-owner", "--no-privileges", "--exit-on-error"]
    connector.restore_dump(dump).close()
    with _connect(database) as own:
        found = differences(manifest.tables, read_contents(own))
    if found:
        raise BackupError(f"Restored, but not as it was: {'; '.join(found)}.")


@contextmanager
def _fetched(manifest: store.Manifest) -> Iterator[IO[bytes]]:
    """The dump on disk, checked against the manifest and decrypted."""
    with tempfile.TemporaryFile() as file:
        store.fetch(manifest.name, file)
        if store.digest_of(file) != (manifest.size, manifest.sha256):
            raise BackupError("The file is not the one that was stored: it is damaged.")
        if not manifest.is_encrypted:
            yield file
            return
        with _decrypted(manifest.name, file) as plain:
            yield plain


def _decrypted(name: str, file: IO[bytes]) -> IO[bytes]:
    # Without a passphrase the library would ask at a terminal.
    passphrase = settings.BACKUP_GPG_PASSPHRASE or " "
    try:
        plain: IO[bytes] = utils.unencrypt_file(file, name, passphrase)[0]
    except (utils.DecryptionError, OSError, ValueError) as exc:
        raise BackupError(
            f"The backup cannot be decrypted: {exc}. Is the private key in the key "
            "ring of this user?"
        ) from exc
    plain.seek(0)
    return plain


@contextmanager
def scratch_database() -> Iterator[str]:
    """Lend an empty database of the same locale; it is dropped afterwards."""
    name = f"ytmanager_drill_{secrets.token_hex(4)}"
    own_name = str(connection.settings_dict["NAME"])
    with _connect(own_name, autocommit=True) as own:
        collate, ctype = own.execute(_LOCALE).fetchone() or ("C.UTF-8", "C.UTF-8")
        make = sql.SQL(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
            " LC_COLLATE {} LC_CTYPE {}"
        )
        try:
            own.execute(make.format(sql.Identifier(name), collate, ctype))
        except psycopg.errors.InsufficientPrivilege as exc:
            raise BackupError(
                "The drill needs a scratch database: ALTER ROLE ... CREATEDB."
            ) from exc
        try:
            yield name
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            own.execute(drop.format(sql.Identifier(name)))


def _connect(database: str, *, autocommit: bool = False) -> psycopg.Connection:
    parameters: dict[str, Any] = connection.get_connection_params()
    parameters.pop("pool", None)
    parameters["dbname"] = database
    return psycopg.connect(**parameters, autocommit=autocommit)


def _server_version() -> int:
    with _connect(str(connection.settings_dict["NAME"])) as own:
        return own.info.server_version // 10_000
