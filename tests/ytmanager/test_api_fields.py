"""Fields of the API and parameters of lists take nothing for what it is not."""

import re
import sys

import pytest
from django.core.exceptions import ValidationError as FormError
from rest_framework.exceptions import ValidationError

from ytmanager.api_fields import NOT_BLANK, DayField, TextField
from ytmanager.filters import (
    DayFilter,
    DigitsField,
    FlagFilter,
    WordFilter,
    parameter_schema,
    words,
)

pytestmark = pytest.mark.unit


def test_pattern_of_texts_knows_every_blank_that_is_trimmed():
    letters = [chr(code) for code in range(sys.maxunicode + 1)]
    pattern = re.compile(NOT_BLANK)

    differing = [
        one for one in letters if bool(one.strip()) != bool(pattern.match(one))
    ]

    assert differing == []


def test_text_is_too_long_by_what_was_sent():
    with pytest.raises(ValidationError):
        TextField(max_length=3).run_validation("abc ")


@pytest.mark.parametrize("written", ["20250331", "2025-W14-1", " 2025-03-31", 20250331])
def test_day_is_written_in_one_way_only(written):
    with pytest.raises(ValidationError):
        DayField().run_validation(written)


@pytest.mark.parametrize("written", ["2025-3-1", " 2025-03-31", "٢٠٢٥-03-31", "\xa0"])
def test_day_of_a_filter_is_written_in_one_way_only(written):
    with pytest.raises(FormError):
        DayFilter().field.clean(written)


@pytest.mark.parametrize("written", ["1_000", " 7", "7.0", "٧"])
def test_number_of_a_filter_is_digits_alone(written):
    with pytest.raises(FormError):
        DigitsField().clean(written)


@pytest.mark.parametrize("found", [FlagFilter(), WordFilter(choices=words("yes"))])
def test_blank_of_another_alphabet_is_no_word(found):
    with pytest.raises(FormError):
        found.field.clean("\xa0")


@pytest.mark.parametrize("written", ["not_monetizing", "Not Monetizing"])
def test_schema_of_words_allows_what_the_filter_takes(written):
    found = WordFilter(choices=words("not_monetizing"))

    _, spelled = parameter_schema(found)["anyOf"]

    assert re.search(spelled["pattern"], written)
    assert found.field.clean(written) == "not_monetizing"
