"""The project package as an app: it owns the event log."""

from django.apps import AppConfig


class YTManagerConfig(AppConfig):
    """Shared parts of every app."""

    name = "ytmanager"
    verbose_name = "YT Manager"

    def ready(self) -> None:
        """Follow changes of people's rights; the models are loaded only now."""
        from ytmanager.realtime.access import watch_rights

        watch_rights()
