"""Report sources: the parts of the store in which files arrive."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from catalog.admin.columns import badge, lines
from catalog.querysets import is_scoped
from reports import tasks
from reports.admin.looking import found_text
from reports.models import ReportSource
from reports.services.places import SCHEDULE_HELP
from reports.services.schedules import is_schedule
from reports.services.sources import look_into
from ytmanager.admin import ModelAdmin, report_errors
from ytmanager.storage import StoreCheck, check_store, get_report_store
from ytmanager.templatetags.figures import thousands

PERMISSION = "reports.change_reportsource"


class ReportSourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Schedules are typed by people, so they are checked here."""

    def clean_schedule(self) -> str:
        schedule: str = " ".join(self.cleaned_data["schedule"].split())
        if schedule and not is_schedule(schedule):
            raise forms.ValidationError(SCHEDULE_HELP)
        return schedule


@admin.register(ReportSource)
class ReportSourceAdmin(ModelAdmin):
    """Which files belong to whom, before anybody opens one."""

    list_display = (
        "name",
        "place",
        "kind",
        "content_owner",
        "schedule",
        "imports_automatically",
        "last_look",
        "is_active",
    )
    list_select_related = ("content_owner",)
    list_filter = ("is_active",)
    list_filter_submit = False
    search_fields = ("name", "prefix")
    search_help_text = "Name or prefix"
    form = ReportSourceForm
    fields = (
        ("name", "is_active"),
        ("bucket", "prefix"),
        ("kind", "content_owner"),
        ("schedule", "imports_automatically"),
    )

    class Media:
        css = {"all": ("ytmanager/reports.css",)}

    @admin.display(description="Place", ordering="prefix")
    def place(self, source: ReportSource) -> SafeString:
        """Bucket and beginning of the keys."""
        bucket = source.bucket or "Report store"
        return format_html("{} <code>{}</code>", bucket, f"/{source.prefix}*")

    @admin.display(description="Last look", ordering="looked_at")
    def last_look(self, source: ReportSource) -> Any:
        """When, and how many new files; or that it went wrong."""
        if source.looked_at is None:
            return None
        moment = f"{source.looked_at:%Y-%m-%d %H:%M}"
        return lines(moment, look_badge(source))

    def get_urls(self) -> list[URLPattern]:
        views = {"check": self.check_view, "look": self.look_view}
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"reports_reportsource_{name}",
            )
            for name, view in views.items()
        ] + super().get_urls()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        source = kwargs.get("obj")
        if source is not None:
            context["source"] = source
            context["look_badge"] = look_badge(source)
            context["may_look"] = request.user.has_perm(PERMISSION)
        return super().render_change_form(request, context, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not for people who see a part: the files of a source may be anybody's."""
        may = super().has_add_permission(request)
        return may and not is_scoped(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and not is_scoped(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and not is_scoped(request.user)

    def save_model(
        self, request: HttpRequest, obj: ReportSource, form: Any, change: bool
    ) -> None:
        """A place that was just entered is tried at once; it is saved in any case."""
        super().save_model(request, obj, form, change)
        if {"bucket", "prefix"} & set(form.changed_data) or not change:
            check(request, obj)

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: list one page and read one byte."""
        self.require(request, PERMISSION)
        source = get_object_or_404(self.get_queryset(request), pk=pk)
        check(request, source)
        return back_to(source)

    def look_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: look for new files of this source now."""
        self.require(request, PERMISSION)
        source = get_object_or_404(self.get_queryset(request), pk=pk)
        with report_errors(request):
            messages.success(request, found_text(look_into(source)))
            tasks.start_automatic_imports()
        return back_to(source)


def back_to(source: ReportSource) -> HttpResponse:
    address = reverse("admin:reports_reportsource_change", args=[source.pk])
    return HttpResponseRedirect(address)


def check(request: HttpRequest, source: ReportSource) -> None:
    """Say whether files can be listed and read, and if not what to do."""
    with report_errors(request):
        found = check_store(get_report_store(source.bucket), source.prefix)
        messages.success(request, check_text(source, found))


def check_text(source: ReportSource, found: StoreCheck) -> str:
    place = f"whose keys begin with {source.prefix}" if source.prefix else "in all"
    if not found.count:
        return f"The report store can be listed. There are no files {place} yet."
    more = " or more" if found.has_more else ""
    files = "file" if found.count == 1 else "files"
    text = f"The report store answers: {thousands(found.count)}{more} {files} {place}."
    return f"{text} {found.read_key} can be read." if found.read_key else text


def look_badge(source: ReportSource) -> SafeString:
    """How the last look went, in a word or two."""
    if source.looked_at is None:
        return badge("Not yet")
    if source.look_error:
        return badge("Cannot be read", "bad")
    return badge(f"{thousands(source.found_count)} new", "good")
