"""Run the sandbox alone until it is told to stop."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from youtube_sync.sandbox.oauth import Client
from youtube_sync.sandbox.server import SandboxServer


def main(arguments: list[str] | None = None) -> int:
    options = _read_options(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        client = Client(client_secret=options.client_secret)
        server = SandboxServer(options.port, state=options.state, client=client)
    except OSError as error:
        sys.stderr.write(f"The sandbox cannot listen on {options.port}: {error}\n")
        return 1
    with server:
        if options.seed:
            server.sandbox.catalogue.seed(json.loads(options.seed.read_text("utf-8")))
        sys.stdout.write(f"YouTube sandbox ready on {server.url}\n")
        sys.stdout.flush()
        stop.wait()
    return 0


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m youtube_sync.sandbox")
    parser.add_argument("--port", type=int, default=8090, help="0 picks a free one")
    parser.add_argument("--state", type=Path, help="file that keeps everything")
    parser.add_argument("--seed", type=Path, help="JSON file loaded at start")
    parser.add_argument("--client-secret", default="", help="default: any will do")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
