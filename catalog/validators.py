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


# Shared with the checks in SQL (catalog.check_sql): one wording, one limit.
BRACKETS = "YouTube does not allow the characters < and >."
TITLE_MISSING = "A title is required."
TITLE_LONG = f"The title has {{}} characters; YouTube allows {TITLE_LIMIT}."
DESCRIPTION_LONG = (
    f"The description has {{}} bytes; YouTube allows {DESCRIPTION_LIMIT} "
    "(letters outside English take 2 to 4 bytes each)."
)
TAG_COMMA = "A tag must not contain a comma: YouTube would split it."
TAGS_LONG = (
    f"The tags have {{}} characters as YouTube counts them; {TAGS_LIMIT} are allowed."
)
ISRC_PATTERN = "[A-Z]{2}[A-Z0-9]{3}[0-9]{7}"
ISRC_WRONG = (
    "An ISRC has 12 characters: 2 letters for the country, 3 letters or digits "
    "for the registrant, 2 digits for the year and 5 digits, "
    "for example QZABC2500001."
)
UPC_SHORT = "A UPC has 12 digits. This one may have lost a zero at its start."
UPC_WRONG = "A UPC has 12 digits, an EAN 13. Only digits are allowed."
UPC_CHECK_DIGIT = "The check digit of this UPC/EAN should be {}, not {}."
CUSTOM_ID_PATTERN = "[A-Za-z0-9_.@/-]*"
CUSTOM_ID_LONG = f"A custom ID has at most {CUSTOM_ID_LIMIT} characters."
CUSTOM_ID_WRONG = "A custom ID may contain English letters, digits and - _ . @ / only."
ASSET_TEXT_LONG = f"This has {{}} bytes; Content ID allows {ASSET_TEXT_LIMIT}."
LANGUAGE_PATTERN = "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
LANGUAGE_WRONG = "A language is written as a code such as en, de or pt-BR."
MOMENT_PATTERN = "[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z"
MOMENT_WRONG = "A publishing time is written in UTC, such as 2026-12-01T17:00:00Z."
PERSON_UNKNOWN = "Nobody who may sign in has the username {}."

SCHEDULE_NOT_PRIVATE = (
    "Only a private video can be published on schedule. Set its privacy to private "
    "as well, or leave the publishing time empty."
)
SCHEDULE_LEFT = (
    "This video has a publishing time, which counts only while it is private. Clear "
    "the publishing time as well, or leave the video private until then."
)
SCHEDULE_PAST = (
    "This publishing time is in the past. Choose a later one; to publish at once, "
    "leave it empty and set the privacy to public."
)


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
        findings.append(TITLE_MISSING)
    length = utf16_length(title)
    if length > TITLE_LIMIT:
        findings.append(TITLE_LONG.format(length))
    return findings


def check_description(description: str) -> list[str]:
    findings = _check_brackets(description)
    size = len(description.encode())
    if size > DESCRIPTION_LIMIT:
        findings.append(DESCRIPTION_LONG.format(size))
    return findings


def check_tags(tags: list[str]) -> list[str]:
    findings = _check_brackets("".join(tags))
    if any("," in tag for tag in tags):
        findings.append(TAG_COMMA)
    total = tag_total(tags)
    if total > TAGS_LIMIT:
        findings.append(TAGS_LONG.format(total))
    return findings


def check_isrc(isrc: str) -> list[str]:
    return [] if not isrc or re.fullmatch(ISRC_PATTERN, isrc) else [ISRC_WRONG]


def check_upc(upc: str) -> list[str]:
    if not upc:
        return []
    if re.fullmatch(r"[0-9]{11}", upc):
        return [UPC_SHORT]
    if not re.fullmatch(r"[0-9]{12,13}", upc):
        return [UPC_WRONG]
    if not ean.is_valid(upc.zfill(13)):
        wanted = ean.calc_check_digit(upc.zfill(13)[:-1])
        return [UPC_CHECK_DIGIT.format(wanted, upc[-1])]
    return []


def check_custom_id(custom_id: str) -> list[str]:
    if not re.fullmatch(CUSTOM_ID_PATTERN, custom_id):
        return [CUSTOM_ID_WRONG]
    return [CUSTOM_ID_LONG] if len(custom_id) > CUSTOM_ID_LIMIT else []


def check_asset_text(text: str) -> list[str]:
    size = len(text.encode())
    return [ASSET_TEXT_LONG.format(size)] if size > ASSET_TEXT_LIMIT else []


def check_language(code: str) -> list[str]:
    is_known = not code or re.fullmatch(LANGUAGE_PATTERN, code)
    return [] if is_known else [LANGUAGE_WRONG]


def check_publish_at(moment: str) -> list[str]:
    is_moment = not moment or re.fullmatch(MOMENT_PATTERN, moment)
    return [] if is_moment else [MOMENT_WRONG]


def nothing_to_check(value: Any) -> list[str]:
    return []


def _check_brackets(text: str) -> list[str]:
    if "<" in text or ">" in text:
        return [BRACKETS]
    return []
