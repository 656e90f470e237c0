"""The project package as an app: it owns the event log."""

from django.apps import AppConfig


class YTManagerConfig(AppConfig):
    """Shared parts of every app."""

    name = "ytmanager"
    verbose_name = "YT Manager"
