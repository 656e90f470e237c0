"""The addresses that monitors ask, answered before anything else is done.

They know a process by its address and port, not by the name that ALLOWED_HOSTS
names; and they are to be answered while the rest of the system is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from ytmanager.health import healthz, readyz
from ytmanager.metrics import metrics

PROBES: Mapping[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}


class ProbeMiddleware:
    """The outermost of all; none of its views looks at the host or the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = PROBES.get(request.path, self.get_response)
        return answer(request)
