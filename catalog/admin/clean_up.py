"""The page of the clean-up of custom IDs, behind a button of the channels."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from catalog import tasks
from catalog.querysets import is_scoped
from catalog.services.custom_ids import (
    Cause,
    clean_ups,
    kept_outlook,
    start_clean_up,
)
from ytmanager.admin import ModelAdmin, actor_of, report_errors

PERMISSION = "catalog.bulk_edit_video"
SHOWN = 10  # earlier clean-ups


class CleanUpPage(ModelAdmin):
    """GET counts what could be cleaned; POST plans it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.clean_up_view)
        name = "catalog_channel_clean_custom_ids"
        return [path("clean-custom-ids/", view, name=name), *super().get_urls()]

    def clean_up_view(self, request: HttpRequest) -> HttpResponse:
        self.require(request, PERMISSION)
        if is_scoped(request.user):  # it is about the whole catalogue
            raise Http404
        if request.method == "POST":
            return self._plan(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Clean up custom IDs",
            "outlook": kept_outlook(),
            "clean_ups": clean_ups().select_related("actor")[:SHOWN],
        }
        return TemplateResponse(request, "catalog/clean_custom_ids.html", context)

    def _plan(self, request: HttpRequest) -> HttpResponse:
        """Lead to the preview, or back to the page with what went wrong."""
        address = request.path
        with report_errors(request), transaction.atomic():
            change_set = start_clean_up(
                cause=Cause.PERSON,
                actor=actor_of(request),
                with_label="with_label" in request.POST,
            )
            assert change_set is not None, "a person always gets a plan"
            tasks.enqueue(change_set)
            address = reverse("admin:catalog_changeset_change", args=[change_set.pk])
        return HttpResponseRedirect(address)
