"""Headers that tell browsers what pages may do.

Imported by the settings: nothing here may need a configured Django at import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

IMAGES = (
    "https://i.ytimg.com",
    "https://*.ggpht.com",
    "https://*.googleusercontent.com",
)
CONSENT = "https://accounts.google.com"
# Nothing that a page of ours needs.
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in ("camera", "geolocation", "microphone", "payment", "usb", "midi")
)


def content_security_policy(youtube_api_base: str) -> dict[str, Any]:
    """The policy; the sandbox, which talks plain http, draws thumbnails of its own."""
    is_sandbox = youtube_api_base.startswith("http://")
    sandbox = [youtube_api_base] if is_sandbox else []
    return {
        "DIRECTIVES": {
            "default-src": ["'self'"],
            # The admin theme's Alpine build evaluates its expressions.
            "script-src": ["'self'", "'unsafe-eval'"],
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": ["'self'", "data:", *IMAGES, *sandbox],
            "connect-src": ["'self'"],
            "object-src": ["'none'"],
            "frame-ancestors": ["'none'"],
            # A connect button's form is redirected to the consent page.
            "form-action": ["'self'", CONSENT, *sandbox],
            "base-uri": ["'self'"],
        }
    }


class PermissionsPolicyMiddleware:
    """Switch the powers of browsers off that no page of ours uses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reply = self.get_response(request)
        reply.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return reply
