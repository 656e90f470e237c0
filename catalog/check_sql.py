"""Normal forms and limits of wanted values in SQL, as `catalog.fields` has them.

For values that SQL itself works out for many videos at once. A parity test
holds both sides together; wording and limits come from `catalog.validators`.
"""

from collections.abc import Callable

from catalog import fields, validators
from catalog.clean_text import sql_quote, sql_text
from catalog.fields import Field, Shape
from catalog.values import CATEGORIES, Category

# Items of a list in their order; `{}` is an expression of type text[].
_ITEMS = "unnest({}) WITH ORDINALITY AS items(item, place)"


def normal_form(field: Field, value: str) -> str:
    """The normal form of `value`, an expression of the field's column type."""
    form = _FORMS.get(field.name)
    if form is not None:
        return form(value)
    if field.shape is Shape.LIST:
        return _text_list(value)
    return value if field.shape is Shape.FLAG else _text(value)


def finding_texts(field: Field, value: str) -> str:
    """A text[] of what is wrong with `value`, a jsonb expression; NULL: nothing."""
    tests = _TESTS.get(field.name)
    if tests is None:
        return "NULL::text[]"
    cases = ", ".join(tests(value))
    return f"nullif(array_remove(ARRAY[{cases}]::text[], NULL), '{{}}')"


def _text(value: str) -> str:
    return sql_text(f"coalesce({value}, '')")


def _text_list(value: str) -> str:
    item = sql_text("item")
    return (
        f"ARRAY(SELECT {item} FROM {_ITEMS.format(value)} "
        f"WHERE {item} <> '' ORDER BY place)"
    )


def _tags(value: str) -> str:
    """The first spelling of each tag, whatever the case."""
    item = sql_text("item")
    return (
        "ARRAY(SELECT tag FROM (SELECT DISTINCT ON (lower(tag)) tag, place "
        f"FROM (SELECT {item} AS tag, place FROM {_ITEMS.format(value)}) cleaned "
        "WHERE tag <> '' ORDER BY lower(tag), place) kept ORDER BY place)"
    )


def _identifier(value: str) -> str:
    return f"upper(regexp_replace({_text(value)}, '[\\s-]', '', 'g'))"


def _category(value: str) -> str:
    # What is no category stays as it is, so that the finding can show it.
    return f"coalesce({Category.sql(_text(value))}, {_text(value)})"


def _language(value: str) -> str:
    part = (
        "CASE WHEN place = 1 THEN lower(item) WHEN length(item) = 2 THEN upper(item) "
        "WHEN length(item) = 4 THEN initcap(item) ELSE item END"
    )
    parts = f"string_to_array(replace({_text(value)}, '_', '-'), '-')"
    return (
        f"coalesce((SELECT string_agg({part}, '-' ORDER BY place) "
        f"FROM {_ITEMS.format(parts)}), '')"
    )


_FORMS: dict[str, Callable[[str], str]] = {
    "tags": _tags,
    "category_id": _category,
    "default_language": _language,
    "default_audio_language": _language,
    "upc": _identifier,
    "isrc": _identifier,
}


def message(template: str, *values: str) -> str:
    """SQL text of a message whose `{}` are filled with expressions."""
    first, *others = template.split("{}")
    filled = [
        f" || ({value})::text || {sql_quote(part)}"
        for value, part in zip(values, others, strict=True)
    ]
    return sql_quote(first) + "".join(filled)


def _when(condition: str, template: str, *values: str) -> str:
    return f"CASE WHEN {condition} THEN {message(template, *values)} END"


def _as_text(value: str) -> str:
    return f"coalesce({value} #>> '{{}}', '')"


def _over_items(value: str, result: str) -> str:
    return f"(SELECT {result} FROM jsonb_array_elements_text({value}) item)"


def _brackets(text: str) -> str:
    return _when(f"{text} ~ '[<>]'", validators.BRACKETS)


def _utf16_length(text: str) -> str:
    beyond = f"regexp_replace({text}, '[^\\U00010000-\\U0010ffff]', '', 'g')"
    return f"(length({text}) + length({beyond}))"


def _title(value: str) -> list[str]:
    text, length = _as_text(value), _utf16_length(_as_text(value))
    is_long = (
        f"octet_length({text}) > {validators.TITLE_LIMIT} "
        f"AND {length} > {validators.TITLE_LIMIT}"
    )
    return [
        _brackets(text),
        _when(f"{text} = ''", validators.TITLE_MISSING),
        _when(is_long, validators.TITLE_LONG, length),
    ]


def _description(value: str) -> list[str]:
    text = _as_text(value)
    size = f"octet_length({text})"
    is_long = f"{size} > {validators.DESCRIPTION_LIMIT}"
    return [_brackets(text), _when(is_long, validators.DESCRIPTION_LONG, size)]


