"""Configuration of the catalog app."""

from importlib import import_module

from django.apps import AppConfig

# Modules that register what makes plans and what lists find, for workers that
# serve no page.
PLANNERS = (
    "catalog.changesets.items",
    "catalog.changesets.revert",
    "catalog.changesets.shorts",
    "catalog.changesets.primary_assets",
    "catalog.releases.filling",
    "catalog.bulk.plan",
    "catalog.services.custom_ids",
    "catalog.api.selections",
    "catalog.live_subjects",
)


class CatalogConfig(AppConfig):
    """Catalogue."""

    name = "catalog"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        for name in PLANNERS:
            import_module(name)
