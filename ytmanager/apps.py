"""The project package as an app: it owns the event log and the checks."""

from django.apps import AppConfig


class YTManagerConfig(AppConfig):
    """Shared parts of every app."""

    name = "ytmanager"
    verbose_name = "YT Manager"

    def ready(self) -> None:
        """Register the checks and follow changes of people's rights."""
        # Only now are the models loaded that these modules need.
        from ytmanager import checks as checks
        from ytmanager.audit import watch_sign_ins
        from ytmanager.realtime.access import watch_rights

        watch_rights()
        watch_sign_ins()
