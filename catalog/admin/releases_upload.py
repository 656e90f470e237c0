"""Upload the distributor's list of releases."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.models import ContentOwner, ReleaseList
from catalog.releases.uploads import receive_list
from ytmanager.admin import ModelAdmin, actor_of, report_errors

CONTROL = {"class": "ytm-text"}
ACCEPTED = ".csv,.tsv,.txt,.xlsx"
ADD = "catalog.add_releaselist"


def page_of(release_list: ReleaseList) -> str:
    return reverse("admin:catalog_releaselist_change", args=[release_list.pk])


def columns_of(release_list: ReleaseList) -> str:
    return reverse("admin:catalog_releaselist_columns", args=[release_list.pk])


class ReleaseListForm(forms.Form):
    """The file, and whose releases they are."""

    file = forms.FileField(
        label="List of releases",
        max_length=200,
        help_text="From your distribution system: CSV or Excel (.xlsx), one recording "
        "in a row, with ISRC, UPC, artist, title, album, label, genre and duration as "
        "far as they are known.",
        widget=forms.ClearableFileInput({**CONTROL, "accept": ACCEPTED}),
    )
    content_owner = forms.ModelChoiceField(
        ContentOwner.objects.none(),
        label="Content owner",
        help_text="The releases are matched to the videos of its channels.",
        empty_label=None,
        widget=forms.Select(CONTROL),
    )

    def __init__(self, user: Any, *args: Any) -> None:
        super().__init__(*args)
        owners: Any = self.fields["content_owner"]
        owners.queryset = ContentOwner.objects.visible_to(user)


class ReleaseListUpload(ModelAdmin):
    """The page behind "Load a list of releases"."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Take the file, then ask what its columns are."""
        self.require(request, ADD)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ReleaseListForm(request.user, *sent)
        if request.method == "POST" and form.is_valid():
            with report_errors(request):
                made = receive_list(
                    file=form.cleaned_data["file"],
                    content_owner=form.cleaned_data["content_owner"],
                    actor=actor_of(request),
                )
                messages.success(request, f"{made.name} is here. Check its columns.")
                return HttpResponseRedirect(columns_of(made))
        context = {
            **self.admin_site.each_context(request),
            "title": "Load a list of releases",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "catalog/releases/upload.html", context)
