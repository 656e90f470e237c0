"""The admin's start page: the state of the office, each figure a link to its list.

Wiring: it may read every app. What somebody may not see is not asked for.
"""

from typing import Any

from django.http import HttpRequest

from ytmanager.dashboard import figures, guide, quota, system, work
from ytmanager.realtime.log import current_position


def add_figures(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Called by the theme for the start page."""
    return {
        **context,
        "title": "Start",
        # What happens while the rest is read arrives as an event.
        "start_position": current_position(),
        "guide": guide.guide(request.user),
        "sample_address": guide.sample_address(request.user),
        "figures": figures.figures(request.user),
        "growth": figures.growth(request.user),
        "last_reports": work.last_reports(request.user),
        "changes": work.what_changed(request.user),
        "plans": work.plans_at_work(request.user),
        "troubled_accounts": work.troubled_accounts(request.user),
        "quota": quota.quota_today(request.user),
        "system": system.parts(request.user),
        "system_address": system.address(request.user),
    }
