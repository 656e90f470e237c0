"""The query parameters of the list of reports."""

from django_filters import rest_framework as filters

from reports.models import KIND_CHOICES, Report
from reports.querysets import ReportQuerySet
from ytmanager.filters import ListFilterSet, WordFilter, words


class ReportFilterSet(ListFilterSet):
    """What `/api/reports/` can be narrowed down by."""

    search = filters.CharFilter("name", "icontains", help_text="Part of a file name.")
    state = WordFilter(choices=Report.State.choices)
    kind = WordFilter(choices=KIND_CHOICES)
    content_owner = filters.CharFilter(
        "content_owner__name", help_text="A content owner's name."
    )
    order = WordFilter(method="in_order", choices=words("asc", "desc"))

    class Meta:
        model = Report
        fields = ()

    def in_order(self, reports: ReportQuerySet, _: str, value: str) -> ReportQuerySet:
        return reports.order_by("pk" if value == "asc" else "-pk")
