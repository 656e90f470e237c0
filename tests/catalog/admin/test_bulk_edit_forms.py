"""What a person types into a step of a bulk edit, and what is kept of it."""

import pytest

from catalog.admin.bulk_edit_forms import sent_forms

pytestmark = pytest.mark.django_db


def step(**typed):
    """What is stored of a step that a browser sent."""
    (form,) = sent_forms({f"step-0-{name}": v for name, v in typed.items()}, 1)
    assert form.is_valid(), form.errors
    return form.step()


def test_lines_are_added_to_a_description():
    kept = step(field="description", operation="append", text="\r\n\r\n Two ")

    assert kept["text"] == "\n\n Two "


@pytest.mark.parametrize(
    ("field", "tag"), [("description", "textarea"), ("title", "input")]
)
def test_piece_of_a_text_has_lines_where_its_field_has(field, tag):
    (form,) = sent_forms({"step-0-field": field, "step-0-operation": "prepend"}, 1)

    assert f"<{tag} " in str(form["text"])


def test_letters_are_kept_as_titles_have_them_however_they_were_typed():
    kept = step(field="title", operation="replace", find="e\u0301 ", new="e")

    assert kept["find"] == "\u00e9 "


def test_items_are_kept_as_lists_have_them():
    kept = step(field="tags", operation="remove_items", items="\u00a0a \r\ne\u0301\n")

    assert kept["items"] == ["a", "\u00e9"]


def test_tag_that_was_typed_twice_is_kept_once():
    kept = step(field="tags", operation="set", value="a\nA\nb")

    assert kept["value"] == ["a", "b"]
