"""A running system seen from the outside: stop it at a line, kill, wait."""

import os
import signal
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

# What people may wait for work to go on after its worker was killed.
PATIENCE = 30
BREAKPOINTS = 0x59544B  # first key of the advisory locks that hold workers back
WAIT = f"""
    CREATE OR REPLACE FUNCTION wait_at_breakpoint() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_advisory_xact_lock_shared({BREAKPOINTS}, TG_ARGV[0]::int);
        RETURN NEW;
    END $$
"""


class Machine:
    """Processes and database of a `RunningSystem`."""

    def __init__(self, system):
        self.system = system
        self.database = psycopg.connect(
            system.environment["DATABASE_URL"], autocommit=True
        )
        self.database.execute("SET TIME ZONE 'UTC'")

    def close(self):
        self.database.close()

    def rows(self, sql, *values):
        return self.database.execute(sql, values).fetchall()

    def value(self, sql, *values):
        row = self.database.execute(sql, values).fetchone()
        return row[0] if row else None

    def kill_worker(self, queue):
        """SIGKILL the worker of a queue; returns its process number."""
        pid = self.worker(queue)
        os.kill(pid, signal.SIGKILL)
        return pid

    def worker(self, queue):
        """The process that works on a queue, once it is there."""
        ending = f"manage.py\0work\0{queue}\0"
        found = []

        def is_there():
            found[:] = [
                pid
                for pid in children_of(self.system.process.pid)
                if command_of(pid).endswith(ending)
            ]
            return found

        wait_until(is_there)
        return found[0]

    @contextmanager
    def breakpoint(self, name, moment, condition="true"):
        """Hold every process back that comes to a moment, until the block ends.

        `moment` is that of a trigger: "INSERT ON some_table". Gives a function
        that tells which database processes are held back.
        """
        key = self.value("SELECT hashtext(%s) & 65535", name)
        self.database.execute(WAIT)
        self.database.execute(
            f"CREATE TRIGGER breakpoint_{name} BEFORE {moment} FOR EACH ROW "
            f"WHEN ({condition}) EXECUTE FUNCTION wait_at_breakpoint({key})"
        )
        self.database.execute("SELECT pg_advisory_lock(%s, %s)", [BREAKPOINTS, key])
        try:
            yield lambda: self.waiting_for(key)
        finally:
            unlock = "SELECT pg_advisory_unlock(%s, %s)"
            self.database.execute(unlock, [BREAKPOINTS, key])

    def waiting_for(self, key):
        sql = (
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
            "AND classid = %s AND objid::int = %s"
        )
        return [pid for (pid,) in self.rows(sql, BREAKPOINTS, key)]


def children_of(pid):
    listing = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listing.split()]


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_until(condition, timeout=PATIENCE):
    """Wait for something to become true; returns after how many seconds it was."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < timeout, "waited in vain"
        time.sleep(0.05)
    return time.monotonic() - started
