"""Every list of the API asks as many questions for many rows as for one.

The lists are found by the schema, so that a new one is tried without a test of its
own. What a list is asked for beside its rows: session, person, permissions, count.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator

from tests.api_clients import client_of
from tests.security.worlds import make_world

pytestmark = pytest.mark.django_db

MOST = 12
# Their rows are not made here; a test of their own counts for them.
EMPTY = {
    "/api/column-mappings/",
    "/api/never-split-names/",
    "/api/notifications/",
    "/api/tokens/",
    "/api/webhook-deliveries/",
    "/api/webhook-endpoints/",
}


def lists():
    """The addresses of all lists that need no key of another row."""
    schema = SchemaGenerator().get_schema(public=True)
    return {
        path
        for path, methods in schema["paths"].items()
        if "{" not in path
        and "get" in methods
        and methods["get"]["operationId"].endswith("_list")
    }


def read(client, path):
    """How many rows a list has, and how many queries it takes."""
    with CaptureQueriesContext(connection) as queries:
        rows = client.get(path, {"state": "all"} if "ownership" in path else {})
    return len(rows.json()["results"]), len(queries)


def test_lists_take_the_same_queries_for_any_number_of_rows():
    client = client_of(is_superuser=True)
    make_world("One")
    few = {path: read(client, path) for path in sorted(lists())}
    for word in ("Two", "Three", "Four"):
        make_world(word)

    many = {path: read(client, path) for path in few}

    assert {path for path, (rows, _) in few.items() if not rows} == EMPTY
    assert all(many[path][0] > few[path][0] for path in few if path not in EMPTY)
    assert {path: queries for path, (_, queries) in many.items()} == {
        path: queries for path, (_, queries) in few.items()
    }
    assert max(queries for _, queries in many.values()) <= MOST
