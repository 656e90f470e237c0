"""Every variable, make target and command is in the README, none but those."""

import re

import pytest

from ytmanager.local.paths import PROJECT
from ytmanager.settings import env

pytestmark = pytest.mark.unit

NAME = re.compile(r"^#?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
READ = re.compile(r"\benv(?:\.\w+)?\(\s*\"([A-Z][A-Z0-9_]+)\"")
READ_BY_LIBRARIES = {"FORWARDED_ALLOW_IPS", "PROMETHEUS_MULTIPROC_DIR"}
READ_BY_MAKE_RUN = {"HOST", "PORT", "LOCAL_DIR"}
README = (PROJECT / "README.md").read_text()
# What other targets call.
INNER_TARGETS = {"help", "install", "install-dev"}


def names_in_example():
    return set(NAME.findall((PROJECT / ".env.example").read_text()))


def names_in_readme():
    rows = re.findall(r"^\| (`[^|]+) \|", README, re.M)
    return {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}


def names_in_settings():
    """The schema, and what is read beside it because it has no default."""
    files = [
        PROJECT / "ytmanager" / name for name in ("settings.py", "store_settings.py")
    ]
    return set(env.scheme) | {
        n for file in files for n in READ.findall(file.read_text())
    }


def targets():
    return set(
        re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text(), re.M)
    )


def commands():
    files = PROJECT.glob("*/management/commands/*.py")
    return {file.stem for file in files if file.stem != "__init__"}


def test_readme_and_example_list_the_same_variables():
    assert names_in_readme() == names_in_example()


def test_what_is_read_is_documented_and_nothing_else():
    read = names_in_settings() | READ_BY_LIBRARIES | READ_BY_MAKE_RUN

    assert {"SECRET_KEY", "DATABASE_URL", "DEBUG", "S3_BUCKET"} <= names_in_settings()
    assert names_in_example() == read


def test_readme_names_every_make_target():
    assert {"run", "bench-events", *INNER_TARGETS} <= targets()
    for target in targets() - INNER_TARGETS:
        assert re.search(rf"`(make )?{target}\b", README) or f"make {target} " in README


def test_readme_names_every_command():
    assert {"work", "import_report"} <= commands()
    for command in commands():
        assert f"`{command}`" in README, command
