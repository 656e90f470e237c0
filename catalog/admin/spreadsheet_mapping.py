"""The form in which a person says what each column of a sheet is."""

from typing import Any

from django import forms

from catalog.models import ColumnMapping, Spreadsheet
from catalog.spreadsheets.columns import COLUMNS, KEYS, ROW_VERSION, Target, fields_of
from catalog.spreadsheets.mapping import Mapping, suggest_for

CONTROL = {"class": "ytm-text"}
LEFT_OUT = "Leave out"


def choices_of(target: Target) -> list[Any]:
    """What a column may be: an identifier, a field, or nothing."""
    columns, known = COLUMNS[target], fields_of(target)
    keys = [(n, columns[n].header) for n in KEYS[target] if n not in known]
    if target is Target.VIDEOS:
        keys.append((ROW_VERSION, columns[ROW_VERSION].header))
    return [
        ("", LEFT_OUT),
        ("Tells which row", keys),
        ("Changes", [(name, columns[name].header) for name in known]),
    ]


class MappingForm(forms.Form):
    """One choice for each column, and how cells are read."""

    key = forms.ChoiceField(label="Rows are found by", widget=forms.Select(CONTROL))
    list_separator = forms.ChoiceField(
        label="Several values in one cell are separated by",
        choices=ColumnMapping.ListSeparator.choices,
        widget=forms.Select(CONTROL),
    )
    clear_token = forms.CharField(
        label="Word that clears a value",
        max_length=40,
        help_text="A blank cell leaves the value alone; this word empties it.",
        widget=forms.TextInput(CONTROL),
    )
    save_as = forms.CharField(
        label="Save these columns as",
        required=False,
        max_length=100,
        help_text="Optional. A sheet with the same header is then read like this "
        "without asking.",
        widget=forms.TextInput(CONTROL),
    )

    def __init__(self, sheet: Spreadsheet, target: Target, *args: Any) -> None:
        super().__init__(*args)
        self.sheet, self.target = sheet, target
        keys: Any = self.fields["key"]
        keys.choices = [(key.name, key.label) for key in KEYS[target].values()]
        mapping = self.suggested()
        initial: dict[str, Any] = {
            "key": mapping.key,
            "list_separator": mapping.list_separator,
            "clear_token": mapping.clear_token,
            "save_as": sheet.mapping.name if sheet.mapping else "",
        }
        options = choices_of(target)
        known = {name for name in COLUMNS[target] if _is_choice(name, options)}
        for place, name in enumerate(mapping.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=sheet.header[place] or f"Column {place + 1}",
                choices=options,
                required=False,
                widget=forms.Select(CONTROL),
            )
            initial[f"column_{place}"] = name if name in known else ""
        self.initial = initial

    def suggested(self) -> Mapping:
        """What the sheet has now; another subject gets a suggestion of its own."""
        current = self.sheet.as_mapping
        if current.target is self.target:
            return current
        return suggest_for(self.target, self.sheet.header, self.sheet.samples)

    def mapping(self) -> Mapping:
        """The answers as a value; the form must be valid."""
        chosen = self.cleaned_data
        columns = tuple(
            chosen[f"column_{place}"] for place in range(len(self.sheet.header))
        )
        return Mapping(
            self.target,
            columns,
            chosen["key"],
            chosen["clear_token"].strip(),
            chosen["list_separator"],
        )

    def columns(self) -> list[dict[str, Any]]:
        """Each column with its choice and the first values in it."""
        return [
            {
                "field": self[f"column_{place}"],
                "header": header,
                "samples": [row[place] for row in self.sheet.samples if row[place]][:3],
            }
            for place, header in enumerate(self.sheet.header)
        ]

    def settings(self) -> list[Any]:
        return [self[name] for name in ("key", "list_separator", "clear_token")]


def _is_choice(name: str, options: list[Any]) -> bool:
    return any(name == value for _, group in options[1:] for value, _ in group)
