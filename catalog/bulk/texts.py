"""SQL of what bulk edits do to one text; pure.

Each function takes an SQL expression of type text and gives one back, with the
parameters that it binds. A percent sign in the SQL is doubled.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Sql(NamedTuple):
    """An expression and its parameters, in the order of their placeholders."""

    text: str
    params: tuple[Any, ...] = ()


TextChange = Callable[[str], Sql]
# Blanks within a line; line breaks of a description are kept.
_BLANKS = r"[ \t\u00a0\u200b\u3000]+"
# Ends one artist and begins the next; written around the names.
SEPARATORS = {
    "comma": ("comma ( , )", r"\s*,\s*"),
    "semicolon": ("semicolon ( ; )", r"\s*;\s*"),
    "ampersand": ("ampersand ( & )", r"\s+&\s+"),
    "slash": ("slash ( / )", r"\s*/\s*"),
    "feat": ("feat., ft., featuring", r"\s+[(\[]?(?:feat|ft|featuring)\M\.?\s+"),
    "and": ("the word and", r"\s+and\s+"),
    "x": ("x between names (A x B)", r"\s+x\s+"),
}
# Stands between the names of a split text; no name contains it.
_UNIT = "\x1f"


def append(addition: str) -> TextChange:
    return lambda text: Sql(f"({text} || %s)", (addition,))


def prepend(addition: str) -> TextChange:
    return lambda text: Sql(f"(%s || {text})", (addition,))


def replace(find: str, new: str, *, is_pattern: bool, ignores_case: bool) -> TextChange:
    """Replace every occurrence; patterns and `\\1` are as PostgreSQL has them."""
    if not is_pattern and not ignores_case:
        return lambda text: Sql(f"replace({text}, %s, %s)", (find, new))
    pattern = find if is_pattern else re.escape(find)
    wanted = new if is_pattern else new.replace("\\", r"\\")
    flags = "gi" if ignores_case else "g"
    return lambda text: Sql(
        f"regexp_replace({text}, %s, %s, '{flags}')", (pattern, wanted)
    )


def tidy_blanks(text: str) -> Sql:
    """One blank between words, none at the ends of lines."""
    single = f"regexp_replace({text}, %s, ' ', 'g')"
    return Sql(f"btrim(regexp_replace({single}, ' ?\\n ?', E'\\n', 'g'))", (_BLANKS,))


def upper(text: str) -> Sql:
    return Sql(f"upper({text})")


def lower(text: str) -> Sql:
    return Sql(f"lower({text})")


def sentence(text: str) -> Sql:
    """Only the first letter is a capital one."""
    return Sql(f"(upper(left({text}, 1)) || lower(substr({text}, 2)))")


def title(text: str) -> Sql:
    """The first letter of each word; unlike initcap it knows `Don't`.

    Brackets and quotes before a word are no part of it: `(Live)`.
    """
    before = r"length(substring(word from '^[^[:alnum:]]*')) + 1"
    word = f"upper(left(word, {before})) || lower(substr(word, {before} + 1))"
    # Splitting before each blank keeps the blanks and the ends of lines.
    words = f"regexp_split_to_table({text}, '(?=[ \\n])')"
    return Sql(
        f"(SELECT string_agg({word}, '' ORDER BY place) FROM "
        f"{words} WITH ORDINALITY AS words(word, place))"
    )


CASES: dict[str, tuple[str, TextChange]] = {
    "upper": ("UPPER CASE", upper),
    "lower": ("lower case", lower),
    "title": ("First Letter Of Each Word", title),
    "sentence": ("First letter only", sentence),
}


def respell(variants: Sequence[str], chosen: str) -> TextChange:
    """Give texts that are one of the spellings the chosen one."""
    return lambda text: Sql(
        f"CASE WHEN {text} = ANY(%s) THEN %s ELSE {text} END",
        (list(variants), chosen),
    )


def split(separators: Sequence[str], never: Sequence[str]) -> TextChange:
    """Names of a text as text[]; a name that is never split stays whole.

    Such a name counts only where it stands by itself, so that `AC/DC Tribute`
    is not taken apart after it.
    """
    between = "|".join(SEPARATORS[name][1] for name in separators)
    pattern, wanted = f"(?:{between})", _UNIT
    if never:
        names = "|".join(re.escape(name) for name in sorted(never, key=len)[::-1])
        pattern = f"(?<=^|{between})({names})(?=$|{between})|{pattern}"
        wanted = rf"\1{_UNIT}"
    return lambda text: Sql(
        f"string_to_array(regexp_replace({text}, %s, %s, 'gi'), %s)",
        (pattern, wanted, _UNIT),
    )
