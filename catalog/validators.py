"""Limits that YouTube sets on wanted values; each finding is one plain sentence.

Sources: limits of `videos.update` and of Content ID metadata. A refused call
still costs quota, so every limit is checked before anything is sent.
"""

import re
from typing import Any

from stdnum import ean

TITLE_LIMIT = 100  # UTF-16 units: the safe reading of "characters"
DESCRIPTION_LIMIT = 5000  # UTF-8 bytes
TAGS_LIMIT = 500  # characters as YouTube counts them, see tag_total()
CUSTOM_ID_LIMIT = 64  # bytes
ASSET_TEXT_LIMIT = 255  # bytes


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units: an emoji counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def tag_total(tags: list[str]) -> int:
    """Characters as YouTube counts: tags with blanks are quoted, commas between."""
    quoted = sum(len(tag) + (2 if " " in tag else 0) for tag in tags)
    return quoted + max(len(tags) - 1, 0)


def check_title(title: str) -> list[str]:
    findings = _check_brackets(title)
    if not title:
        findings.append("A title is required.")
    length = utf16_length(title)
    if length > TITLE_LIMIT:
        findings.append(
            f"The title has {length} characters; YouTube allows {TITLE_LIMIT}."
        )
    return findings


def check_description(description: str) -> list[str]:
    findings = _check_brackets(description)
    size = len(description.encode())
    if size > DESCRIPTION_LIMIT:
        findings.append(
            f"The description has {size} bytes; YouTube allows {DESCRIPTION_LIMIT} "
            "(letters outside English take 2 to 4 bytes each)."
        )
    return findings


def check_tags(tags: list[str]) -> list[str]:
    findings = _check_brackets("".join(tags))
    if any("," in tag for tag in tags):
        findings.append("A tag must not contain a comma: YouTube would split it.")
    total = tag_total(tags)
    if total > TAGS_LIMIT:
        findings.append(
            f"The tags have {total} characters as YouTube counts them; "
            f"{TAGS_LIMIT} are allowed."
        )
    return findings


def check_isrc(isrc: str) -> list[str]:
    if not isrc or re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", isrc):
        return []
    return [
        "An ISRC has 12 characters: 2 letters for the country, 3 letters or digits "
        "for the registrant, 2 digits for the year and 5 digits, "
        "for example QZABC2500001."
    ]


def check_upc(upc: str) -> list[str]:
    if not upc:
        return []
    if re.fullmatch(r"[0-9]{11}", upc):
        return ["A UPC has 12 digits. This one may have lost a zero at its start."]
    if not re.fullmatch(r"[0-9]{12,13}", upc):
        return ["A UPC has 12 digits, an EAN 13. Only digits are allowed."]
    if not ean.is_valid(upc.zfill(13)):
        wanted = ean.calc_check_digit(upc.zfill(13)[:-1])
        return [f"The check digit of this UPC/EAN should be {wanted}, not {upc[-1]}."]
    return []


def check_custom_id(custom_id: str) -> list[str]:
    if re.fullmatch(r"[A-Za-z0-9_.@/-]*", custom_id):
        if len(custom_id) <= CUSTOM_ID_LIMIT:
            return []
        return [f"A custom ID has at most {CUSTOM_ID_LIMIT} characters."]
    return ["A custom ID may contain English letters, digits and - _ . @ / only."]


def check_asset_text(text: str) -> list[str]:
    size = len(text.encode())
    if size <= ASSET_TEXT_LIMIT:
        return []
    return [f"This has {size} bytes; Content ID allows {ASSET_TEXT_LIMIT}."]


def check_language(code: str) -> list[str]:
    if not code or re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", code):
        return []
    return ["A language is written as a code such as en, de or pt-BR."]


def check_publish_at(moment: str) -> list[str]:
    if not moment or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment):
        return []
    return ["A publishing time is written in UTC, such as 2026-12-01T17:00:00Z."]


def nothing_to_check(value: Any) -> list[str]:
    return []


def _check_brackets(text: str) -> list[str]:
    if "<" in text or ">" in text:
        return ["YouTube does not allow the characters < and >."]
    return []
