"""SQL texts over the pushable columns, made from the field registry; pure.

`v` is catalog_video, `s` its snapshot. Both ways in use the same expressions,
so that `pending_fields` and `search_text` have one definition.
"""

from collections.abc import Iterable

from catalog import fields
from catalog.fields import Field, Shape

SQL_EMPTY = {
    Shape.TEXT: "''",
    Shape.LIST: "'{}'::text[]",
    Shape.FLAG: "NULL::boolean",
    Shape.PERSON: "''",
}

# Letters of Chinese, Japanese and Korean: written without blanks between words.
_UNSPACED = "[\\u3040-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af]"


def value(field: Field, row: str) -> str:
    """What the column of a row holds, as people know it: of a person the name."""
    if field.shape is not Shape.PERSON:
        return f"{row}.{field.column}"
    return (
        "coalesce((SELECT u.username::text FROM auth_user u "
        f"WHERE u.id = {row}.{field.column}), '')"
    )


def from_json(field: Field, expression: str) -> str:
    """The jsonb `expression` as the field's column type."""
    if field.shape is Shape.LIST:
        return f"ARRAY(SELECT jsonb_array_elements_text({expression}))"
    text = f"({expression} #>> '{{}}')"
    if field.shape is Shape.PERSON:
        return f"(SELECT u.id FROM auth_user u WHERE u.username = {text})"
    return f"{text}::boolean" if field.shape is Shape.FLAG else text


def new_value(field: Field, source: str, old: str) -> str:
    """The JSON object's value where it has the field's key, else the old one."""
    given = from_json(field, f"({source} -> '{field.name}')")
    return f"CASE WHEN {source} ? '{field.name}' THEN {given} ELSE {old} END"


def assignments(names: Iterable[str], source: str, target: str) -> str:
    """`SET` list: each column takes `source`'s value where it has the key."""
    return ", ".join(
        f"{name} = {new_value(fields.EDITABLE[name], source, f'{target}.{name}')}"
        for name in names
    )


def is_touched(field: Field, wanted: str, observed: str) -> str:
    """Wanted differs from observed; never observed counts as empty."""
    unknown = f"coalesce({observed}, {SQL_EMPTY[field.shape]})"
    return f"{wanted} IS DISTINCT FROM {unknown}"


def pending_fields(video: str = "v", snapshot: str = "s") -> str:
    """Array of the names of the fields that a push would send.

    The asset part of a video without a primary asset is not pushable, so it is
    not pending either.
    """
    cases = []
    for name, field in fields.PUSHABLE.items():
        differs = is_touched(field, f"{video}.{name}", f"{snapshot}.{name}")
        if field.is_asset_part:
            differs = f"{video}.primary_asset_id IS NOT NULL AND {differs}"
        cases.append(f"CASE WHEN {differs} THEN '{name}' END")
    return f"array_remove(ARRAY[{', '.join(cases)}]::text[], NULL)"


def search_text(video: str = "v") -> str:
    """Lower-case text for trigram search: each word after a blank.

    Letters of unspaced scripts are repeated pair by pair, so that a search for
    one or two of them finds them in the middle of a title. Other identifiers than
    the custom ID, which people word, are found by indexes of their own.
    """
    words = (
        f"concat_ws(' ', '', {video}.title, array_to_string({video}.artist, ' '), "
        f"{video}.label, {video}.custom_id)"
    )
    pairs = (
        # Letters beyond ASCII take several bytes; the pattern is slow.
        f"CASE WHEN octet_length({words}) > length({words}) "
        f"AND {video}.title || array_to_string({video}.artist, ' ') "
        f"~ '{_UNSPACED}' THEN (SELECT ' ' || string_agg(substr(words.t, place, 2), "
        f"' ') FROM (SELECT {words} AS t) words, "
        f"generate_series(1, length(words.t)) place "
        f"WHERE substr(words.t, place, 1) ~ '{_UNSPACED}') ELSE '' END"
    )
    return f"lower({words} || {pairs})"


def write_wanted(source: str) -> str:
    """UPDATE of wanted values from `source` (pk, new jsonb by field name).

    The only statement that writes wanted values; it keeps `pending_fields` and
    `search_text` in step.
    """
    new_values = ", ".join(
        f"{new_value(field, 'e.new', f'o.{field.column}')} AS {field.column}"
        for field in fields.EDITABLE.values()
    )
    columns = [field.column for field in fields.EDITABLE.values()]
    sets = ", ".join(f"{column} = v.{column}" for column in columns)
    return (
        f"UPDATE catalog_video t SET {sets}, "
        f"pending_fields = {pending_fields('v', 's')}, "
        f"search_text = {search_text('v')}, "
        "row_version = t.row_version + 1, updated_at = now() "
        f"FROM (SELECT o.id, o.video_id, o.primary_asset_id, {new_values} "
        f"FROM {source} e JOIN catalog_video o ON o.id = e.pk) v "
        "JOIN catalog_videosnapshot s ON s.video_id = v.id "
        "WHERE t.id = v.id"
    )
