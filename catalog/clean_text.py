"""Clean text in Python and in SQL: blanks, line ends, composed letters; pure."""

import unicodedata

# Blanks that people and spreadsheets leave around a value. `str.strip()` and
# PostgreSQL's `btrim()` disagree about the Unicode ones, so both get this list.
BLANKS = " \t\n\r\x0b\x0c\u00a0\u200b\u3000\ufeff"
SQL_BLANKS = "E' \\t\\n\\r\\x0b\\x0c\\u00a0\\u200b\\u3000\\ufeff'"


def clean_text(raw: str) -> str:
    """Unify line ends, compose to NFC and trim."""
    unified = raw.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unified).strip(BLANKS)


def sql_trim(raw: str) -> str:
    return f"btrim({raw}, {SQL_BLANKS})"


def sql_text(raw: str) -> str:
    # Trimming against many characters and normalize() are expensive, and most
    # texts need neither.
    return f"CASE WHEN {sql_is_plain(raw)} THEN {raw} ELSE {_sql_clean(raw)} END"


def sql_is_plain(raw: str) -> str:
    """ASCII without line ends to unify, or blanks at the ends."""
    return (
        f"(ascii({raw}) > 32 AND ascii(right({raw}, 1)) > 32 "
        f"AND {sql_is_ascii(raw)} AND strpos({raw}, E'\\r') = 0)"
    )


def _sql_clean(raw: str) -> str:
    unified = f"replace(replace({raw}, E'\\r\\n', E'\\n'), E'\\r', E'\\n')"
    return sql_trim(
        f"CASE WHEN {sql_is_ascii(raw)} THEN {unified} "
        f"WHEN {unified} IS NFC NORMALIZED THEN {unified} "
        f"ELSE normalize({unified}, NFC) END"
    )


def sql_is_ascii(raw: str) -> str:
    # Some letters outside ASCII become ASCII ones when their case changes.
    return f"octet_length({raw}) = length({raw})"


def sql_quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
