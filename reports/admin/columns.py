"""The columns of the list of reports; those that move follow live events."""

from typing import Any

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalog.admin.columns import lines
from reports.admin.states import badge_of, leaving
from reports.kinds import ReportKind, kind_of_name
from reports.models import Report
from reports.services.dating import PACIFIC
from reports.services.identify import date_of_name
from reports.services.progress import progress_of
from reports.wording import counted
from ytmanager.admin import ModelAdmin
from ytmanager.realtime.events import report_group
from ytmanager.templatetags.figures import thousands

NOTHING = "–"
ROWS_FIELD = mark_safe(' data-live-field="rows_read" data-live-format="number"')


def page_of(report: Report) -> str:
    return reverse("admin:reports_report_change", args=[report.pk])


def quiet(text: Any) -> SafeString:
    return format_html('<span class="ytm-quiet">{}</span>', text)


def live(report: Report, name: str, content: Any, more: SafeString | str = "") -> Any:
    """A cell that is fetched again when the report leaves its present state."""
    return format_html(
        '<span class="{}" id="report-{}-{}" data-live-group="{}" '
        'data-live-reload-on="{}"{}>{}</span>',
        "ytm-live ytm-none" if content == NOTHING else "ytm-live",
        report.pk,
        name,
        report_group(report.pk),
        leaving(report),
        more,
        content,
    )


def kind_shown(report: Report) -> str:
    """The kind that the header told; before the import what the name says."""
    if report.kind:
        return report.get_kind_display()
    match = kind_of_name(report.name)
    if match is not None and isinstance(match.kind, ReportKind):
        return f"{match.kind.label} by its name"
    return "Kind not known yet"


def data_day(report: Report) -> str | None:
    """The day in California on which the facts were true."""
    if report.as_of is not None:
        return f"{report.as_of.astimezone(PACIFIC):%Y-%m-%d}"
    named = date_of_name(report.name)
    return f"{named:%Y-%m-%d}" if named else None


def progress_shown(report: Report) -> SafeString:
    """Bar, percentage and time left of a file that is being read."""
    progress = progress_of(report)
    percent, left = progress["percent"], progress["seconds_left"]
    return format_html(
        '<progress class="ytm-progress" max="100" value="{}" aria-label="Part read" '
        'data-live-field="percent"></progress><span class="ytm-line ytm-quiet">'
        '<span data-live-field="percent" data-live-format="percent">{}&nbsp;%</span>, '
        '<span data-live-field="seconds_left" data-live-format="duration">{}</span> '
        "left</span>",
        percent or 0,
        int(percent or 0),
        duration(left),
    )


def duration(seconds: float | None) -> str:
    """Seconds as the page's script writes them: 42 s, 3 min 5 s, 2 h 10 min."""
    if seconds is None:
        return NOTHING
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def some(count: int, noun: str) -> str:
    """Such as "1 row" or "2,000 rows"; nothing for none."""
    return counted(count, noun) if count else ""


def changes_of(report: Report) -> list[str]:
    """What an import brought, in numbers; never an empty cell."""
    counts = (
        (report.videos_new, "video", "new"),
        (report.videos_changed, "video", "changed"),
        (report.assets_new, "asset", "new"),
        (report.assets_changed, "asset", "changed"),
        (report.claims_new, "claim", "new"),
        (report.claims_changed, "claim", "changed"),
        (report.ownership_new, "ownership conflict", "new"),
        (report.ownership_changed, "ownership conflict", "changed"),
        (report.assets_ended, "asset", "ended"),
        (report.claims_ended, "claim", "ended"),
        (report.ownership_ended, "ownership conflict", "ended"),
    )
    shown = [f"{counted(n, noun)} {what}" for n, noun, what in counts if n]
    return shown[:2] or ["nothing"]


class ReportColumns(ModelAdmin):
    """What a metadata editor wants to see of each file."""

    @admin.display(description="File", ordering="name")
    def file(self, report: Report) -> SafeString:
        name = format_html(
            '<a class="ytm-link" href="{}"><strong>{}</strong></a>',
            page_of(report),
            report.name,
        )
        size = filesizeformat(report.size)
        return lines(name, quiet(f"{kind_shown(report)}, {size}"))

    @admin.display(description="Data date", ordering="as_of")
    def data_date(self, report: Report) -> str | None:
        return data_day(report)

    @admin.display(description="State", ordering="state")
    def progress(self, report: Report) -> Any:
        """The state, and how far a running import is."""
        is_reading = report.state == Report.State.READING
        bar = progress_shown(report) if is_reading else ""
        return live(report, "state", lines(badge_of(report), bar))

    @admin.display(description="Rows", ordering="rows_read")
    def rows(self, report: Report) -> Any:
        shown = thousands(report.rows_read) if report.rows_read else NOTHING
        return live(report, "rows", shown, ROWS_FIELD)

    @admin.display(description="New, changed")
    def videos(self, report: Report) -> Any:
        """Videos first; a report about assets has only these."""
        address = reverse("admin:reports_report_changes", args=[report.pk])
        link = format_html('<a class="ytm-out" href="{}">What changed</a>', address)
        return self._changes(report, link)

    @admin.display(description="New, changed")
    def videos_only(self, report: Report) -> Any:
        """The same for people who may not see what changed."""
        return self._changes(report)

    def _changes(self, report: Report, *more: SafeString) -> Any:
        if report.state not in Report.IMPORTED:
            return live(report, "videos", NOTHING)
        return live(report, "videos", lines(*changes_of(report), *more))

    @admin.display(description="Conflicts", ordering="conflicts")
    def conflict_count(self, report: Report) -> Any:
        is_over = report.state in Report.IMPORTED
        shown = thousands(report.conflicts) if is_over else NOTHING
        return live(report, "conflicts", shown)

    @admin.display(description="Rejected", ordering="rows_rejected")
    def rejected(self, report: Report) -> Any:
        """Rows that were left out, and single values."""
        rows, values = report.rows_rejected, report.values_rejected
        if not report.rows_read or report.state in Report.UNFINISHED:
            return live(report, "rejected", NOTHING)
        shown = [some(rows, "row"), some(values, "value")]
        return live(report, "rejected", lines(*shown) or "0")

    @admin.display(description="Imported", ordering="finished_at")
    def imported(self, report: Report) -> Any:
        moment, is_over = report.finished_at, report.state in Report.IMPORTED
        if not moment or not is_over:
            return live(report, "imported", NOTHING)
        shown = lines(f"{moment:%Y-%m-%d}", quiet(f"{moment:%H:%M} UTC"))
        return live(report, "imported", shown)
