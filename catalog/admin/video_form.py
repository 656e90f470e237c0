"""The form of one video: what people want it to be."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.admin.refusals import RefusableForm
from catalog.admin.typing_checks import TYPING_CHECKS
from catalog.fields import EDITABLE, PUSHABLE
from catalog.models import Video

ROWS = {"description": 7, "notes": 3}
ONE_PER_LINE = "One per line, or several separated by |."


class LinesField(forms.CharField):
    """A list as lines of text; a `|` separates as well.

    An item that came with a `|` inside keeps it as long as its line is unchanged.
    """

    known: frozenset[str] = frozenset()

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
        super().__init__(required=False, widget=widget, strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        items: list[str] = []
        for line in str(value or "").splitlines():
            items += [line] if line in self.known else line.split("|")
        return [item.strip() for item in items if item.strip()]


def one_line(label: str, help_text: str = "", **attrs: Any) -> forms.CharField:
    """A text without line breaks that may be empty; limits are the service's."""
    widget = UnfoldAdminTextInputWidget(attrs=attrs)
    return forms.CharField(
        label=label, required=False, help_text=help_text, widget=widget
    )


class VideoForm(RefusableForm):
    """Collects values and leaves every rule to the service `update_video`."""

    title = one_line("Title", "Up to 100 characters, no < or >.")
    tags = LinesField(label="Tags", help_text=ONE_PER_LINE)
    publish_at = one_line(
        "Publish at",
        "UTC, as 2026-03-01T18:00:00Z. Only for private videos; empty: not scheduled.",
        placeholder="2026-03-01T18:00:00Z",
    )
    default_language = one_line("Language", "As en, pt-BR or zh-Hant.")
    default_audio_language = one_line("Audio language", "As en, pt-BR or zh-Hant.")
    artist = LinesField(label="Artist", help_text=ONE_PER_LINE)
    genre = LinesField(label="Genre", help_text=ONE_PER_LINE)
    label = one_line("Label")
    album = one_line("Album")
    upc = one_line("UPC", "12 or 13 digits of the release.", inputmode="numeric")
    isrc = one_line("ISRC", "12 characters of the recording, as USRC17607839.")
    custom_id = one_line("Custom ID")
    pinned_fields = forms.MultipleChoiceField(
        label="Pinned fields",
        required=False,
        choices=[(name, field.label) for name, field in PUSHABLE.items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Our value stays, whatever YouTube shows later.",
    )
    assignee = forms.ModelChoiceField(
        User.objects.none(),
        label="Assigned to",
        to_field_name="username",
        required=False,
        empty_label="Nobody",
        widget=UnfoldAdminSelectWidget,
    )
    reason = one_line(
        "Reason", "Optional; shown in the history.", placeholder="Why this change?"
    )

    class Meta:
        model = Video
        fields = tuple(EDITABLE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_people()
        for name, field in self.fields.items():
            if isinstance(field, LinesField):
                field.known = frozenset(self.initial.get(name) or ())
            elif name in ROWS:
                field.widget.attrs["rows"] = ROWS[name]
            field.widget.attrs.update(TYPING_CHECKS.get(name, {}))

    def _offer_people(self) -> None:
        """Everybody who may sign in, and who has it now."""
        choice: Any = self.fields.get("assignee")
        if choice is not None:  # absent for somebody who only looks
            may_have_it = Q(is_active=True) | Q(pk=self.instance.assignee_id)
            people = User.objects.filter(may_have_it)
            choice.queryset = people.order_by("username")
            self.initial["assignee"] = self.instance.assignee

    def wanted(self) -> dict[str, Any]:
        """The value of each field that the person could edit."""
        names = [name for name in self.cleaned_data if name in EDITABLE]
        values = {name: self.cleaned_data[name] for name in names}
        if "assignee" in values:
            values["assignee"] = str(values["assignee"] or "")
        return values
