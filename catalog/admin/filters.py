"""Filters of the video lists: each option is a condition of the QuerySet."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from unfold.contrib.filters.forms import DropdownForm

from catalog.admin.people import people
from catalog.choices import CATEGORY_CHOICES, Policy, PrivacyStatus
from catalog.models import Channel, Conflict, ShortsVerdict
from catalog.querysets import VideoQuerySet

if TYPE_CHECKING:
    from django.contrib.admin import FieldListFilter as RangeDateFilter
    from django.contrib.admin import SimpleListFilter as DropdownFilter
else:
    from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

Condition = Callable[[Any], Any]
Option = tuple[str, str, Condition]


class OptionsFilter(DropdownFilter):
    """A choice of named conditions; without a choice `otherwise` applies."""

    options: tuple[Option, ...] = ()
    all_label = "All"
    # Said where nothing is left of what the list shows without a choice.
    nothing_left = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, label, _ in self.options]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        conditions = {value: condition for value, _, condition in self.options}
        condition = conditions.get(self.value() or "", self.otherwise)
        chosen: QuerySet[Any] = condition(queryset)
        return chosen

    def otherwise(self, rows: Any) -> Any:
        return rows

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The form that the theme draws, labelled with our title."""
        choices = [("", self.all_label), *self.lookup_choices]
        data = {self.parameter_name: self.value()}
        yield {
            "form": DropdownForm(
                label=self.title,
                name=self.parameter_name,
                choices=choices,
                data=data,
            )
        }


def field_filter(
    name: str, field_title: str, options: tuple[Option, ...], nothing: str = "All"
) -> type[OptionsFilter]:
    """A filter class from its parameter name, title and options."""
    return type(
        f"{name.title().replace('_', '')}Filter",
        (OptionsFilter,),
        {
            "title": field_title,
            "parameter_name": name,
            "options": options,
            "all_label": nothing,
        },
    )


def having(**lookups: Any) -> Condition:
    return lambda rows: rows.filter(**lookups)


def yes_no(field: str, yes: str = "Yes", no: str = "No") -> tuple[Option, ...]:
    """Options over a flag; unknown is its own answer and neither of them."""
    return (
        ("yes", yes, having(**{field: True})),
        ("no", no, having(**{field: False})),
    )


PRIVACY = field_filter(
    "privacy",
    "Privacy",
    tuple((v, label, having(privacy_status=v)) for v, label in PrivacyStatus.choices),
)
CATEGORY = field_filter(
    "category",
    "Category",
    tuple((v, label, having(category_id=v)) for v, label in CATEGORY_CHOICES),
)
LENGTH = field_filter(
    "length",
    "Length",
    (
        ("short", "Under 4 minutes", VideoQuerySet.length_short),
        ("medium", "4 to 20 minutes", VideoQuerySet.length_medium),
        ("long", "20 minutes and more", VideoQuerySet.length_long),
    ),
)
HAS_ASSET = field_filter(
    "asset",
    "Asset",
    (
        ("yes", "Has an asset", having(primary_asset__isnull=False)),
        ("no", "Has no asset", having(primary_asset__isnull=True)),
        ("several", "Several candidates", having(has_several_assets=True)),
    ),
)
POLICY = field_filter(
    "policy",
    "Policy",
    (
        *((v, label, having(policy=v)) for v, label in Policy.choices),
        ("none", "No policy", having(policy="")),
        (
            "not_monetize",
            "Not monetizing",
            lambda rows: rows.exclude(policy="monetize"),
        ),
    ),
)
CLAIMED_BY_OTHERS = field_filter(
    "claimed_by_others",
    "Claimed by another owner",
    yes_no("claimed_by_another_owner"),
)
SHORT = field_filter(
    "short",
    "Short",
    tuple(
        (v, label, having(short__verdict=v))
        for v, label in ShortsVerdict.Verdict.choices
    ),
)
LIVE_STREAM = field_filter("live", "Live stream", yes_no("is_live_stream"))
ADMINISTERED = field_filter("administered", "Administered", yes_no("is_administered"))


