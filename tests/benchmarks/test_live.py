"""The benchmark of live events runs with few clients and prints what it measured."""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BESIDE_SERVICES = ("-m", "ytmanager.local", "exec", "--", sys.executable)


def test_bench_of_live_events_prints_each_figure_once():
    command = [sys.executable, *BESIDE_SERVICES, "-m", "benchmarks.live"]

    done = subprocess.run(
        [*command, "--clients", "20"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=150,
    )

    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    names = ["live_fanout", "live_memory_per_client", "live_beside_stuck"]
    assert [figure["name"] for figure in figures] == names
    assert figures[0]["ratio"] > 0
