"""What happened to the invented catalogue in its last days; pure.

Today is the catalogue as its seed makes it. A day earlier some of its videos were
not there yet, nobody else claimed them, or they still earned money; and some videos
were there that no report lists today. On the day before that, only views differ.
"""

from collections.abc import Iterator
from itertools import chain

HISTORY = 2  # days
# What happened today -> (to one in so many videos, to which of them).
EVENTS = {
    "uploaded": (80, 34),
    "claimed_by_another_owner": (40, 9),
    "blocked": (100, 16),
    "released": (100, 11),
    "viewed_much_more": (100, 25),
    "viewed_much_less": (125, 72),
    "retitled": (90, 41),
    "contested": (180, 91),
}
MONETIZED = 0  # place among the policies
POLICIES = 4
VIDEOS_PER_VANISHED = 120
LEAST_VIEWS = 40_000  # of videos whose views move


def happened(event: str, number: int) -> bool:
    """Whether this happened to the video with this number on the last day."""
    interval, place = EVENTS[event]
    return number % interval == place


def numbers(count: int, days_ago: int) -> Iterator[int]:
    """The videos that the reports of a day list."""
    if not days_ago:
        return iter(range(count))
    known = (n for n in range(count) if not happened("uploaded", n))
    return chain(known, range(count, count + count // VIDEOS_PER_VANISHED))


def problems(number: int, today: frozenset[str], days_ago: int) -> frozenset[str]:
    """One in three of the claims of others is older than that."""
    if not days_ago:
        return today
    settled = {"without_asset"} if happened("released", number) else set()
    if happened("claimed_by_another_owner", number) and number // 40 % 3:
        settled.add("claimed_by_another_owner")
    return today - settled


def title(number: int, today: str, days_ago: int) -> str:
    is_older = days_ago and happened("retitled", number)
    return f"{today} [Premiere]" if is_older else today


def policy(number: int, days_ago: int) -> int:
    if days_ago and happened("blocked", number):
        return MONETIZED
    return number // 5 % POLICIES


def is_contested_later(number: int, days_ago: int) -> bool:
    """Whether another owner came forward after this day."""
    return bool(days_ago) and happened("contested", number)


def daily_growth(views: int) -> int:
    return 1 + views // 900


def enough_views(number: int, today: int) -> int:
    """A large move needs something to move."""
    if happened("viewed_much_more", number) or happened("viewed_much_less", number):
        return max(today, LEAST_VIEWS + 1_000 * (number % 37))
    return today


def views(number: int, today: int, days_ago: int) -> int:
    """Views grow slowly, but on one of the last days some grew fast."""
    fast = max(today // 8, daily_growth(today))
    count = today
    for day in range(days_ago):
        is_fast = happened(("viewed_much_more", "viewed_much_less")[day], number)
        count -= fast if is_fast else daily_growth(today)
    return count
