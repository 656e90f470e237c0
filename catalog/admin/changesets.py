"""The list of change sets: what people wanted, and what came of it."""

from datetime import datetime

from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RelatedDropdownFilter

from catalog.admin import columns
from catalog.admin.bulk_edit import BulkEditPages
from catalog.admin.filters import DateRangeFilter, field_filter, having
from catalog.models import ChangeSet
from ytmanager.admin import ReadOnlyAdminMixin, SearchedRowsMixin
from ytmanager.templatetags.figures import thousands

KIND = field_filter(
    "kind", "Kind", tuple((v, n, having(kind=v)) for v, n in ChangeSet.Kind.choices)
)
STATE = field_filter(
    "state", "State", tuple((v, n, having(state=v)) for v, n in ChangeSet.State.choices)
)


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnlyAdminMixin, SearchedRowsMixin, BulkEditPages):
    """Every edit by people, from one form to a hundred thousand videos."""

    list_display = (
        "title",
        "who",
        "reason",
        "state_name",
        "planned",
        "applied",
        "skipped",
        "begun",
    )
    list_display_links = ("title",)
    list_select_related = ("actor", "applied_by")
    list_filter = (
        KIND,
        STATE,
        ("actor", RelatedDropdownFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = ("reason",)
    search_help_text = "Reason, person, video ID or number"

    class Media:
        css = {"all": ("ytmanager/changesets.css",)}
        js = ("ytmanager/changesets.js",)

    @admin.display(description="Change set", ordering="pk")
    def title(self, change_set: ChangeSet) -> str:
        return f"{change_set.get_kind_display()} {change_set.pk}"

    @admin.display(description="State", ordering="state")
    def state_name(self, change_set: ChangeSet) -> SafeString:
        return columns.badge(change_set.get_state_display(), self.tone_of(change_set))

    @admin.display(description="Who", ordering="actor__username")
    def who(self, change_set: ChangeSet) -> str:
        return str(change_set.actor) if change_set.actor else "system"

    @admin.display(description="Begun", ordering="created_at")
    def begun(self, change_set: ChangeSet) -> datetime:
        return change_set.created_at

    @admin.display(description="Planned", ordering="expected_count")
    def planned(self, change_set: ChangeSet) -> str:
        return thousands(change_set.expected_count)

    @admin.display(description="Applied", ordering="applied_count")
    def applied(self, change_set: ChangeSet) -> str:
        return thousands(change_set.applied_count)

    @admin.display(description="Skipped", ordering="skipped_count")
    def skipped(self, change_set: ChangeSet) -> str:
        return thousands(change_set.skipped_count)
