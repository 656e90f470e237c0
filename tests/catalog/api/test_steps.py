"""Steps of a bulk edit, as JSON, are checked before anything is stored."""

import pytest
from rest_framework.exceptions import ValidationError

from catalog.api.steps import read_step
from catalog.exceptions import InvalidEditError

pytestmark = pytest.mark.unit

GOOD = [
    (
        {"field": "title", "operation": "replace", "find": "a"},
        {"find": "a", "new": "", "ignores_case": False, "is_pattern": False},
    ),
    (
        {"field": "isrc", "operation": "set", "value": "us-rc1-76-07839"},
        {"value": "USRC17607839", "only_empty": False},
    ),
    (
        {"field": "tags", "operation": "add_items", "items": [" a ", "b"]},
        {"items": ["a", "b"], "only_empty": False},
    ),
    (
        {"field": "artist", "operation": "split", "separators": ["comma"]},
        {"separators": ["comma"]},
    ),
    ({"field": "title", "operation": "case", "case": "upper"}, {"case": "upper"}),
    ({"field": "description", "operation": "clear"}, {}),
    (
        {"field": "title", "operation": "template", "template": "{artist} x"},
        {"template": "{artist} x", "only_empty": False},
    ),
    (
        {"field": "label", "operation": "copy", "source": "channel.name"},
        {"source": "channel.name", "only_empty": False},
    ),
    (
        {"field": "is_hidden", "operation": "set", "value": False, "only_empty": True},
        {"value": False, "only_empty": True},
    ),
]
BAD = [
    ({}, "field"),
    ({"field": "colour", "operation": "set"}, "field"),
    ({"field": "title"}, "operation"),
    ({"field": "title", "operation": "split"}, "operation"),
    ({"field": "title", "operation": "clear"}, "operation"),
    ({"field": "title", "operation": "replace"}, "find"),
    ({"field": "title", "operation": "replace", "find": ""}, "find"),
    ({"field": "title", "operation": "replace", "find": 1}, "find"),
    ({"field": "title", "operation": "replace", "find": "a\0"}, "find"),
    ({"field": "title", "operation": "replace", "find": "a", "is_pattern": 1}, None),
    ({"field": "title", "operation": "tidy", "find": "a"}, "find"),
    ({"field": "title", "operation": "set", "value": ["x"]}, "value"),
    ({"field": "tags", "operation": "set", "value": "x"}, "value"),
    ({"field": "is_hidden", "operation": "set", "value": "yes"}, "value"),
    ({"field": "tags", "operation": "add_items", "items": "a"}, "items"),
    ({"field": "title", "operation": "case", "case": "loud"}, "case"),
    ({"field": "label", "operation": "copy", "source": "secret"}, "source"),
    (
        {"field": "title", "operation": "replace", "find": "a", "new": None},
        "new",
    ),
]

BROKEN = [
    ({"field": "title", "operation": "set", "value": "x" * 101}, "value"),
    ({"field": "category_id", "operation": "set", "value": "Opera"}, "value"),
    ({"field": "title", "operation": "template", "template": "{x}"}, "template"),
    ({"field": "tags", "operation": "add_items", "items": []}, "items"),
    ({"field": "tags", "operation": "add_items", "items": [" "]}, "items"),
]


@pytest.mark.parametrize(("given", "inputs"), GOOD)
def test_step_is_stored_with_all_its_inputs(given, inputs):
    stored = read_step(given)

    both = {"field": given["field"], "operation": given["operation"]}
    assert stored == both | inputs


@pytest.mark.parametrize(("given", "name"), BAD)
def test_step_that_cannot_work_names_its_input(given, name):
    with pytest.raises(ValidationError) as refused:
        read_step(given)

    assert list(refused.value.detail) == [name or "is_pattern"]


@pytest.mark.parametrize(("given", "name"), BROKEN)
def test_step_that_breaks_a_rule_names_its_input(given, name):
    with pytest.raises(InvalidEditError) as refused:
        read_step(given)

    assert list(refused.value.details["fields"]) == [name]
