"""One action that takes the sample data out again, after a look at what goes."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from ytmanager.admin.base import actor_of, report_errors
from ytmanager.sample import find_sample, remove_sample

PERMISSION = "catalog.delete_contentowner"


def remove_sample_view(request: HttpRequest) -> HttpResponse:
    """GET says what would go; POST removes it."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method == "POST":
        return _remove(request)
    sample = find_sample()
    if sample is None:
        raise Http404
    context = {
        **admin.site.each_context(request),
        "title": "Remove the sample data",
        "sample": sample,
    }
    return TemplateResponse(request, "ytmanager/remove_sample.html", context)


def _remove(request: HttpRequest) -> HttpResponse:
    with report_errors(request):
        sample = remove_sample(actor=actor_of(request))
        messages.success(request, f"The sample data of {sample.owner} are removed.")
    return HttpResponseRedirect(reverse("admin:index"))
