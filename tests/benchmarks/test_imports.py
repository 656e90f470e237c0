"""The benchmark of imports runs on few videos and prints what it measured."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.figures import Figure
from benchmarks.imports import fail, require_empty_database
from benchmarks.worker import ImportRun

PROJECT = Path(__file__).parents[2]
UNITS = {
    "import_first_by_hand": "s",
    "import_nightly_by_hand": "s",
    "import_first": "s",
    "import_nightly": "s",
    "import_identical": "s",
    "import_one_by_one": "rows/s",
    "import_by_import_export": "rows/s",
    "import_edit_wait": "s",
    "import_growth_mb": "MB",
    "import_memory_mb": "MB",
}
OPTIONS = ("--videos", "200", "--sample", "20", "--nights", "3", "--explain")
BESIDE_SERVICES = ("-m", "ytmanager.local", "exec", "--", sys.executable)


@pytest.fixture(scope="session")
def done():
    """The benchmark of 200 videos, on empty services of its own."""
    command = [sys.executable, *BESIDE_SERVICES, "-m", "benchmarks.imports"]
    return subprocess.run(
        [
            *command,
            *["--videos", "200", "--sample", "20", "--nights", "3", "--explain"],
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=150,
    )


@pytest.fixture(scope="session")
def figures(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_bench_prints_each_figure_once(figures):
    assert [figure["name"] for figure in figures] == list(UNITS)


def test_figure_has_the_agreed_keys(figures):
    assert {tuple(f) for f in figures} == {("name", "value", "unit", "floor", "ratio")}


def test_figure_is_above_nothing(figures):
    values = [
        figure[key]
        for figure in figures
        for key in ("value", "floor")
        # A catalogue of 200 videos may fit into the pages that it had.
        if figure["name"] != "import_growth_mb"
    ]

    assert min(values) > 0


def test_each_figure_has_its_unit(figures):
    assert {figure["name"]: figure["unit"] for figure in figures} == UNITS


def test_explain_lists_statements_of_each_import(figures, done):
    for name in ("import_first", "import_nightly", "import_identical"):
        assert f"{name}: " in done.stderr
    assert "INSERT INTO catalog_video " in done.stderr


@pytest.mark.unit
def test_ratio_is_value_by_floor():
    line = Figure("import_first", 4.5, "s", 1.5).as_line()

    assert json.loads(line)["ratio"] == 3


@pytest.mark.unit
def test_incomplete_import_ends_the_benchmark():
    run = ImportRun("failed", "The disk is full.", {}, 1.0, 100.0, 110.0, [])

    with pytest.raises(SystemExit, match="import_first ended as failed: .*disk is"):
        fail("import_first", run, "expected videos_new = 200")


@pytest.mark.django_db
def test_bench_refuses_a_database_in_use():
    with pytest.raises(SystemExit, match="needs an empty database"):
        require_empty_database()
