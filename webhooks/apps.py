"""Configuration of the webhooks app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks: read the log of live events, known by no other app."""

    name = "webhooks"
    verbose_name = "Webhooks"
