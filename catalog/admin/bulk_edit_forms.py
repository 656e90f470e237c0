"""The form of a bulk edit: one small form for each step, made from its operation."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from catalog import fields
from catalog.admin.people import people
from catalog.bulk.operations import OPERATIONS
from catalog.bulk.sources import is_source
from catalog.bulk.sources import parts_of as parts_of_template
from catalog.bulk.steps import Input, Kind, Operation
from catalog.fields import Field, Shape, UnmappableValueError
from catalog.models import Video

MAX_STEPS = 20
YES_NO = (("true", "Yes"), ("false", "No"))
GROUPS = (
    ("Video", fields.VIDEO_PART),
    ("Music metadata", fields.ASSET_PART),
    ("Office", tuple(n for n, f in fields.EDITABLE.items() if not f.is_pushable)),
)
FIELD_CHOICES = [
    (title, [(name, fields.EDITABLE[name].label) for name in names])
    for title, names in GROUPS
]
FIRST = {"field": "title", "operation": "replace"}
# Operations that make a new value, which may be wanted only where none is.
MAKING = {"set", "assign", "template", "copy", "add_items"}


def operations_of(field: Field) -> list[tuple[str, str]]:
    return [(o.name, o.label) for o in OPERATIONS.values() if o.fits(field)]


class StepForm(forms.Form):
    """One step: a field, what to do with it, and the inputs of that."""

    field = forms.ChoiceField(
        choices=FIELD_CHOICES,
        widget=UnfoldAdminSelectWidget(attrs={"data-reload": ""}),
    )
    operation = forms.ChoiceField(
        label="What to do",
        widget=UnfoldAdminSelectWidget(attrs={"data-reload": ""}),
    )

    def __init__(self, number: int, step: Mapping[str, Any], **kwargs: Any) -> None:
        """`step` is what is stored, or what the person sent, of this step."""
        self.number = number
        self.edited = fields.EDITABLE[step["field"]]
        self.chosen = fitting(self.edited, str(step.get("operation", "")))
        initial = {**step, "operation": self.chosen.name}
        super().__init__(prefix=f"step-{number}", initial=initial, **kwargs)
        choice: Any = self.fields["operation"]
        choice.choices = operations_of(self.edited)
        for given in self.chosen.inputs:
            self.fields[given.name] = made_field(given, self.edited)
        if self.chosen.name in MAKING:
            self.fields["only_empty"] = forms.BooleanField(
                label="Only where the field is empty",
                required=False,
                widget=UnfoldBooleanWidget,
            )

    def clean(self) -> dict[str, Any]:
        """Values in normal form; every finding stands at its input."""
        cleaned = super().clean() or self.cleaned_data
        for name, check in _CHECKS.items():
            if name in cleaned and name in self.fields:
                self._check(name, check)
        return cleaned

    def _check(self, name: str, check: Any) -> None:
        try:
            self.cleaned_data[name] = check(self.cleaned_data[name], self.edited)
        except forms.ValidationError as error:
            self.add_error(name, error)

    def is_blank(self) -> bool:
        """Whether a person has filled in nothing of what the step needs."""
        given = [self[one.name].value() for one in self.chosen.inputs]
        return bool(given) and not any(given)

    def step(self) -> dict[str, Any]:
        """What is stored of a valid step."""
        return {name: self.cleaned_data[name] for name in self.fields}


def fitting(field: Field, name: str) -> Operation:
    """The named operation if it fits the field, else the first that does."""
    named = OPERATIONS.get(name)
    if named is not None and named.fits(field):
        return named
    return next(one for one in OPERATIONS.values() if one.fits(field))


def composed(text: str) -> str:
    """As values are stored, so that it is found in them; blanks stay."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


class PieceField(forms.CharField):
    """A piece of a text: blanks at the ends are often what it is about, " (Live)"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return composed(super().to_python(value) or "")


class ItemsField(forms.CharField):
    """Items of a list, one on each line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return fields.text_list(str(value or "").splitlines())


def lines_widget() -> UnfoldAdminTextareaWidget:
    return UnfoldAdminTextareaWidget(attrs={"rows": 3})


