"""The sub-commands of `python -m ytmanager.local`."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

import environ

from ytmanager.local.paths import PROJECT
from ytmanager.local.services import choose_services, isolated, throw_away_folder


def run_command(arguments: Sequence[str]) -> int:
    """Read the arguments and run what they ask for."""
    options = make_parser().parse_args(arguments)
    environ.Env.read_env(PROJECT / ".env")
    if options.command == "exec":
        return execute(options.program, with_services=not options.no_services)
    return 1


def make_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(prog="python -m ytmanager.local")
    commands = parser.add_subparsers(dest="command", required=True)
    beside = commands.add_parser("exec", help="run a command beside empty services")
    beside.add_argument(
        "--no-services", action="store_true", help="set the variables, start nothing"
    )
    beside.add_argument("program", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    return parser


def execute(program: Sequence[str], *, with_services: bool = True) -> int:
    """Run a program beside throw-away services and return its exit code.

    Without services it gets the variables alone, for checks that only read the
    settings.
    """
    program = program[1:] if program[:1] == ["--"] else program
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with ExitStack() as resources:
        folder = resources.enter_context(throw_away_folder())
        services = choose_services(folder=folder, given={}, with_sandbox=False)
        if with_services:
            resources.callback(services.stop)
            services.start()
        extra = isolated(services) | {"APP_ENV": "development"}
        return subprocess.run(program, env=os.environ | extra).returncode
