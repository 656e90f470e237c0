"""Upload a report: the file, its date, and whose it is."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from catalog.models import ContentOwner
from reports.admin.columns import page_of
from reports.kinds import kind_of_name
from reports.services.dating import PACIFIC, start_of_day
from reports.services.identify import date_of_name
from reports.services.sources import receive_upload
from ytmanager.admin import ModelAdmin, actor_of, report_errors

CONTROL = {"class": "ytm-text"}
DAY = {**CONTROL, "type": "date"}
ACCEPTED = ".csv,.tsv,.txt,.gz,.zip"


def today() -> date:
    """The day in California, where YouTube's days begin."""
    return datetime.now(PACIFIC).date()


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(DAY, format="%Y-%m-%d"), **options)


class UploadForm(forms.Form):
    """What is asked is what the file name does not tell."""

    file = forms.FileField(
        label="Report file",
        max_length=200,
        help_text="A video, asset, asset conflict, claim or Shorts report of Content "
        "Manager: CSV, as it is or packed as .gz or .zip.",
        widget=forms.ClearableFileInput({**CONTROL, "accept": ACCEPTED}),
    )
    as_of = day_field(
        label="Data date (as of)",
        required=False,
        help_text="The day the facts in this file were true: the day on which YouTube "
        "made the report. Older facts never replace newer ones, so please be exact. "
        "Not needed when the file name has the date.",
    )
    content_owner = forms.ModelChoiceField(
        ContentOwner.objects.none(),
        required=False,
        empty_label="By the file name",
        help_text="Not needed when the file name tells it, as in "
        "video_report_Aurora_V_v1-4.csv.",
        widget=forms.Select(CONTROL),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = ContentOwner.objects.visible_to(request.user)
        choice: Any = self.fields["content_owner"]
        choice.queryset = owners
        self.owner_count = owners.count()
        if self.owner_count < 2:
            del self.fields["content_owner"]

    @property
    def name(self) -> str:
        file = self.cleaned_data.get("file")
        return (file.name if file else "") or ""

    def clean_as_of(self) -> date | None:
        day: date | None = self.cleaned_data["as_of"]
        if day is None and self.name and date_of_name(self.name) is None:
            raise forms.ValidationError(
                "The file name does not tell the date. Enter the day on which "
                "YouTube made this report."
            )
        if day and day > today():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def clean_content_owner(self) -> ContentOwner | None:
        owner: ContentOwner | None = self.cleaned_data["content_owner"]
        match = kind_of_name(self.name)
        if owner is None and self.name and not (match and match.owner):
            raise forms.ValidationError(
                "The file name does not tell the content owner. Choose one."
            )
        return owner


class UploadPage(ModelAdmin):
    """The page behind "Upload a report"."""

    show_add_link = False  # the list has a button that says what it does

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take the file, then show its page."""
        self.require(request, "reports.add_report")
        form = UploadForm(request, request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            with report_errors(request):
                return self.receive(request, form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "title": "Upload a report",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "reports/upload.html", context)

    def receive(self, request: HttpRequest, chosen: dict[str, Any]) -> HttpResponse:
        """Stream the file into the store; raises S3ProcessingError."""
        day = chosen["as_of"]
        report = receive_upload(
            file=chosen["file"],
            actor=actor_of(request),
            as_of=start_of_day(day) if day else None,
            content_owner=chosen.get("content_owner"),
        )
        messages.success(request, f"{report.name} is here. It can be imported now.")
        return HttpResponseRedirect(page_of(report))
