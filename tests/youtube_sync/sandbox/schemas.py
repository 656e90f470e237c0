"""Replies held against the schemas of the discovery document that Google ships."""

import json
from functools import cache
from importlib.resources import files
from urllib.parse import unquote

TYPES = {"string": str, "integer": int, "boolean": bool, "number": (int, float)}


@cache
def discovery():
    folder = files("googleapiclient.discovery_cache").joinpath("documents")
    return json.loads(folder.joinpath("youtube.v3.json").read_text("utf-8"))


def response_of(operation):
    """Name of the schema of a method such as `videos.list`."""
    noun, verb = operation.split(".")
    return discovery()["resources"][noun]["methods"][verb]["response"]["$ref"]


def parameters_of(operation):
    noun, verb = operation.split(".")
    own = discovery()["resources"][noun]["methods"][verb]["parameters"]
    return set(own) | set(discovery()["parameters"])


def differences(value, schema, where="reply"):
    """Everything in a value that its schema does not allow, as texts."""
    if isinstance(schema, str):
        schema = discovery()["schemas"][schema]
    if "$ref" in schema:
        return differences(value, schema["$ref"], where)
    kind = schema.get("type", "any")
    if kind == "object":
        return _differences_of_object(value, schema, where)
    if kind == "array":
        return [
            found
            for number, item in enumerate(value)
            for found in differences(item, schema["items"], f"{where}[{number}]")
        ]
    return _differences_of_scalar(value, schema, kind, where)


def _differences_of_object(value, schema, where):
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no object"]
    found, known = [], schema.get("properties", {})
    for key, inner in value.items():
        below = known.get(key, schema.get("additionalProperties"))
        place = f"{where}.{unquote(key)}"
        found += [f"{place}: unknown"] if below is None else []
        found += differences(inner, below, place) if below else []
    return found


def _differences_of_scalar(value, schema, kind, where):
    expected = TYPES.get(kind)
    is_flag = isinstance(value, bool) and kind != "boolean"
    if expected and (not isinstance(value, expected) or is_flag):
        return [f"{where}: {value!r} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is none of {schema['enum']}"]
    if schema.get("format") in {"uint64", "int64"} and not str(value).isdecimal():
        return [f"{where}: {value!r} is no number"]
    return []
