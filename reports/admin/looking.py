"""Look for new files when somebody opens the list, without making it slow."""

import threading
from dataclasses import dataclass, field
from time import monotonic

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from reports.services.sources import find_files
from reports.tasks import start_automatic_imports
from ytmanager.admin import ModelAdmin, report_errors
from ytmanager.templatetags.figures import thousands

LIVE_HEADER = "live"  # the page's script fetches a part of the page again


@dataclass(slots=True)
class Pace:
    """When this process looks again: a slow store is looked at less often."""

    least_seconds: float = 20.0
    share_of_time: float = 0.02
    _due_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take_turn(self) -> bool:
        """Say whether it is time; the next turn is some seconds away then."""
        with self._lock:
            now = monotonic()
            is_due = now >= self._due_at
            if is_due:
                self._due_at = now + self.least_seconds
            return is_due

    def took(self, seconds: float) -> None:
        wait = max(self.least_seconds, seconds / self.share_of_time)
        self._due_at = monotonic() + wait


pace = Pace()


class LookForFiles(ModelAdmin):
    """A button, and a look of its own when the list is opened."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.look_view))
        return [
            path("look/", view, name="reports_report_look"),
            *super().get_urls(),
        ]

    def look_view(self, request: HttpRequest) -> HttpResponse:
        """POST: look now and say what was found."""
        self.require(request, "reports.add_report")
        with report_errors(request):
            messages.success(request, found_text(look()))
        return HttpResponseRedirect(reverse("admin:reports_report_changelist"))

    def look_on_the_side(self, request: HttpRequest) -> None:
        """Look if it is time; an unreachable store is said, the list is shown."""
        is_opened = request.headers.get("X-Requested-With") != LIVE_HEADER
        may_add = request.user.has_perm("reports.add_report")
        if request.method != "GET" or not is_opened or not may_add:
            return
        if pace.take_turn():
            with report_errors(request):
                look()


def look() -> int:
    """Add what is new in the store; returns how many files that were."""
    started = monotonic()
    try:
        return find_files()
    finally:
        start_automatic_imports()
        pace.took(monotonic() - started)


def found_text(count: int) -> str:
    if not count:
        return "There are no new files in the report store."
    files = "file was" if count == 1 else "files were"
    return f"{thousands(count)} new {files} found."
