"""What the pages behind "Export" share: the kind of file, the frame, the answer."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from catalog.spreadsheets.export import FORMATS, Format
from ytmanager.admin import ModelAdmin
from ytmanager.downloads import file_download


class FormatForm(forms.Form):
    """The kind of file."""

    file_format = forms.ChoiceField(
        label="Format",
        choices=[(name, kind.label) for name, kind in FORMATS.items()],
        initial="xlsx",
        widget=forms.RadioSelect,
        help_text="Excel files keep the zeros at the start of a UPC; in CSV files "
        "spreadsheet programs drop them.",
    )


class ExportPage(ModelAdmin):
    """A list with a page that asks which file to make of its rows."""

    export_advice: ClassVar[str]

    def get_urls(self) -> list[URLPattern]:
        wrapped: Any = self.admin_site.admin_view(self.export_view)
        page: URLPattern = path("export/", wrapped, name=self._name("export"))
        return [page, *super().get_urls()]

    @abstractmethod
    def export_view(self, request: HttpRequest) -> HttpResponse:
        """GET asks for the file, POST answers with it."""

    def ask(
        self, request: HttpRequest, form: FormatForm, count: int, **more: Any
    ) -> TemplateResponse:
        """Show the form, with the list's filter in the address."""
        query = request.GET.urlencode()
        context = {
            **self.admin_site.each_context(request),
            "title": f"Export {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": form,
            "noun": self.opts.verbose_name,
            "advice": self.export_advice,
            "count": count,
            "action": self.with_query("export", query),
            "back": self.with_query("changelist", query),
            **more,
        }
        return TemplateResponse(
            request, "admin/catalog/spreadsheet_export.html", context
        )

    def file_of(self, chunks: Iterator[bytes], kind: Format) -> HttpResponse:
        """Answer with the file, named for what it holds and when it was made."""
        made_at = timezone.now()
        name = f"{self.opts.verbose_name_plural}_{made_at:%Y%m%d_%H%M}.{kind.extension}"
        return cast(HttpResponse, file_download(name, chunks, kind.content_type))

    def with_query(self, page: str, query: str) -> str:
        """The address of a page of this model, filtered as the list is."""
        address = reverse(f"admin:{self._name(page)}")
        return f"{address}?{query}" if query else address

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"