def made_field(given: Input, edited: Field) -> forms.Field:
    """The form field of one input."""
    if given.kind is Kind.VALUE:
        return _value_field(given, edited)
    options: dict[str, Any] = {
        "label": given.label,
        "required": given.is_required,
        "help_text": given.help,
    }
    if given.kind is Kind.LINES:
        if edited.name == "pinned_fields":
            return _pins_field(**options | {"help_text": ""})
        return ItemsField(widget=lines_widget(), **options)
    if given.kind is Kind.FLAG:
        return forms.BooleanField(
            **options | {"required": False}, widget=UnfoldBooleanWidget
        )
    if given.kind is Kind.CHOICE:
        return forms.ChoiceField(
            choices=given.choices, widget=UnfoldAdminSelectWidget, **options
        )
    if given.kind is Kind.CHOICES:
        return forms.MultipleChoiceField(
            choices=given.choices, widget=forms.CheckboxSelectMultiple, **options
        )
    return PieceField(widget=widget_for(edited), **options)


def widget_for(edited: Field) -> forms.Widget:
    """Several lines where the field has them."""
    has_lines = edited.name in {"description", "notes"}
    widget: forms.Widget = lines_widget() if has_lines else UnfoldAdminTextInputWidget()
    return widget


def _pins_field(**options: Any) -> forms.Field:
    labels = [(name, field.label) for name, field in fields.PUSHABLE.items()]
    return forms.MultipleChoiceField(
        choices=labels, widget=forms.CheckboxSelectMultiple, **options
    )


def _value_field(given: Input, edited: Field) -> forms.Field:
    options: dict[str, Any] = {"label": given.label, "required": True}
    column: Any = Video._meta.get_field(edited.name)
    choices = column.choices
    if edited.shape is Shape.FLAG:
        choices = YES_NO
    if edited.shape is Shape.PERSON:
        choices = [(name, name) for name in people().values_list("username", flat=True)]
    if edited.name == "pinned_fields":
        return _pins_field(**options)
    if choices:
        return forms.ChoiceField(
            choices=list(choices), widget=UnfoldAdminSelectWidget, **options
        )
    if edited.shape is Shape.LIST:
        help_text = "One on each line."
        return ItemsField(help_text=help_text, widget=lines_widget(), **options)
    return forms.CharField(widget=widget_for(edited), **options)


def _check_value(value: Any, edited: Field) -> Any:
    """A value for every video must be valid as it stands."""
    if edited.shape is Shape.FLAG:
        value = {"true": True, "false": False}.get(str(value).lower())
    try:
        clean = edited.normalise(value)
    except UnmappableValueError as exc:
        raise forms.ValidationError(f"Expected {exc}.") from exc
    if found := edited.check(clean):
        raise forms.ValidationError(found)
    return clean


def _check_template(template: str, edited: Field) -> str:
    unknown = [name for name in parts_of_template(template) if not is_source(name)]
    if unknown:
        known = ", ".join(sorted(n for n in fields.EDITABLE if is_source(n)))
        raise forms.ValidationError(
            f"{{{unknown[0]}}} is not a field. Fields are {known}, video_id, "
            "channel.name, channel.partner_custom_id and channel.partner_name."
        )
    if re.sub(r"\{[^{}]*\}", "", template).count("{"):
        raise forms.ValidationError("A brace is open that is never closed.")
    return template


_CHECKS = {"value": _check_value, "template": _check_template}


def step_forms(steps: Sequence[Mapping[str, Any]]) -> list[StepForm]:
    """Unbound forms of stored steps."""
    return [StepForm(number, step) for number, step in enumerate(steps)]


def sent_forms(data: Any, count: int) -> list[StepForm]:
    """Bound forms of what a person sent; fields that do not exist are titles."""
    return [
        StepForm(number, _choice_of(data, number), data=data)
        for number in range(min(count, MAX_STEPS))
    ]


def _choice_of(data: Any, number: int) -> dict[str, str]:
    name = data.get(f"step-{number}-field", "")
    return {
        "field": name if name in fields.EDITABLE else FIRST["field"],
        "operation": data.get(f"step-{number}-operation", ""),
    }
