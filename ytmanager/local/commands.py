"""The sub-commands of `python -m ytmanager.local`."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

import environ

from ytmanager.local.children import die_with_parent
from ytmanager.local.console import say
from ytmanager.local.paths import PROJECT, local_folder, prepare_folder
from ytmanager.local.running import only_one
from ytmanager.local.services import choose_services, isolated, throw_away_folder
from ytmanager.local.supervisor import StopRequested, raise_on_stop_signals
from ytmanager.local.system import System


def run_command(arguments: Sequence[str]) -> int:
    """Read the arguments and run what they ask for."""
    options = make_parser().parse_args(arguments)
    environ.Env.read_env(PROJECT / ".env")
    if options.command == "exec":
        return execute(
            options.program,
            with_services=not options.no_services,
            durable=options.durable,
        )
    if options.with_make:
        die_with_parent(signal.SIGTERM)
    return serve(wants_sample=options.sample)


def make_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(prog="python -m ytmanager.local")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="serve the product until Ctrl-C")
    run.add_argument(
        "--sample",
        action=argparse.BooleanOptionalAction,
        help="load sample data; the default is to do so in an embedded database",
    )
    run.add_argument("--with-make", action="store_true", help="end when make ends")
    beside = commands.add_parser("exec", help="run a command beside empty services")
    beside.add_argument(
        "--no-services", action="store_true", help="set the variables, start nothing"
    )
    beside.add_argument(
        "--durable", action="store_true", help="as safe and slow as for real data"
    )
    beside.add_argument("program", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    return parser


def serve(*, wants_sample: bool | None) -> int:
    """Run the product; a stop signal ends it in order and counts as success."""
    raise_on_stop_signals()
    folder = local_folder(os.environ)
    try:
        prepare_folder(folder)
        with only_one(folder):
            given = dict(os.environ)
            System(folder=folder, given=given, wants_sample=wants_sample).run()
    except StopRequested:
        say("Stopped.")
    return 0


def execute(program: Sequence[str], *, with_services: bool, durable: bool) -> int:
    """Run a program beside throw-away services and return its exit code.

    Without services it gets the variables alone, for checks that only read the
    settings.
    """
    program = program[1:] if program[:1] == ["--"] else program
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with ExitStack() as resources:
        folder = resources.enter_context(throw_away_folder())
        services = choose_services(
            folder=folder, given={}, durable=durable, with_sandbox=False
        )
        if with_services:
            resources.callback(services.stop)
            services.start()
        extra = isolated(services) | {"APP_ENV": "development"}
        return subprocess.run(program, env=os.environ | extra).returncode
