"""Requests and replies of the sandbox, free of any HTTP library."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from youtube_sync.sandbox import errors

Json = dict[str, Any]


@dataclass(slots=True)
class Request:
    """One call as the sandbox sees it; `units` is what it cost in the end."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""
    origin: str = ""
    operation: str = ""
    units: int = 0
    path_parameters: dict[str, str] = field(default_factory=dict)

    def parameter(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def comma_list(self, name: str) -> list[str]:
        """Values given as a comma list, as repeated parameters, or as both."""
        values = ",".join(self.query.get(name, [])).split(",")
        return [value.strip() for value in values if value.strip()]

    def form(self) -> dict[str, str]:
        fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}

    def json(self) -> Json:
        try:
            value = json.loads(self.body or b"null")
        except ValueError as exc:
            raise errors.parse_error() from exc
        if not isinstance(value, dict):
            raise errors.parse_error()
        return value


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)


def json_reply(
    value: Json, status: int = 200, headers: dict[str, str] | None = None
) -> Reply:
    text = json.dumps(value, ensure_ascii=False)
    return Reply(status, text.encode(), headers=headers or {})


def html_reply(text: str, status: int = 200) -> Reply:
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return Reply(status, text.encode(), "text/html; charset=utf-8", headers)


def error_reply(error: errors.ApiError) -> Reply:
    return json_reply(error.as_body(), error.status, error.headers)
