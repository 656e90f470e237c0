"""The `fields` parameter: which part of a reply is left."""

import pytest

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.partial import select

pytestmark = pytest.mark.unit
PAGE = {
    "kind": "list",
    "etag": "e",
    "items": [
        {"id": "a", "snippet": {"title": "A", "tags": ["x"]}, "status": {"p": 1}},
        {"id": "b", "snippet": {"title": "B"}},
    ],
}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", PAGE),
        ("*", PAGE),
        ("etag", {"etag": "e"}),
        ("items/id", {"items": [{"id": "a"}, {"id": "b"}]}),
        (
            "items(id,snippet/title)",
            {
                "items": [
                    {"id": "a", "snippet": {"title": "A"}},
                    {"id": "b", "snippet": {"title": "B"}},
                ]
            },
        ),
        (
            "kind, items(status(p),snippet(tags))",
            {
                "kind": "list",
                "items": [
                    {"status": {"p": 1}, "snippet": {"tags": ["x"]}},
                    {"snippet": {}},
                ],
            },
        ),
        ("items/snippet/*,unknown", {"items": [
            {"snippet": {"title": "A", "tags": ["x"]}}, {"snippet": {"title": "B"}},
        ]}),
    ],
)  # fmt: skip
def test_fields_keep_what_they_name(fields, expected):
    assert select(PAGE, fields) == expected


@pytest.mark.parametrize(
    "fields",
    ["items(", "items)", "(id)", "items(id", "a//b", ",a", "a,", "a;b", "a b("],
)
def test_fields_that_make_no_sense_are_refused(fields):
    with pytest.raises(errors.ApiError) as refused:
        select(PAGE, fields)

    assert (refused.value.status, refused.value.reason) == (400, "invalidParameter")
