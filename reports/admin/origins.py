"""Lead from a change in the history to the report that brought it."""

from collections.abc import Collection

from django.urls import reverse

from catalog.origins import OriginLink, origin_finder
from reports.models import Report


@origin_finder
def reports_of(observation_keys: Collection[int]) -> dict[int, OriginLink]:
    """The report of each observation that a report brought."""
    rows = Report.objects.filter(observation__in=observation_keys)
    return {
        observation: OriginLink(name, reverse("admin:reports_report_change", args=[pk]))
        for pk, observation, name in rows.values_list("pk", "observation", "name")
    }
