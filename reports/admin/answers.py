"""The questions of an import, each with the form that answers it."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from catalog.models import ContentOwner
from reports.admin.upload import CONTROL, day_field, today
from reports.models import Report
from reports.reading.table import ENCODINGS
from reports.services import shrinkage
from reports.services.answers import MAX_NAME
from reports.services.owners import NEW, TOPIC

YES = "yes"


class AnswerForm(forms.Form):
    """One field named `answer`; `value` is what the service takes."""

    button = "Answer and import"
    confirm = ""

    def clean_answer(self) -> Any:
        return self.cleaned_data["answer"]

    @property
    def value(self) -> Any:
        return self.cleaned_data["answer"]


class EncodingForm(AnswerForm):
    """The text is not UTF-8."""

    answer = forms.ChoiceField(
        label="Encoding",
        choices=[(name, text) for name, text in ENCODINGS.items() if name != "utf-8"],
        help_text="If you do not know: Western European for a file that Excel saved "
        "in Europe or America. Letters that look wrong afterwards mean that another "
        "one is right.",
        widget=forms.Select(CONTROL),
    )


class DataDateForm(AnswerForm):
    """Nothing tells when the facts were true."""

    answer = day_field(
        label="Data date (as of)",
        help_text="The day the facts in this file were true: the day on which YouTube "
        "made the report.",
    )

    def clean_answer(self) -> date | None:
        day: date | None = self.cleaned_data["answer"]
        if day and day > today():
            raise forms.ValidationError("This day has not come yet.")
        return day


class FallingCountsForm(DataDateForm):
    """Either another date, or the word of a person that the date is right."""

    button = "Use this date and import"
    confirm = "The date is right: import anyway"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_confirmed = self.data.get("confirm") == YES
        self.fields["answer"].required = not self.is_confirmed

    @property
    def value(self) -> Any:
        return True if self.is_confirmed else self.cleaned_data["answer"]


class ContentOwnerForm(AnswerForm):
    """Nothing tells whose report it is, or what it is about says otherwise."""

    answer = forms.ModelChoiceField(
        ContentOwner.objects.none(),
        label="Content owner",
        required=False,
        empty_label="A new one, named below",
        widget=forms.Select(CONTROL),
    )
    new_name = forms.CharField(
        label="Or a new one, named",
        max_length=MAX_NAME,
        required=False,
        help_text="As it stands in the names of its report files. It is created when "
        "the import succeeds.",
        widget=forms.TextInput(CONTROL),
    )

    def about(self, report: Report, request: HttpRequest) -> None:
        """Offer the known owners, the report's own first, and the file's name."""
        choice: Any = self.fields["answer"]
        choice.queryset = ContentOwner.objects.visible_to(request.user)
        choice.initial = report.content_owner_id
        self.fields["new_name"].initial = (report.question or {}).get("new", "")

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two; a name that was offered yields to a choice."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        known, name = found.get("answer"), found.get("new_name")
        was_typed = name and name != self.fields["new_name"].initial
        if not known and not name and not self.errors:
            self.add_error("answer", "Choose a content owner, or name a new one.")
        if known and was_typed:
            self.add_error("answer", "Either choose one or name a new one, not both.")
        return found

    @property
    def value(self) -> Any:
        known = self.cleaned_data["answer"]
        return known.name if known else f"{NEW} {self.cleaned_data['new_name']}"


class ShrinkageForm(AnswerForm):
    """Much of what was listed before is not in the file."""

    answer = forms.ChoiceField(
        label="What is this file?",
        choices=list(shrinkage.ANSWERS.items()),
        help_text="Nothing is deleted either way. What is gone is marked as no longer "
        "listed, and a later report that lists it again takes the mark away.",
        widget=forms.Select(CONTROL),
    )


FORMS: dict[str, type[AnswerForm]] = {
    "encoding": EncodingForm,
    "data_date": DataDateForm,
    TOPIC: ContentOwnerForm,
    "falling_counts": FallingCountsForm,
    shrinkage.TOPIC: ShrinkageForm,
}


def answer_form(request: HttpRequest, report: Report) -> AnswerForm | None:
    """The form for the question of a report; None when it asks nothing."""
    if report.state != Report.State.NEEDS_ANSWER or not report.question:
        return None
    form = FORMS[report.question["topic"]](request.POST or None)
    if isinstance(form, ContentOwnerForm):
        form.about(report, request)
    return form
