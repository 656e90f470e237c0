"""The benchmark of edits runs on few videos and prints what it measured."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
BESIDE_SERVICES = ("-m", "ytmanager.local", "exec", "--", sys.executable)


@pytest.fixture(scope="session")
def done():
    """The benchmark of 500 videos, on empty services of its own."""
    command = [sys.executable, *BESIDE_SERVICES, "-m", "benchmarks.edits"]
    return subprocess.run(
        [*command, "--videos", "500", "--explain"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=150,
    )


def test_bench_of_edits_prints_each_figure_once(done):
    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]

    assert [figure["name"] for figure in figures] == ["bulk_edit", "bulk_revert"]
    assert min(figure["ratio"] for figure in figures) > 0


def test_bench_of_edits_lists_slow_statements(done):
    assert "UPDATE catalog_video" in done.stderr
