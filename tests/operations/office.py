"""A small production-like office: its own database, web processes and workers."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import requests

from ytmanager.local.paths import PROJECT
from ytmanager.local.ports import find_free_port
from ytmanager.local.services import choose_services, isolated

TIMEOUT = 30


class Office:
    """Services in a folder, and the variables that lead programs to them."""

    def __init__(self, folder):
        self.folder = folder
        self.services = choose_services(
            folder=folder, given={}, durable=False, with_sandbox=False
        )
        self.variables = isolated(self.services) | {"APP_ENV": "test"}
        self.variables |= {"SITE_URL": "http://127.0.0.1", "LOG_LEVEL": "INFO"}
        self.programs = []

    @property
    def postgres(self):
        return self.services.servers[0]

    @property
    def valkey(self):
        return self.services.servers[1]

    def open(self):
        self.services.start()
        self.manage("prepare_system", "--password-file", self.folder / "password")
        return self

    def manage(self, *arguments, **variables):
        """Run a management command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            env=os.environ | self.variables | {"LOG_LEVEL": "WARNING"} | variables,
            cwd=PROJECT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def token(self, name="robot"):
        """A token of a superuser for the API."""
        return self.manage(
            "shell",
            "--no-imports",
            "-c",
            "from django.contrib.auth.models import User\n"
            "from ytmanager.models import ApiToken\n"
            f"user, _ = User.objects.get_or_create(username={name!r},"
            " is_staff=True, is_superuser=True)\n"
            "print(ApiToken.objects.create(user=user)[1])",
        ).split()[-1]

    def web(self, **variables):
        return self._add(Web(self, variables))

    def worker(self, queue, **variables):
        return self._add(Worker(self, queue, variables))

    def _add(self, program):
        self.programs.append(program)
        return program.start()

    def rows(self, sql, *values):
        with psycopg.connect(self.variables["DATABASE_URL"], autocommit=True) as own:
            return own.execute(sql, values).fetchall()

    def dismiss(self):
        """End the programs; the services stay."""
        for program in self.programs:
            program.kill()
        self.programs.clear()

    def close(self):
        self.dismiss()
        self.services.stop()


class Program:
    """One process of the product with a log of its own."""

    def __init__(self, office, name, command, variables):
        self.office, self.command, self.variables = office, command, variables
        self.log = office.folder / f"{name}-{time.monotonic_ns()}.log"
        self.process = None

    def start(self):
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env=os.environ | self.office.variables | self.variables,
                cwd=PROJECT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return self

    def wait_until(self, is_so, what, timeout=TIMEOUT):
        deadline = time.monotonic() + timeout
        while not is_so():
            assert time.monotonic() < deadline, f"not in time: {what}\n{self.lines()}"
            time.sleep(0.05)

    def lines(self):
        return self.log.read_text()

    def terminate(self):
        """Ask it to stop as an operating system does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(TIMEOUT)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Web(Program):
    """One web process on a port of its own."""

    def __init__(self, office, variables):
        self.port = find_free_port()
        command = ["-m", "uvicorn", "ytmanager.asgi:application", "--no-access-log"]
        command += ["--port", str(self.port), "--timeout-graceful-shutdown", "5"]
        command += ["--timeout-keep-alive", "130"]
        super().__init__(office, "web", command, variables)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        super().start()
        self.wait_until(self.answers, "web process answers")
        return self

    def answers(self):
        try:
            return self.get("/healthz").status_code == 200
        except requests.ConnectionError:
            return False

    def get(self, path, token="", **options):
        headers = {"Authorization": f"Token {token}"} if token else {}
        return requests.get(
            self.url + path,
            headers=headers | options.pop("headers", {}),
            timeout=TIMEOUT,
            allow_redirects=False,
            **options,
        )


class Worker(Program):
    """One worker of a queue."""

    def __init__(self, office, queue, variables):
        command = ["manage.py", "work", queue]
        super().__init__(office, f"worker-{queue}", command, variables)