class AssigneeFilter(OptionsFilter):
    """Mine, nobody's, or those of one person."""

    title, parameter_name = "Assigned to", "assignee"

    def __init__(
        self, request: HttpRequest, params: Any, model: Any, model_admin: Any
    ) -> None:
        """The options differ from person to person."""
        self.options = (
            ("me", "Me", lambda videos: videos.assigned_to(request.user)),
            ("nobody", "Nobody", VideoQuerySet.assigned_to_nobody),
            *((str(one.pk), str(one), having(assignee=one.pk)) for one in people()),
        )
        super().__init__(request, params, model, model_admin)


MISSING = field_filter(
    "missing",
    "Missing",
    (
        ("isrc", "No ISRC", lambda rows: rows.missing("isrc")),
        ("upc", "No UPC", lambda rows: rows.missing("upc")),
        ("artist", "No artist", lambda rows: rows.missing("artist")),
        ("label", "No label", lambda rows: rows.missing("label")),
    ),
)
UNPUSHED = field_filter(
    "unpushed",
    "Unpushed edits",
    (
        ("yes", "Has unpushed edits", VideoQuerySet.pending_push),
        ("no", "Nothing to push", VideoQuerySet.nothing_pending),
    ),
)
CONFLICT = field_filter(
    "conflict",
    "Conflicts",
    (("open", "Has an open conflict", VideoQuerySet.with_open_conflicts),),
)
ON_YOUTUBE = field_filter(
    "on_youtube",
    "On YouTube",
    (
        ("gone", "Not found on YouTube", VideoQuerySet.gone_from_youtube),
        ("missing", "No longer listed", VideoQuerySet.no_longer_listed),
    ),
)


class HiddenFilter(OptionsFilter):
    """Hidden videos stay out of the list until somebody asks for them."""

    title, parameter_name = "Hidden", "hidden"
    all_label = "Without hidden ones"
    nothing_left = "All videos are hidden."
    options = (
        ("yes", "Only hidden ones", VideoQuerySet.hidden),
        ("all", "With hidden ones", lambda videos: videos),
    )

    def otherwise(self, rows: VideoQuerySet) -> VideoQuerySet:
        return rows.shown()


class HiddenChannelFilter(OptionsFilter):
    """The same for channels."""

    title, parameter_name = "Hidden", "hidden"
    all_label = "Without hidden ones"
    nothing_left = "All channels are hidden."
    options = (
        ("yes", "Only hidden ones", having(is_hidden=True)),
        ("all", "With hidden ones", lambda channels: channels),
    )

    def otherwise(self, rows: Any) -> QuerySet[Channel]:
        shown: QuerySet[Channel] = rows.shown()
        return shown


MONETIZED = field_filter(
    "monetized",
    "Monetization",
    (
        *yes_no("is_monetized", "Monetized", "Not monetized"),
        ("unknown", "Unknown", having(is_monetized=None)),
    ),
)


class ConflictStateFilter(OptionsFilter):
    """Open conflicts are the ones with work in them."""

    title, parameter_name = "State", "state"
    all_label = "Open"
    nothing_left = "All conflicts are decided."
    options = (
        ("all", "All", lambda conflicts: conflicts),
        *((v, label, having(state=v)) for v, label in Conflict.State.choices[1:]),
    )

    def otherwise(self, rows: Any) -> QuerySet[Conflict]:
        still_open: QuerySet[Conflict] = rows.open()
        return still_open


class DateRangeFilter(RangeDateFilter):
    """From and to a day (UTC), both days included."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last = self.day("from"), self.day("to")
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": first})
        if last:
            after = last + timedelta(days=1)
            queryset = queryset.filter(**{f"{self.field_path}__lt": after})
        return queryset

    def day(self, side: str) -> datetime | None:
        """The start of the entered day; None for none or nonsense."""
        entered = str(self.used_parameters.get(f"{self.field_path}_{side}") or "")
        try:
            day = parse_date(entered)
        except ValueError:
            return None
        return datetime.combine(day, time.min, UTC) if day else None
