"""The page behind "Export" of the channels: which kind of file."""

from typing import Any, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from catalog.admin.spreadsheet_export import FormatForm
from catalog.models import Channel
from catalog.querysets import ChannelQuerySet
from catalog.spreadsheets.export import FORMATS, export_channels
from ytmanager.admin import ModelAdmin, actor_of
from ytmanager.downloads import file_download

VIEW = "catalog.view_channel"
ADVICE = (
    "Partner custom ID, office name and hidden can be edited in the sheet; an import "
    "finds the channels by their IDs."
)


class ChannelExport(ModelAdmin):
    """Export the channels that the list shows."""

    def get_urls(self) -> list[URLPattern]:
        wrapped: Any = self.admin_site.admin_view(self.export_view)
        page: URLPattern = path("export/", wrapped, name="catalog_channel_export")
        return [page, *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """GET asks for the format, POST answers with the file."""
        self.require(request, VIEW)
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:catalog_channel_changelist"))
        form = FormatForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self.ask_for_format(request, form, listed.result_count)
        keys = listed.queryset.order_by().values("pk")
        channels: ChannelQuerySet = Channel.objects.filter(pk__in=keys)
        kind = FORMATS[form.cleaned_data["file_format"]]
        chunks = export_channels(
            channels=channels, file_format=kind, actor=actor_of(request)
        )
        name = f"channels_{timezone.now():%Y%m%d_%H%M}.{kind.extension}"
        return cast(HttpResponse, file_download(name, chunks, kind.content_type))

    def ask_for_format(
        self, request: HttpRequest, form: FormatForm, count: int
    ) -> TemplateResponse:
        back = reverse("admin:catalog_channel_changelist")
        query = request.GET.urlencode()
        context = {
            **self.admin_site.each_context(request),
            "title": "Export channels",
            "opts": self.opts,
            "form": form,
            "noun": "channel",
            "advice": ADVICE,
            "count": count,
            "action": f"{reverse('admin:catalog_channel_export')}?{query}",
            "back": f"{back}?{query}" if query else back,
        }
        return TemplateResponse(
            request, "admin/catalog/spreadsheet_export.html", context
        )
