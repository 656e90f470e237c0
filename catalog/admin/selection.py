"""The Videos list as a selection: what its parameters find, without a page."""

from copy import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from catalog import tasks
from catalog.changesets import plan
from catalog.changesets.selection import lister, select_filter, select_ticked
from catalog.exceptions import SelectionError
from catalog.models import ChangeSet, Video
from catalog.querysets import VideoQuerySet
from catalog.services import change_sets
from ytmanager.admin import actor_of

LISTER = "videos"


def store_selection(change_set: ChangeSet, request: HttpRequest) -> None:
    """Keep what an action of the Videos list is about: ticked rows, or the filter."""
    if request.POST.get("select_across", "0") == "1":
        select_filter(change_set, name=LISTER, query=request.GET.urlencode())
        return
    keys = request.POST.getlist("_selected_action")
    select_ticked(change_set, [int(key) for key in keys if key.isdecimal()])


def edit_listed(
    request: HttpRequest, values: dict[str, Any], *, reason: str = ""
) -> ChangeSet | None:
    """Give all chosen videos of the list the same values; None: they have them.

    Few are changed at once, many by a worker: the state tells. Raises
    InvalidEditError and RowLockedError.
    """
    with transaction.atomic():
        change_set = change_sets.start_change_set(
            kind=ChangeSet.Kind.BULK,
            actor=actor_of(request),
            reason=reason,
            plan_source={"name": "values", "values": plan.normalise(values)},
            has_preview=False,
        )
        store_selection(change_set, request)
        change_sets.request_plan(change_set)
        tasks.enqueue(change_set)
        if change_sets.drop_if_empty(change_set):
            return None
    return change_set


class WithoutPage:
    """A list that is asked for its queryset: it counts and reads no rows."""

    def get_results(self, request: HttpRequest) -> None:
        """Read no page."""


def reader_of_lists() -> Any:
    """The list's own admin, with a changelist that has filters and no page."""
    reader: Any = copy(admin.site.get_model_admin(Video))
    with_page = type(reader).get_changelist
    reader.get_changelist = lambda request: type(
        "Selection", (WithoutPage, with_page(reader, request)), {}
    )
    return reader


@lister(LISTER)
def matching_videos(query: str, actor: User) -> VideoQuerySet:
    """The videos that the list shows this person for a query string.

    Raises SelectionError for parameters that the list does not know any more.
    """
    request: Any = HttpRequest()
    request.method, request.user, request.GET = "GET", actor, QueryDict(query)
    request.path = reverse("admin:catalog_video_changelist")
    try:
        listed = reader_of_lists().get_changelist_instance(request)
    except IncorrectLookupParameters as exc:
        raise SelectionError from exc
    return Video.objects.filter(pk__in=listed.queryset.order_by().values("pk"))
