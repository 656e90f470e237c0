"""Partial responses: the `fields` parameter, for example `items(id,snippet/title)`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.messages import Reply, Request, json_reply

Selection = dict[str, "Selection"]
ALL = "*"
_TOKENS = re.compile(r"[A-Za-z0-9_.\-$]+|[*(),/]")


def partly(request: Request, reply: Reply) -> Reply:
    """The reply cut to the request's `fields`; etag headers stay as they are."""
    fields = request.parameter("fields")
    if not fields or reply.status != 200 or "json" not in reply.content_type:
        return reply
    body = select(json.loads(reply.body), fields)
    return json_reply(body, headers=reply.headers)


def select(value: Any, fields: str) -> Any:
    """Keep only what `fields` names; an empty one keeps everything.

    Raises ApiError for a text that is no selector.
    """
    if not fields.strip():
        return value
    return _keep(value, parse(fields))


def parse(fields: str) -> Selection:
    text = re.sub(r"\s", "", fields)
    tokens = _TOKENS.findall(text)
    if "".join(tokens) != text:
        raise _invalid(fields)
    stream = iter([*tokens, ""])
    chosen, end = _parse_list(stream, fields)
    if end:
        raise _invalid(fields)
    return chosen


def _parse_list(stream: Iterator[str], fields: str) -> tuple[Selection, str]:
    """Names up to a closing bracket or the end, which is returned."""
    chosen: Selection = {}
    while True:
        end = _parse_path(stream, chosen, fields)
        if end != ",":
            return chosen, end


def _parse_path(stream: Iterator[str], chosen: Selection, fields: str) -> str:
    """One path such as `a/b(c,d)`, laid into `chosen`; returns what follows."""
    place = chosen
    while True:
        name = next(stream)
        if not name or name in "(),/":
            raise _invalid(fields)
        place = place.setdefault(name, {})
        follows = next(stream)
        if follows == "(":
            inner, end = _parse_list(stream, fields)
            if end != ")":
                raise _invalid(fields)
            place.update(inner)
            follows = next(stream)
        if follows != "/":
            return follows


def _keep(value: Any, chosen: Selection) -> Any:
    if not chosen or ALL in chosen:
        return value
    if isinstance(value, list):
        return [_keep(item, chosen) for item in value]
    if isinstance(value, dict):
        return {n: _keep(value[n], inner) for n, inner in chosen.items() if n in value}
    return value


def _invalid(fields: str) -> errors.ApiError:
    return errors.ApiError(
        400,
        "invalidParameter",
        f"Invalid field selection {fields}",
        location="fields",
        location_type="parameter",
    )
