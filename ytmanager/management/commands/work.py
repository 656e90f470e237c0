"""`manage.py work QUEUE`: one worker; first it takes up what dead ones left."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from ytmanager.jobs import requeue_dead_jobs
from ytmanager.program_names import WORKER, name_program
from ytmanager.system_status import QUEUES

# An endpoint that answers slowly must not hold up the others.
JOBS_AT_ONCE = {"deliveries": "4"}
STOP_SECONDS = "5"  # then a running job is aborted and queued again


class Command(BaseCommand):
    """Run jobs of one queue until told to stop; all but deliveries one at a time."""

    help = "Run the jobs of one queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queue", choices=QUEUES)

    def handle(self, *args: Any, queue: str, **options: Any) -> None:
        name_program(f"{WORKER} {queue}")
        requeue_dead_jobs()
        call_command(
            "procrastinate",
            "worker",
            *("--queues", queue, "--name", queue),
            *("--concurrency", JOBS_AT_ONCE.get(queue, "1")),
            *("--shutdown-graceful-timeout", STOP_SECONDS),
        )
