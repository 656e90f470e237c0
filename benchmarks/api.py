"""How long the API takes to answer, beside a plain view with SQL written by hand."""

import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.handlers.base import BaseHandler
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import override_settings

from benchmarks.catalogue import CHANNELS, make_catalogue
from benchmarks.figures import Figure, show
from benchmarks.imports import require_empty_database
from reports.management.commands.make_sample_reports import at_least_one
from ytmanager.models import ApiToken

REQUESTS = 200  # of each kind; the slowest twentieth of them is what counts
WARM_UP = 10
PERCENTILE = 95
LIMIT_MS = 100
PLENTY = 1_000_000_000  # requests a minute: nothing is held back here
WORDS = ("rain", "river", "light", "road", "letters", "houses")

Address = Callable[[int], str]
# What is asked for, by figure; the floor has the same addresses elsewhere.
QUERIES: dict[str, Address] = {
    "api_list": lambda n: f"videos/?page={1 + n % 20}",
    "api_filter": lambda n: (
        f"videos/?channel=UC{n % CHANNELS:022d}&privacy_status=public&duration=short"
    ),
    "api_search": lambda n: f"videos/?search={WORDS[n % len(WORDS)]}+{1000 + 7 * n}",
    "api_detail": lambda n: f"videos/{detail_id(n)}/",
}
_VIDEO_IDS: list[str] = []


def detail_id(n: int) -> str:
    return _VIDEO_IDS[n % len(_VIDEO_IDS)]


class Bench:
    """One token, and requests through all middleware, in this process."""

    def __init__(self) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.factory = RequestFactory()
        user = User.objects.create_user("benchmark")
        names = ("view_video", "view_claim")
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        _, self.token = ApiToken.objects.create(user)

    def measure(self, name: str, address: Address) -> None:
        """Both in turns, so that what disturbs the one disturbs the other."""
        api, floor = [], []
        for n in range(WARM_UP + REQUESTS):
            pair = self.seconds("/api/", address(n)), self.seconds("/", address(n))
            if n >= WARM_UP:
                api.append(pair[0])
                floor.append(pair[1])
        show(Figure(name, percentile(api), "ms", percentile(floor)))

    def seconds(self, base: str, address: str) -> float:
        request = self.factory.get(
            base + address, headers={"authorization": f"Token {self.token}"}
        )
        started = time.perf_counter()
        status = self.answer(request)
        taken = time.perf_counter() - started
        if status != 200:
            raise SystemExit(f"{base}{address} answered {status}.")
        return taken

    def answer(self, request: HttpRequest) -> int:
        response: Any = self.handler.get_response(request)
        len(response.content)
        return int(response.status_code)


def percentile(seconds: Sequence[float]) -> float:
    """The 95th, in milliseconds."""
    return 1000 * statistics.quantiles(seconds, n=100)[PERCENTILE - 1]


def fill(videos: int) -> None:
    """Videos with counters and verdicts, as imports leave them."""
    make_catalogue(videos)
    statements: tuple[str, ...] = (
        "INSERT INTO catalog_videostatistics (video_id, view_count) "
        "SELECT id, id % 100000 FROM catalog_video",
        "INSERT INTO catalog_shortsverdict (video_id, verdict, method, evidence, "
        "rule_version, decided_at) "
        "SELECT id, 'no', 'rule', 'long', 1, now() FROM catalog_video",
        "VACUUM (ANALYZE) catalog_videostatistics, catalog_shortsverdict",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SELECT video_id FROM catalog_video ORDER BY id % 997 LIMIT 500")
        _VIDEO_IDS.extend(row[0] for row in cursor.fetchall())


def main() -> None:
    parser = ArgumentParser(prog="benchmarks.api", description=__doc__)
    parser.add_argument("--videos", type=at_least_one, default=1_000_000, metavar="N")
    options = parser.parse_args()
    require_empty_database()
    call_command("migrate", verbosity=0)
    fill(options.videos)
    settings: dict[str, Any] = {
        "ROOT_URLCONF": "benchmarks.api_floor",
        "API_READS": PLENTY,
        "ALLOWED_HOSTS": ["testserver"],
        "LOGGING_CONFIG": None,
    }
    with override_settings(**settings):
        bench = Bench()
        for name, address in QUERIES.items():
            bench.measure(name, address)


if __name__ == "__main__":
    main()
