"""One invented video after the other, the same for the same seed.

Everything about video number `n` follows from the seed and `n`, so that a
million of them need no memory. Problems come at fixed intervals: the share of
each is known, and `problems_of` names those of one video.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from stdnum import ean

from reports.samples import days
from reports.samples.words import CHANNELS, GENRES, LABELS, SCRIPTS

NEWEST = datetime(2026, 6, 28, 18, 0, tzinfo=UTC)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
VIDEOS_PER_CHANNEL = 42
# Problem -> (one in so many videos, which of them).
PROBLEMS = {
    "missing_isrc": (25, 3),
    "damaged_upc": (50, 7),
    "wrong_isrc": (100, 33),
    "hyphenated_isrc": (60, 21),
    "missing_artist": (40, 23),
    "claimed_by_another_owner": (40, 9),
    "without_asset": (20, 11),
    "several_assets_in_a_row": (100, 13),
    "several_claims": (10, 5),
    "shared_asset": (45, 44),
    "repeated_row": (125, 17),
    "deleted_video_row": (250, 49),
    "never_published": (30, 19),
    "line_break_in_title": (80, 27),
    "quote_at_start_of_title": (80, 29),
    "id_starts_with_hyphen": (50, 0),
}


@dataclass(frozen=True, slots=True)
class SampleVideo:
    """What YouTube knows of one invented video."""

    number: int
    video_id: str
    channel_id: str
    channel_title: str
    title: str
    artist: str
    album: str
    label: str
    genre: str
    isrc: str
    upc: str
    custom_id: str
    asset_ids: tuple[str, ...]
    claim_id: str
    uploaded_at: datetime
    published_at: datetime | None
    length_seconds: int
    views: int
    policy: int
    privacy: str
    category: tuple[str, str]
    problems: frozenset[str]


class SampleCatalogue:
    """Makes the videos of one seed, as they were so many days ago."""

    def __init__(
        self, *, videos: int, seed: int, nights: int = 0, days_ago: int = 0
    ) -> None:
        self.count, self.seed, self.nights = videos, seed, nights
        self.days_ago = days_ago
        self.channel_count = max(1, -(-videos // VIDEOS_PER_CHANNEL))
        self._channels: dict[int, tuple[str, str]] = {}

    def __iter__(self) -> Iterator[SampleVideo]:
        return map(self.video, days.numbers(self.count, self.days_ago))

    def channels(self) -> Iterator[tuple[str, str]]:
        for number in range(self.channel_count):
            yield self.channel(number)

    def channel(self, number: int) -> tuple[str, str]:
        """Return ID and title of one channel."""
        name = CHANNELS[number % len(CHANNELS)]
        if number >= len(CHANNELS):
            name = f"{name} {number // len(CHANNELS) + 1}"
        return "UC" + self._id(number, 22, salt=1), name

    def _known_channel(self, number: int) -> tuple[str, str]:
        if number not in self._channels:
            self._channels[number] = self.channel(number)
        return self._channels[number]

    def video(self, number: int) -> SampleVideo:
        chance = random.Random(self.seed * 1_000_003 + number)
        problems = days.problems(number, problems_of(number), self.days_ago)
        script = SCRIPTS[number % len(SCRIPTS)]
        channel_id, channel_title = self._known_channel(number % self.channel_count)
        uploaded = NEWEST - timedelta(minutes=chance.randrange(6_000_000))
        release = number // 8
        privacy = chance.choices(("Public", "Unlisted", "Private"), (90, 6, 4))[0]
        return SampleVideo(
            number=number,
            video_id=self.video_id(number),
            channel_id=channel_id,
            channel_title=channel_title,
            title=days.title(
                number, _title(script.title(number), problems), self.days_ago
            ),
            artist="" if "missing_artist" in problems else script.artist(number),
            album=f"{script.first[release % len(script.first)]} {release + 1}",
            label=LABELS[release % len(LABELS)],
            genre=GENRES[release % len(GENRES)],
            isrc=self.isrc(number, problems),
            upc="1.9E+11" if "damaged_upc" in problems else upc_of(release),
            custom_id=f"AUR-{number:07d}" if number % 5 else "",
            asset_ids=self.asset_ids(number, problems),
            claim_id=self._id(number, 16, salt=3),
            uploaded_at=uploaded,
            published_at=None if "never_published" in problems else uploaded,
            length_seconds=_length(chance),
            views=self._views(chance, number),
            policy=days.policy(number, self.days_ago),
            privacy="Private" if "never_published" in problems else privacy,
            category=_category(number),
            problems=problems,
        )

    def video_id(self, number: int) -> str:
        made = self._id(number, 11, salt=2)
        interval, place = PROBLEMS["id_starts_with_hyphen"]
        return "-" + made[1:] if number % interval == place else made

    def isrc(self, number: int, problems: frozenset[str]) -> str:
        if "missing_isrc" in problems:
            return ""
        if "wrong_isrc" in problems:
            return "ISRC PENDING"
        year, serial = 10 + number % 16, number // 16 % 100_000
        country = "QZ" if number < 1_600_000 else "QT"
        parts = (country, "AUR", f"{year:02d}", f"{serial:05d}")
        return ("-" if "hyphenated_isrc" in problems else "").join(parts)

    def asset_ids(self, number: int, problems: frozenset[str]) -> tuple[str, ...]:
        if "without_asset" in problems:
            return ()
        first = self._asset_id(number - 1 if "shared_asset" in problems else number)
        if "several_assets_in_a_row" in problems:
            return first, self._asset_id(number + 500_000_000)
        return (first,)

    def second_asset_id(self, number: int) -> str:
        """The composition behind a video with several claims."""
        return self._asset_id(number + 700_000_000)

    def second_claim_id(self, number: int) -> str:
        return self._id(number, 16, salt=4)

    def fan_video_id(self, number: int) -> str:
        """Somebody else's video that uses the music of this one."""
        return self._id(number, 11, salt=5)

    def fan_claim_id(self, number: int) -> str:
        return self._id(number, 16, salt=6)

    def _asset_id(self, number: int) -> str:
        return f"A{(number * 387_420_489 + self.seed * 104_729 + 7) % 10**15:015d}"

    def _id(self, number: int, length: int, salt: int) -> str:
        """Letters that look drawn by lot and are different for every number."""
        bits = 6 * length
        multiplier = 0x9E3779B97F4A7C15F39CC0605CEDC835 | 1
        mixed = (number + 1) * multiplier + (self.seed * 8 + salt) * 0x2545F4914F6CDD1D
        mixed &= (1 << bits) - 1
        mixed ^= mixed >> (bits // 2)
        return "".join(ALPHABET[mixed >> shift & 63] for shift in range(0, bits, 6))

    def _views(self, chance: random.Random, number: int) -> int:
        base = days.enough_views(number, int(chance.paretovariate(0.6) * 40))
        grown = base + self.nights * days.daily_growth(base)
        return days.views(number, grown, self.days_ago)


def problems_of(number: int) -> frozenset[str]:
    """Name what is wrong or rare about one video."""
    return frozenset(
        name
        for name, (interval, place) in PROBLEMS.items()
        if number % interval == place
    )


def upc_of(release: int) -> str:
    """A 12-digit UPC with the right check digit, some with a leading zero."""
    body = f"{'0' if release % 9 == 0 else '1'}90{release % 10**8:08d}"
    return body + ean.calc_check_digit("0" + body)


def _title(title: str, problems: frozenset[str]) -> str:
    if "line_break_in_title" in problems:
        return title.replace(" ", "\n", 1)
    if "quote_at_start_of_title" in problems:
        return f'"{title}" – the film, in full'
    return title


def _length(chance: random.Random) -> int:
    kind = chance.random()
    if kind < 0.2:
        return chance.randrange(12, 61)
    if kind < 0.3:
        return chance.randrange(61, 181)
    return chance.randrange(1201, 7200) if kind > 0.95 else chance.randrange(150, 420)


def _category(number: int) -> tuple[str, str]:
    """The report's code and the Data API's number of one category."""
    others = {1: ("entertainment", "24"), 2: ("people", "22"), 3: ("film", "1")}
    return others.get(number % 16, ("music", "10"))
