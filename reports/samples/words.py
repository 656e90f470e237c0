"""Names of invented artists, songs, albums and labels in several scripts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """Words of one language, enough for a few hundred different titles."""

    artists: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    suffixes: tuple[str, ...]

    def title(self, number: int) -> str:
        first = self.first[number % len(self.first)]
        second = self.second[number // 3 % len(self.second)]
        suffix = self.suffixes[number // 7 % len(self.suffixes)]
        return f"{first} {second}{suffix}"

    def artist(self, number: int) -> str:
        return self.artists[number // 11 % len(self.artists)]


LATIN = Script(
    ("Marlow & The Tides", "Ana Brandão", "Søren Lykke", "Café Nowhere", "DJ Quill"),
    ("Silver", "Midnight", "Broken", "Golden", "Été", "Ocean", "Neon", "Faraway"),
    (
        "Harbour",
        "Letters",
        "Señorita",
        "Machine",
        "Garden",
        "Highway",
        "Über Alles Blau",
    ),
    (" (Official Video)", "", " – Live at Møn", ' "Acoustic"', " 🎵", ", Pt. 2"),
)
CYRILLIC = Script(
    ("Северный ветер", "Ольга Лунина", "Группа «Рассвет»"),
    ("Последний", "Белый", "Тихий", "Ночной"),
    ("поезд", "снег", "город", "разговор"),
    (" (Официальный клип)", "", " – концерт", " ❄️"),
)
CHINESE = Script(
    ("林海乐队", "陈小雨", "北岸"),
    ("月光", "远方的", "最后的", "夏天"),
    ("海岸", "来信", "列车", "雨季"),
    ("（官方MV）", "", "【现场版】", " 🌙"),
)
JAPANESE = Script(
    ("夜明けの電車", "さくら組", "ミナト"),
    ("星空の", "青い", "最後の", "東京"),
    ("手紙", "約束", "メロディー", "花火"),
    ("【MV】", "", "(ライブ)", " 🎆"),
)
ARABIC = Script(
    ("فرقة النور", "ليلى حداد"),
    ("ليلة", "قلب", "رسالة"),
    ("البحر", "القمر", "الصحراء"),
    (" (فيديو رسمي)", "", " ❤️"),
)
TURKISH = Script(
    ("Işık Çağlar", "Gölge Oyunu", "İnci Öztürk"),
    ("Gece", "Sessiz", "Uzak", "Kırık"),
    ("Yağmur", "Şarkı", "İstanbul", "Düş"),
    (" (Resmi Klip)", "", " – Akustik", ' "Canlı"'),
)
# Most of the repertoire is Latin.
SCRIPTS = (
    *(LATIN,) * 5,
    CYRILLIC,
    CHINESE,
    JAPANESE,
    ARABIC,
    TURKISH,
)
LABELS = (
    "Aurora Music",
    "Tide & Timber, Ltd.",
    "Северная Пластинка",
    "月光唱片",
    "Gölge Records",
)
GENRES = ("Pop", "Rock", "Electronic", "Folk", "Hip-Hop", "Classical")
CHANNELS = (
    "Aurora Music",
    "Aurora Live",
    "Северный ветер – Topic",
    "林海乐队 Official",
    "夜明けの電車",
    "فرقة النور",
    "Işık Çağlar",
    "Café Nowhere",
    "DJ Quill 🎧",
    "Marlow & The Tides",
    'The "Quiet" Room',
    "Ana Brandão",
)
