"""The page that finds spellings of a name and makes steps of a bulk edit of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from catalog.admin.bulk_edit_forms import MAX_STEPS
from catalog.exceptions import PlanFailedError
from catalog.models import ChangeSet
from catalog.services import bulk_edits
from catalog.services.spellings import SPELLED, SpellingGroup, find_spellings
from catalog.templatetags.catalog_values import field_label


def show_spellings(
    request: HttpRequest, change_set: ChangeSet, context: dict[str, Any]
) -> HttpResponse:
    """GET: the groups of one field of the chosen videos."""
    asked = request.GET.get("field", "")
    field = asked if asked in SPELLED else SPELLED[0]
    context |= {
        "title": "Merge spellings",
        "field": field,
        "label": field_label(field),
        "choices": [(name, field_label(name)) for name in SPELLED],
        "groups": groups_of(request, change_set, field),
    }
    return TemplateResponse(request, "catalog/bulk_edit/spellings.html", context)


def groups_of(
    request: HttpRequest, change_set: ChangeSet, field: str
) -> list[SpellingGroup]:
    try:
        return find_spellings(change_set, field)
    except PlanFailedError as error:
        messages.error(request, error.message)
        return []


def add_spellings(
    request: HttpRequest, change_set: ChangeSet, form_address: str
) -> HttpResponse:
    """POST: one more step for each ticked group, kept with the draft."""
    field = request.POST.get("field", "")
    chosen = [number for number in request.POST.getlist("group") if number.isdecimal()]
    made = [
        {
            "field": field,
            "operation": "respell",
            "variants": request.POST.getlist(f"variants-{number}"),
            "chosen": request.POST.get(f"chosen-{number}", "").strip(),
        }
        for number in chosen
    ]
    steps = [*change_set.plan_source["operations"], *filter(_is_complete, made)]
    if field in SPELLED and len(steps) <= MAX_STEPS:
        bulk_edits.keep_steps(change_set, steps)
    elif steps:
        messages.error(request, f"A bulk edit has at most {MAX_STEPS} steps.")
    return HttpResponseRedirect(form_address)


def _is_complete(step: dict[str, Any]) -> bool:
    return bool(step["variants"] and step["chosen"])
