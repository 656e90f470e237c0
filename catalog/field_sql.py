"""SQL texts over the pushable columns, made from the field registry; pure.

`v` is catalog_video, `s` its snapshot. Both ways in use the same expressions,
so that `pending_fields` and `search_text` have one definition.
"""

from collections.abc import Iterable

from catalog import fields
from catalog.fields import Field, Shape

SQL_EMPTY = {Shape.TEXT: "''", Shape.LIST: "'{}'::text[]", Shape.FLAG: "NULL::boolean"}

# Letters of Chinese, Japanese and Korean: written without blanks between words.
_UNSPACED = "[\\u3040-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af]"


def from_json(field: Field, expression: str) -> str:
    """The jsonb `expression` as the field's column type."""
    if field.shape is Shape.LIST:
        return f"ARRAY(SELECT jsonb_array_elements_text({expression}))"
    text = f"({expression} #>> '{{}}')"
    return f"{text}::boolean" if field.shape is Shape.FLAG else text


def assignments(names: Iterable[str], source: str, target: str) -> str:
    """`SET` list: each column takes `source`'s JSON value where it has the key."""
    return ", ".join(
        f"{name} = CASE WHEN {source} ? '{name}' "
        f"THEN {from_json(fields.EDITABLE[name], f'{source} -> {name!r}')} "
        f"ELSE {target}.{name} END"
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


def search_text(video: str = "v", asset_id: str = "NULL::text") -> str:
    """Lower-case text for trigram search: each word after a blank.

    Letters of unspaced scripts are repeated pair by pair, so that a search for
    one or two of them finds them in the middle of a title.
    """
    words = (
        f"concat_ws(' ', '', {video}.title, array_to_string({video}.artist, ' '), "
        f"{video}.label, {video}.isrc, {video}.upc, {video}.custom_id, "
        f"{video}.video_id, {asset_id})"
    )
    pairs = (
        f"CASE WHEN {video}.title || array_to_string({video}.artist, ' ') "
        f"~ '{_UNSPACED}' THEN (SELECT ' ' || string_agg(substr(words.t, place, 2), "
        f"' ') FROM (SELECT {words} AS t) words, "
        f"generate_series(1, length(words.t)) place "
        f"WHERE substr(words.t, place, 1) ~ '{_UNSPACED}') ELSE '' END"
    )
    return f"lower({words} || {pairs})"
