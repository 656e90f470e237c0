"""Imports of one owner's video reports, and the catalogue before and after them."""

from contextlib import contextmanager
from datetime import UTC, datetime

from django.core.files.base import ContentFile
from django.db import connection, transaction

from reports.services.imports import run_import
from reports.services.requests import request_import
from reports.services.sources import receive_upload
from tests.recovery.digest import digest_of

OWNER = "Aurora"
NAME = "video_report_Aurora_V_v1-3.csv"


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def receive(content, day=2, name=NAME):
    """A report that waits for its import."""
    report = receive_upload(
        file=ContentFile(content, name=name),
        actor=None,
        as_of=datetime(2026, 6, day, tzinfo=UTC),
    )
    request_import(report=report, actor=None)
    return report


def import_all(report):
    run_import(report=report, on_progress=lambda report: None)
    report.refresh_from_db()
    return report


def state():
    """The catalogue in a few lines."""
    return digest_of(rows, OWNER)


@contextmanager
def undone():
    """Give the tables back as they were: the same start for every point."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE")
        cursor.execute("CREATE SCHEMA kept")
        for table in tables():
            cursor.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")
        try:
            yield
        finally:
            connection.close()
            restore()


def restore():
    """In one transaction: foreign keys are checked at its end."""
    names = ", ".join(tables())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")
        for table in tables():
            cursor.execute(f"INSERT INTO {table} SELECT * FROM kept.{table}")
        cursor.execute("DROP SCHEMA kept CASCADE")


def tables():
    found = rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
        "AND tablename ~ '^(catalog|reports|youtube_sync)_' ORDER BY 1"
    )
    return [name for (name,) in found]
