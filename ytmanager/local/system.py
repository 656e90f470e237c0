"""The whole product on one machine: services, web server, workers."""

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from ytmanager.local.children import Child
from ytmanager.local.console import LocalError, say
from ytmanager.local.paths import PROJECT
from ytmanager.local.ports import LOOPBACK, require_free_port
from ytmanager.local.running import publish_environment
from ytmanager.local.services import choose_services
from ytmanager.local.supervisor import stop_together, watch_forever

QUEUES = ("imports", "youtube", "quick", "deliveries")
MANAGE = (sys.executable, str(PROJECT / "manage.py"))


class System:
    """Everything that `make run` starts, in the order in which it starts."""

    def __init__(
        self, *, folder: Path, given: Mapping[str, str], wants_sample: bool | None
    ) -> None:
        self.folder, self.logs = folder, folder / "logs"
        self.host = given.get("HOST") or LOOPBACK
        self.port = require_free_port(self.host, port_in(given))
        self.services = choose_services(folder=folder, given=given)
        self.wants_sample = (
            self.services.has_own_database if wants_sample is None else wants_sample
        )
        self.variables = self._own_variables(given)
        self.environment = dict(given) | self.variables
        self.web = self._web()
        self.workers = [self._worker(queue) for queue in QUEUES]
        self.password_file = folder / "admin-password"
        self.knew_password = self.password_file.exists()

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def _own_variables(self, given: Mapping[str, str]) -> dict[str, str]:
        defaults = {"APP_ENV": "development", "SITE_URL": self.address}
        missing = {name: v for name, v in defaults.items() if not given.get(name)}
        return missing | self.services.environment

    def _program(self, name: str, *command: str) -> Child:
        return Child(
            name=name,
            command=[sys.executable, *command],
            log=self.logs / f"{name}.log",
            environment=self.environment,
            folder=PROJECT,
        )

    def _web(self) -> Child:
        options = ["--host", self.host, "--port", str(self.port), "--no-access-log"]
        # A browser's idle connection is kept as long as in production.
        options += ["--timeout-graceful-shutdown", "5", "--timeout-keep-alive", "130"]
        options += ["--ws-max-size", "65536"]
        return self._program(
            "web", "-m", "uvicorn", "ytmanager.asgi:application", *options
        )

    def _worker(self, queue: str) -> Child:
        return self._program(f"worker-{queue}", MANAGE[1], "work", queue)

    def run(self) -> None:
        """Start everything and keep it alive until a stop signal comes."""
        try:
            self._start()
            servers = [server.child for server in self.services.servers]
            watch_forever([*filter(None, servers), self.web, *self.workers])
        finally:
            self.stop()

    def _start(self) -> None:
        say(f"Starting YT Manager in {self.folder}")
        self.services.start()
        publish_environment(self.folder, self.variables)
        if self.knew_password:
            # Prepared before: the server may load while nothing is left to do.
            self.web.start()
        self._prepare()
        if not self.web.is_running():
            self.web.start()
        self.web.wait_until(self.answers, timeout=60)
        for worker in self.workers:
            worker.start()
        self._introduce()

    def _prepare(self) -> None:
        """Migrate, make the administrator and load the sample, in one process."""
        options = ["--password-file", str(self.password_file)]
        options += ["--sample"] if self.wants_sample else []
        child = self._program("prepare", MANAGE[1], "prepare_system", *options)
        child.start()
        try:
            code = child.wait()
        finally:
            child.stop()
        if code:
            raise LocalError(f"The preparation failed: {child.last_words()}")

    def answers(self) -> bool:
        """Tell whether the login page comes; whatever it says is in the log."""
        host = LOOPBACK if self.host == "0.0.0.0" else self.host
        url = f"http://{host}:{self.port}/admin/login/"
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def _introduce(self) -> None:
        say(f"Ready: {self.address}/")
        say(f"  Login:    {self._login()}")
        say(f"  Logs:     {self.logs}")
        say("  Stop with Ctrl-C.")

    def _login(self) -> str:
        if not self.password_file.exists():
            return "as before"
        if self.knew_password:
            return f"admin, first password kept in {self.password_file}"
        password = self.password_file.read_text().strip()
        return f"admin, password: {password} (kept in {self.password_file})"

    def stop(self) -> None:
        """Stop the programs, then the services they use."""
        stop_together([self.web, *self.workers])
        self.services.stop()
        (self.folder / "environment").unlink(missing_ok=True)


def port_in(given: Mapping[str, str]) -> int:
    """Read PORT; raise when it is no port."""
    text = given.get("PORT") or "8000"
    if not text.isdecimal() or int(text) > 65535:
        raise LocalError(f"PORT={text} is not a port number.")
    return int(text)
