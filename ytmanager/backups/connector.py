"""django-dbbackup's connector to PostgreSQL, with programs run our way."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from typing import IO, Any

from dbbackup.db.postgresql import PgDumpBinaryConnector

from ytmanager.exceptions import BackupError


class Connector(PgDumpBinaryConnector):  # type: ignore[misc]
    """Builds the command lines; ours closes its files and says what went wrong."""

    def run_command(
        self,
        command: str,
        stdin: IO[bytes] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> tuple[IO[bytes], None]:
        """Run a program; returns a file with what it wrote, for the caller to close.

        Raises BackupError with what the program said: never the command itself.
        """
        output: IO[Any] = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's
        done = subprocess.run(
            shlex.split(command),
            stdin=stdin or subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            env=os.environ | dict(env or {}),
        )
        if done.returncode:
            output.close()
            said = " ".join(done.stderr.decode(errors="replace").split())
            raise BackupError(f"PostgreSQL refused: {said}")
        output.seek(0)
        return output, None
