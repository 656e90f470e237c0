"""Configuration of the youtube_sync app."""

from django.apps import AppConfig


class YouTubeSyncConfig(AppConfig):
    """YouTube sync."""

    name = "youtube_sync"
    verbose_name = "YouTube sync"
