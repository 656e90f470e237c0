"""The project package as an app: it owns the event log and the checks."""

from django.apps import AppConfig


class YTManagerConfig(AppConfig):
    """Shared parts of every app."""

    name = "ytmanager"
    verbose_name = "YT Manager"

    def ready(self) -> None:
        """Register the system checks."""
        from ytmanager import checks as checks
