"""Language codes: which ones YouTube takes, and how it writes them."""

from __future__ import annotations

import re

# ISO 639-1; three-letter codes are taken as they are.
TWO_LETTER_CODES = frozenset(
    re.findall(
        r"\w+",
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch "
        "co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga "
        "gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu iw "
        "ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu "
        "lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
        "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so "
        "sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz "
        "ve vi vo wa wo xh yi yo za zh zu",
    )
)
PATTERN = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def is_supported(code: str) -> bool:
    if not PATTERN.fullmatch(code):
        return False
    primary = code.split("-")[0].lower()
    return len(primary) == 3 or primary in TWO_LETTER_CODES


def usual_case(code: str) -> str:
    """`pt-br` becomes `pt-BR`, `ZH-hans` becomes `zh-Hans`."""
    primary, *rest = code.split("-")
    return "-".join([primary.lower(), *map(_subtag_case, rest)])


def _subtag_case(subtag: str) -> str:
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 else subtag.lower()


# What i18nLanguages.list and i18nRegions.list show; the sandbox knows the common ones.
LANGUAGE_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "en-GB": "English (United Kingdom)",
    "es": "Spanish", "es-419": "Spanish (Latin America)", "et": "Estonian",
    "fi": "Finnish", "fr": "French", "fr-CA": "French (Canada)", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "pt-PT": "Portuguese (Portugal)", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian",
    "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese", "zh-CN": "Chinese", "zh-TW": "Chinese (Taiwan)",
}  # fmt: skip
REGION_NAMES = {
    "AT": "Austria", "AU": "Australia", "BR": "Brazil", "CA": "Canada",
    "CH": "Switzerland", "DE": "Germany", "ES": "Spain", "FR": "France",
    "GB": "United Kingdom", "IN": "India", "IT": "Italy", "JP": "Japan",
    "KR": "South Korea", "MX": "Mexico", "NL": "Netherlands", "PL": "Poland",
    "SE": "Sweden", "TR": "Turkey", "US": "United States", "ZA": "South Africa",
}  # fmt: skip
