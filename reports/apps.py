"""Configuration of the reports app."""

from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Report files into the catalogue."""

    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        """Say who may hear of which report."""
        import_module("reports.live_subjects")
