"""`ETag`, `If-None-Match` (304) and `If-Match` (412), as RFC 9110 section 13 says."""

import hashlib
import re
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ytmanager.exceptions import PreconditionFailedError

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(content: bytes) -> str:
    """A strong validator: two representations of one address never share it."""
    return f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'


def tag_of_data(data: Any) -> str:
    """The validator of what a GET would answer with."""
    return tag_of(JSONRenderer().render(data))


def with_tag(request: Request, response: Response, tag: str | None) -> Response:
    """Add the validator to a JSON answer; an answer that is known becomes a 304.

    Without a given validator it is made of the content.
    """
    if not isinstance(response.accepted_renderer, JSONRenderer):
        return response
    response.render()
    tag = tag or tag_of(response.content)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    if _names(request.headers.get("If-None-Match"), tag):
        response.status_code, response.content = 304, b""
        del response["Content-Type"]
    return response


def require_unchanged(request: Request, tag: str) -> None:
    """Raises PreconditionFailedError when the writer saw something else."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and not _names(wanted, tag):
        raise PreconditionFailedError(etag=tag)


def _names(header: str | None, tag: str) -> bool:
    if header is None:
        return False
    return header.strip() == "*" or tag in _TAG.findall(header)
