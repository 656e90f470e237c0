"""Configuration of the reports app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Report files into the catalogue."""

    name = "reports"
    verbose_name = "Reports"
