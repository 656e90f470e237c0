"""Periodic jobs of the catalogue."""

import structlog
from procrastinate.contrib.django import app

from catalog.services import sort_views

logger = structlog.get_logger(__name__)


@app.periodic(cron="40 3 * * *")
@app.task(queue="quick", queueing_lock="refresh_sort_views")
def refresh_sort_views(timestamp: int) -> None:
    """Let lists sorted by views follow the counters once a night."""
    updated_count = sort_views.refresh_sort_views()
    logger.info("sort_views_refreshed", updated_count=updated_count)
