"""Import one report in a process that kills itself at a chosen statement.

Arguments: the key of the report, and the number of the statement at which the
process ends by SIGKILL; 0 for never. Prints the number of statements it ran.
"""

import os
import signal
import sys

import django


class Countdown:
    """Counts the statements of a connection; kills the process at one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.count = last, 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def main(pk: int, last: int) -> None:
    django.setup()
    from django.db import connection

    from reports.models import Report
    from reports.services.imports import run_import

    countdown = Countdown(last)
    with connection.execute_wrapper(countdown):
        run_import(report=Report.objects.get(pk=pk), on_progress=lambda report: None)
    sys.stdout.write(f"{countdown.count}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
