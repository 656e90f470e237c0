"""All state of the sandbox in one SQLite file (or in memory).

A reply is only sent after its change is in the file, so that a killed and
restarted sandbox still holds what it acknowledged. `synchronous=OFF` survives
the death of the process, which is all that a stand-in has to survive.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS docs (
    kind TEXT NOT NULL, key TEXT NOT NULL, parent TEXT NOT NULL DEFAULT '',
    sort TEXT NOT NULL DEFAULT '', body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS docs_by_parent ON docs (kind, parent, sort);
"""


class Store:
    """Documents by kind and key; one lock serialises every request's work."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._db = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        self._db.execute("PRAGMA journal_mode=TRUNCATE")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self.lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.lock:
            self._db.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def get(self, kind: str, key: str) -> Doc | None:
        sql = "SELECT body FROM docs WHERE kind = ? AND key = ?"
        with self.lock:
            row = self._db.execute(sql, (kind, key)).fetchone()
        return json.loads(row[0]) if row else None

    def put(
        self, kind: str, key: str, doc: Doc, *, parent: str = "", sort: str = ""
    ) -> None:
        body = json.dumps(doc, ensure_ascii=False)
        with self.lock:
            self._db.execute(
                "INSERT OR REPLACE INTO docs VALUES (?, ?, ?, ?, ?)",
                (kind, key, parent, sort, body),
            )

    def delete(self, kind: str, key: str) -> bool:
        sql = "DELETE FROM docs WHERE kind = ? AND key = ?"
        with self.lock:
            return self._db.execute(sql, (kind, key)).rowcount > 0

    def clear(self, kinds: Iterable[str]) -> None:
        with self.lock:
            for kind in kinds:
                self._db.execute("DELETE FROM docs WHERE kind = ?", (kind,))

    def all(self, kind: str) -> dict[str, Doc]:
        sql = "SELECT key, body FROM docs WHERE kind = ? ORDER BY key"
        with self.lock:
            rows = self._db.execute(sql, (kind,)).fetchall()
        return {key: json.loads(body) for key, body in rows}

    def children(self, kind: str, parent: str) -> list[Doc]:
        """Documents of one parent, the greatest sort value first."""
        sql = (
            "SELECT body FROM docs WHERE kind = ? AND parent = ? "
            "ORDER BY sort DESC, key"
        )
        with self.lock:
            rows = self._db.execute(sql, (kind, parent)).fetchall()
        return [json.loads(body) for (body,) in rows]

    def page_of_children(
        self, kind: str, parent: str, offset: int, limit: int
    ) -> tuple[list[Doc], int]:
        count_sql = "SELECT count(*) FROM docs WHERE kind = ? AND parent = ?"
        sql = (
            "SELECT body FROM docs WHERE kind = ? AND parent = ? "
            "ORDER BY sort DESC, key LIMIT ? OFFSET ?"
        )
        with self.lock:
            (total,) = self._db.execute(count_sql, (kind, parent)).fetchone()
            rows = self._db.execute(sql, (kind, parent, limit, offset)).fetchall()
        return [json.loads(body) for (body,) in rows], total
