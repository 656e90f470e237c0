"""Every variable is in the schema, in `.env.example` and in the README."""

import re

import pytest

from ytmanager.local.paths import PROJECT
from ytmanager.settings import env

pytestmark = pytest.mark.unit

NAME = re.compile(r"^#?([A-Z][A-Z0-9_]+)=", re.MULTILINE)


def names_in_example():
    return set(NAME.findall((PROJECT / ".env.example").read_text()))


def names_in_readme():
    rows = re.findall(r"^\| (`[^|]+) \|", (PROJECT / "README.md").read_text(), re.M)
    return {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}


def test_readme_and_example_list_the_same_variables():
    assert names_in_readme() == names_in_example()


def test_schema_is_documented():
    assert set(env.scheme) - names_in_example() == set()
