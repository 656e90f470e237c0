"""What a page tells its script about live events."""

from django import template

from ytmanager.realtime.log import current_position

register = template.Library()


@register.simple_tag
def live_position() -> int:
    """Where the event log stood when the page was rendered (one query)."""
    return current_position()