def _tag_findings(value: str) -> list[str]:
    total = _over_items(
        value,
        "coalesce(sum(length(item) + CASE WHEN strpos(item, ' ') > 0 THEN 2 ELSE 0 "
        "END) + greatest(count(*) - 1, 0), 0)",
    )
    has_comma = _over_items(value, "coalesce(bool_or(strpos(item, ',') > 0), false)")
    is_long = f"{total} > {validators.TAGS_LIMIT}"
    return [
        _brackets(_over_items(value, "coalesce(string_agg(item, ''), '')")),
        _when(has_comma, validators.TAG_COMMA),
        _when(is_long, validators.TAGS_LONG, total),
    ]


def _matches(pattern: str, wrong: str) -> Callable[[str], list[str]]:
    def tests(value: str) -> list[str]:
        text = _as_text(value)
        return [_when(f"{text} <> '' AND {text} !~ '^(?:{pattern})$'", wrong)]

    return tests


def _one_of(known: tuple[str, ...], wrong: str) -> Callable[[str], list[str]]:
    words = ", ".join(map(sql_quote, known))
    return lambda value: [_when(f"{_as_text(value)} NOT IN ({words})", wrong)]


def _upc(value: str) -> list[str]:
    text = _as_text(value)
    digits = f"lpad({text}, 13, '0')"
    total = " + ".join(
        f"{1 if place % 2 else 3} * substr({digits}, {place}, 1)::int"
        for place in range(1, 13)
    )
    wanted = f"mod(10 - mod({total}, 10), 10)"
    wrong_digit = message(
        validators.UPC_CHECK_DIGIT, f"({wanted})", f"right({text}, 1)"
    )
    # One CASE: only it keeps the casts away from what is no number.
    return [
        f"CASE WHEN {text} = '' THEN NULL "
        f"WHEN {text} ~ '^[0-9]{{11}}$' THEN {message(validators.UPC_SHORT)} "
        f"WHEN {text} !~ '^[0-9]{{12,13}}$' THEN {message(validators.UPC_WRONG)} "
        f"WHEN right({text}, 1)::int <> {wanted} THEN {wrong_digit} END"
    ]


def _custom_id(value: str) -> list[str]:
    text = _as_text(value)
    return [
        f"CASE WHEN {text} !~ '^(?:{validators.CUSTOM_ID_PATTERN})$' "
        f"THEN {message(validators.CUSTOM_ID_WRONG)} "
        f"WHEN length({text}) > {validators.CUSTOM_ID_LIMIT} "
        f"THEN {message(validators.CUSTOM_ID_LONG)} END"
    ]


def _asset_text(value: str) -> list[str]:
    size = f"octet_length({_as_text(value)})"
    is_long = f"{size} > {validators.ASSET_TEXT_LIMIT}"
    return [_when(is_long, validators.ASSET_TEXT_LONG, size)]


def _asset_texts(value: str) -> list[str]:
    size = _over_items(value, "max(octet_length(item))")
    is_long = f"{size} > {validators.ASSET_TEXT_LIMIT}"
    return [_when(is_long, validators.ASSET_TEXT_LONG, size)]


def _person(value: str) -> list[str]:
    name = _as_text(value)
    known = f"SELECT FROM auth_user u WHERE u.username = {name} AND u.is_active"
    wrong = f"{name} <> '' AND NOT EXISTS ({known})"
    return [_when(wrong, validators.PERSON_UNKNOWN, name)]


def _answer(value: str) -> list[str]:
    return [_when(f"({value} #>> '{{}}') IS NULL", fields.NO_ANSWER)]


def _pins(value: str) -> list[str]:
    known = ", ".join(map(sql_quote, fields.PUSHABLE))
    wrong = _over_items(value, f"coalesce(bool_or(item NOT IN ({known})), false)")
    return [_when(wrong, fields.NO_PIN)]


_LANGUAGE = _matches(validators.LANGUAGE_PATTERN, validators.LANGUAGE_WRONG)
_TESTS: dict[str, Callable[[str], list[str]]] = {
    "title": _title,
    "description": _description,
    "tags": _tag_findings,
    "category_id": _one_of(tuple(CATEGORIES), fields.NO_CATEGORY),
    "default_language": _LANGUAGE,
    "default_audio_language": _LANGUAGE,
    "privacy_status": _one_of(fields.PRIVACY, fields.NO_PRIVACY),
    "publish_at": _matches(validators.MOMENT_PATTERN, validators.MOMENT_WRONG),
    "license": _one_of(fields.LICENSES, fields.NO_LICENSE),
    "artist": _asset_texts,
    "genre": _asset_texts,
    "label": _asset_text,
    "album": _asset_text,
    "upc": _upc,
    "isrc": _matches(validators.ISRC_PATTERN, validators.ISRC_WRONG),
    "custom_id": _custom_id,
    "assignee": _person,
    "is_administered": _answer,
    "is_hidden": _answer,
    "pinned_fields": _pins,
}
