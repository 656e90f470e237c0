"""`manage.py import_report PATH_OR_KEY`: one file, in this process."""

import json
import shlex
import sys
import time
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import structlog
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import tasks
from reports.exceptions import ImportRunningError, ReportStateError
from reports.kinds import KINDS
from reports.models import Report
from reports.services.dating import start_of_day
from reports.services.imports import run_import
from reports.services.progress import announce
from reports.services.requests import answer_question, request_import
from reports.services.sources import add_stored_file, receive_upload
from ytmanager.exceptions import S3ProcessingError, YouTubeCMSError

logger = structlog.get_logger(__name__)

EXIT_FAILED, EXIT_NEEDS_ANSWER = 1, 3
SUCCESS = {*Report.IMPORTED, Report.State.DUPLICATE, Report.State.CHECKED}
POLL_SECONDS = 1.0
BAR_WIDTH = 30
BEFORE = "Imported before, with this account. Nothing was changed now."


class Command(BaseCommand):
    """Import a report and exit with 0 only if its content is in the catalogue.

    0: imported now or before, or tried with --dry-run. 1: not imported. 2: wrong
    arguments. 3: a person must answer a question first. While another report of
    the same content owner is imported, or the store is away, the command waits.
    """

    help = "Import one report file: a path on this machine or a key of the store."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="PATH_OR_KEY")
        parser.add_argument("--kind", choices=sorted(KINDS), default="")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day on which YouTube made this report",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would change, no more"
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="import a duplicate again, or the good rows of a file with too many "
            "bad ones",
        )
        parser.add_argument("--answer", help="answer the question of the last run")
        parser.add_argument("--json", action="store_true", help="print the account")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._find(options["file"], options["as_of"])
            was_imported = report.state in Report.IMPORTED
            if not was_imported:
                self._ask_for(report, options)
                self._follow(report)
        except YouTubeCMSError as exc:
            raise CommandError(exc.message) from exc
        self._end_bar()
        if was_imported:
            report.warnings = [*report.warnings, BEFORE]
        self._tell(report, as_json=options["json"])
        if report.state == Report.State.NEEDS_ANSWER:
            sys.exit(EXIT_NEEDS_ANSWER)
        if report.state not in SUCCESS:
            sys.exit(EXIT_FAILED)

    def _ask_for(self, report: Report, options: dict[str, Any]) -> None:
        """Let the report wait, unless it waits or runs already."""
        if options["kind"]:
            report.answers = {**report.answers, "kind": options["kind"]}
            report.save(update_fields=["answers"])
        if report.state in Report.UNFINISHED:
            return
        if options["answer"]:
            answer_question(report=report, answer=options["answer"], actor=None)
            return
        request_import(
            report=report,
            actor=None,
            is_dry_run=options["dry_run"],
            is_forced=options["force"],
        )

    def _follow(self, report: Report) -> None:
        """Import here, or wait for the one in the way, until the report has ended."""
        self._import(report)
        while report.state in Report.UNFINISHED:
            time.sleep(POLL_SECONDS)
            report.refresh_from_db()
            if self._is_due(report):
                self._import(report)

    def _import(self, report: Report) -> None:
        try:
            run_import(report=report, on_progress=self._show)
        except (ReportStateError, ImportRunningError) as exc:
            logger.info("import_not_due", report_pk=report.pk, reason=exc.message)
        finally:
            tasks.go_on_after(report)

    def _is_due(self, report: Report) -> bool:
        """A worker may take the report as well; the first one imports it."""
        is_waiting = report.state == Report.State.WAITING
        is_early = report.retry_at and report.retry_at > timezone.now()
        is_behind = report.waits_for and report.waits_for.state in Report.UNFINISHED
        return bool(is_waiting and not is_early and not is_behind)

    def _find(self, name: str, day: date | None) -> Report:
        path = Path(name)
        if path.is_file():
            with path.open("rb") as stream:
                report = receive_upload(file=File(stream, name=path.name), actor=None)
            modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            report.last_modified = modified
            report.save(update_fields=["last_modified"])
        else:
            report = self._find_stored(name)
        if day:
            report.as_of = start_of_day(day)
            report.save(update_fields=["as_of"])
        return report

    def _find_stored(self, key: str) -> Report:
        try:
            return add_stored_file(key=key)
        except S3ProcessingError as exc:
            raise CommandError(
                f"{key} is no file on this machine. {exc.message}"
            ) from exc
        except SuspiciousFileOperation as exc:
            raise CommandError(
                f"{key} is no file on this machine and not in the report store."
            ) from exc

    def _show(self, report: Report) -> None:
        announce(report)
        done = int((report.percent or 0) / 100 * BAR_WIDTH)
        bar = "#" * done + "-" * (BAR_WIDTH - done)
        state = report.get_state_display().split(":")[0]
        line = f"\r[{bar}] {report.rows_read:>9,} rows  {state:<24}"
        self.stderr.write(line, ending="")
        self.stderr.flush()

    def _end_bar(self) -> None:
        self.stderr.write("")

    def _tell(self, report: Report, *, as_json: bool) -> None:
        account = {name: getattr(report, name) for name in Report.ACCOUNT}
        if as_json:
            told = {
                "report": report.pk,
                "state": report.state,
                "kind": report.kind,
                "key": report.key,
                "error": report.error_message,
                "error_type": report.error_type,
                "warnings": report.warnings,
                "question": report.question,
                "dry_run": report.dry_run,
                **account,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(f"{report.name}: {report.get_state_display()}")
        for text in filter(None, [report.error_message, *report.warnings]):
            self.stdout.write(f"  {text}")
        if report.state == Report.State.NEEDS_ANSWER:
            self.stdout.write(
                "  Answer on the report's page, or: "
                f"manage.py import_report {shlex.quote(report.key)} --answer ANSWER"
            )
        if report.state in {*Report.IMPORTED, Report.State.CHECKED}:
            for name, count in account.items():
                self.stdout.write(f"  {name.replace('_', ' '):<22}{count:>12,}")
