"""The least work with a file: copy its text into a table, or hash its bytes."""

import csv
import hashlib
from pathlib import Path

from django.db import connection

TABLE = "staging.floor"
CHUNK = 1 << 20


def copy_file(path: Path) -> None:
    """COPY the file as it is into an unlogged table of texts."""
    with path.open(newline="", encoding="utf-8") as file:
        width = len(next(csv.reader(file)))
    columns = ", ".join(f"c{place} text" for place in range(width))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE UNLOGGED TABLE {TABLE} ({columns})")
        sql = f"COPY {TABLE} FROM STDIN WITH (FORMAT csv, HEADER)"
        with cursor.copy(sql) as copy, path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                copy.write(chunk)


def drop_copy() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
