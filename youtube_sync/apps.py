"""Configuration of the youtube_sync app."""

from importlib import import_module

from django.apps import AppConfig

# Modules that register what makes plans and who hears what, wherever they run.
PLANNERS = ("youtube_sync.services.undo", "youtube_sync.live_subjects")


class YouTubeSyncConfig(AppConfig):
    """YouTube sync."""

    name = "youtube_sync"
    verbose_name = "YouTube sync"

    def ready(self) -> None:
        for name in PLANNERS:
            import_module(name)
