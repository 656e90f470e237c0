"""The benchmark of an import's events runs small and prints what it counted."""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BESIDE_SERVICES = ("-m", "ytmanager.local", "exec", "--", sys.executable)


def test_bench_of_events_counts_those_of_a_large_and_a_small_import():
    command = [sys.executable, *BESIDE_SERVICES, "-m", "benchmarks.events"]

    done = subprocess.run(
        [*command, "--videos", "20000"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    events, progress = [json.loads(line) for line in done.stdout.splitlines()]
    assert [events["name"], progress["name"]] == ["import_events", "import_progress"]
    assert 0 < events["value"] <= events["floor"]
    assert progress["value"] <= progress["floor"] + 1
