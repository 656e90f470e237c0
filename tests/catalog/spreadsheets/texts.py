"""Texts that spreadsheets, CSV, XML and SQL have each been known to spoil."""

from hypothesis import strategies as st

from catalog import fields

PIECES = (
    *("=", "+", "-", "@", "'", "\t", "\n", "|", "\\", '"', ",", ";", "<", "&", " "),
    *("a", "B", "9", "é", "日本", "\U0001f3b5", "_x000D_", "[clear]", "\x0b", "\xa0"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
titles = texts.map(fields.text)
lists = st.lists(texts, max_size=4).map(fields.text_list)
