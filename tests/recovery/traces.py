"""Where a running system left tokens as they are: in files, in tables."""

import re
from pathlib import Path

PLAIN = re.compile(rb"ya29\.[\w-]{8}|1//[\w-]{8}|sandbox-secret")
TABLES = (
    "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
)
ROWS = "SELECT count(*) FROM {} AS kept WHERE kept::text ~ %s"


def were_given_out(system):
    """Whether the sandbox keeps tokens, in the one file that may hold them."""
    return bool(PLAIN.search((Path(system.folder) / "sandbox.sqlite3").read_bytes()))


def written_files(system):
    """Logs and what stood on the console."""
    folder = Path(system.folder)
    logs = [path for path in folder.glob("logs/**/*") if path.is_file()]
    return [*logs, folder / "console.log"]


def files_with_tokens(system):
    found = [file for file in written_files(system) if PLAIN.search(file.read_bytes())]
    return [file.name for file in found]


def all_tables(machine):
    return [table for (table,) in machine.rows(TABLES)]


def tables_with_tokens(machine):
    pattern = PLAIN.pattern.decode().replace("\\.", "[.]")
    tables = all_tables(machine)
    return [t for t in tables if machine.value(ROWS.format(t), pattern)]
