"""The one place that starts services: for `make run`, for commands, for the tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ytmanager.local.children import Child
from ytmanager.local.paths import is_given
from ytmanager.local.postgres import Postgres
from ytmanager.local.sandbox import Sandbox, environment_for
from ytmanager.local.secret_values import load_secrets
from ytmanager.local.valkey import Valkey

PREFIX = "ytmanager-"


class Service(Protocol):
    """What the embedded servers have in common."""

    @property
    def child(self) -> Child | None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Services:
    """Servers chosen for a folder, and the variables that lead to them."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    servers: list[Service] = field(default_factory=list)
    has_own_database: bool = False
    sandbox: Sandbox | None = None

    def start(self) -> None:
        """Start all servers; stop those already up when one of them fails."""
        try:
            for server in self.servers:
                server.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop all servers, the last one first."""
        for server in reversed(self.servers):
            server.stop()


def choose_services(
    *,
    folder: Path,
    given: Mapping[str, str],
    durable: bool = True,
    with_sandbox: bool = True,
) -> Services:
    """Decide what has to be started because `given` does not name it.

    Nothing is started yet: ports are chosen, so that the variables are complete.
    """
    services = Services(folder=folder)
    add_settings(services, given)
    logs = folder / "logs"
    if not is_given(given, "DATABASE_URL"):
        password = load_secrets(folder / "secrets.env")["DATABASE_PASSWORD"]
        add_postgres(services, password, durable=durable)
    if not is_given(given, "REDIS_URL"):
        valkey = Valkey(folder=folder / "valkey", logs=logs)
        services.servers.append(valkey)
        services.environment["REDIS_URL"] = valkey.url
    if with_sandbox and not is_given(given, "YOUTUBE_API_BASE"):
        services.sandbox = Sandbox(folder=folder, logs=logs)
        services.servers.append(services.sandbox)
        services.environment |= environment_for(services.sandbox.url)
    return services


def add_settings(services: Services, given: Mapping[str, str]) -> None:
    """Supply throw-away secrets and the folder store where nothing is set."""
    made = load_secrets(services.folder / "secrets.env")
    for name in ("SECRET_KEY", "TOKEN_ENCRYPTION_KEYS"):
        if not is_given(given, name):
            services.environment[name] = made[name]
    if not is_given(given, "S3_BUCKET") and not is_given(given, "REPORT_FOLDER"):
        reports = services.folder / "reports"
        reports.mkdir(parents=True, exist_ok=True)
        services.environment["REPORT_FOLDER"] = str(reports)
    if not is_given(given, "MAINTENANCE_FILE"):
        services.environment["MAINTENANCE_FILE"] = str(services.folder / "maintenance")
    if not is_given(given, "BACKUP_BUCKET") and not is_given(given, "BACKUP_FOLDER"):
        backups = services.folder / "backups"
        backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        services.environment["BACKUP_FOLDER"] = str(backups)


def add_postgres(services: Services, password: str, *, durable: bool) -> None:
    """Choose an embedded database."""
    folder = services.folder
    postgres = Postgres(
        folder=folder / "postgres",
        logs=folder / "logs",
        password=password,
        durable=durable,
    )
    services.servers.append(postgres)
    services.environment["DATABASE_URL"] = postgres.url
    services.has_own_database = True


def isolated(services: Services) -> dict[str, str]:
    """Name every variable that could lead a throw-away system somewhere real.

    An inherited variable, one from `.env` or its `NAME_FILE` form must not turn
    tests against a production database, store or account.
    """
    dead = "http://127.0.0.1:9"
    values = {"S3_BUCKET": "", "AWS_S3_ENDPOINT_URL": dead, "DEBUG": "false"}
    values |= {"BACKUP_BUCKET": "", "BACKUP_GPG_RECIPIENT": "", "SENTRY_DSN": ""}
    values |= {"ALLOWED_HOSTS": "", "CSRF_TRUSTED_ORIGINS": ""}
    values |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    values |= environment_for(dead) | services.environment
    return values | {f"{name}_FILE": "" for name in values}


@contextmanager
def throw_away_folder() -> Iterator[Path]:
    """Lend a folder for this process; the folders of dead processes go first."""
    remove_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_left_behind() -> None:
    """Delete the throw-away folders of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}[0-9]*-*"):
        pid = int(folder.name.removeprefix(PREFIX).split("-")[0])
        with suppress(FileNotFoundError):  # another process cleans up as well
            if folder.stat().st_uid == os.geteuid() and not is_alive(pid):
                shutil.rmtree(folder, ignore_errors=True)


def is_alive(pid: int) -> bool:
    """Tell whether a process of this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
