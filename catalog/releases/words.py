"""The words of titles and names, as they are compared; SQL texts, pure.

`Ada Lovelace – Night (feat. B) [Official Video]` is `ada lovelace night`: marks,
case, punctuation and what people add around a title say nothing about the
recording. Remix, live and the like do, so they stay.
"""

from catalog.clean_text import sql_is_ascii

_MARKS = "E'[\\u0300-\\u036f]'"
_ADDED = (
    r"official|lyrics?|lyric video|music video|videoclip|clip officiel|visuali[sz]er|"
    r"audio|video|hd|hq|4k|topic|vevo"
)
_BRACKETS = rf"'[(\[][^()\[\]]*\y({_ADDED})\y[^()\[\]]*[)\]]'"
_GUESTS = r"'[(\[]?\y(feat|ft|featuring)\y[^()\[\]|–-]*[)\]]?'"
_LOOSE = r"'\y(official|music video|lyric video|audio|video|hd|hq|4k|and)\y'"


def words(text: str) -> str:
    """SQL of the words of a text, each followed by one blank but the last."""
    lowered = f"lower({plain_letters(text)})"
    cut = f"regexp_replace({lowered}, {_BRACKETS}, ' ', 'g')"
    cut = f"regexp_replace({cut}, {_GUESTS}, ' ', 'g')"
    cut = f"regexp_replace({cut}, {_LOOSE}, ' ', 'g')"
    # A title that is nothing but such words keeps them.
    kept = f"coalesce(nullif({_spaced(cut)}, ''), {_spaced(lowered)})"
    return f"({kept})"


def names(items: str) -> str:
    """SQL of the words of a list of names, an expression of type text[]."""
    return words(f"array_to_string({items}, ' ')")


def channel(name: str) -> str:
    """SQL of the words of a channel; YouTube's own additions say nothing."""
    return words(f"regexp_replace({name}, '( - Topic|VEVO)$', '')")


def plain_letters(text: str) -> str:
    """Letters without their marks; composed again, so that kana stay whole."""
    bare = f"regexp_replace(normalize({text}, NFKD), {_MARKS}, '', 'g')"
    return f"CASE WHEN {sql_is_ascii(text)} THEN {text} ELSE normalize({bare}, NFC) END"


def _spaced(text: str) -> str:
    return f"btrim(regexp_replace({text}, '[^[:alnum:]]+', ' ', 'g'))"
