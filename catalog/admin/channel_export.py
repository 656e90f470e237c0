"""The page behind "Export" of the channels: which kind of file."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from catalog.admin.export_page import ExportPage, FormatForm
from catalog.models import Channel
from catalog.querysets import ChannelQuerySet
from catalog.spreadsheets.export import FORMATS, export_channels
from ytmanager.admin import actor_of

VIEW = "catalog.view_channel"


class ChannelExport(ExportPage):
    """Export the channels that the list shows."""

    export_advice = (
        "Partner custom ID, office name and hidden can be edited in the sheet; an "
        "import finds the channels by their IDs."
    )

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """GET asks for the format, POST answers with the file."""
        self.require(request, VIEW)
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:catalog_channel_changelist"))
        form = FormatForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self.ask(request, form, listed.result_count)
        keys = listed.queryset.order_by().values("pk")
        channels: ChannelQuerySet = Channel.objects.filter(pk__in=keys)
        kind = FORMATS[form.cleaned_data["file_format"]]
        chunks = export_channels(
            channels=channels, file_format=kind, actor=actor_of(request)
        )
        return self.file_of(chunks, kind)
