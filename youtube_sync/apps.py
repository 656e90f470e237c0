"""Configuration of the youtube_sync app."""

from importlib import import_module

from django.apps import AppConfig

# Modules that register what makes plans of change sets, for workers without pages.
PLANNERS = ("youtube_sync.services.undo",)


class YouTubeSyncConfig(AppConfig):
    """YouTube sync."""

    name = "youtube_sync"
    verbose_name = "YouTube sync"

    def ready(self) -> None:
        for name in PLANNERS:
            import_module(name)
