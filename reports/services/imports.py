"""One report file into the catalogue: identify, read, stage, merge, account."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone

from catalog.models import ContentOwner
from reports.exceptions import (
    ImportCancelledError,
    ImportRunningError,
    OwnerBusyError,
    RefusedFileError,
    ReportStateError,
)
from reports.models import Report, ReportRowError
from reports.reading import BadRecord, Unpacked, read_table, unpack
from reports.services import (
    account,
    dry_runs,
    duplicates,
    endings,
    known_videos,
    limits,
    staging,
    versions,
)
from reports.services.dating import data_date
from reports.services.identify import HeaderSearch, Identity, identify
from reports.services.merging import merge_rows
from reports.services.other_owners import look_for_other_owners
from reports.services.owners import creating, find_content_owner
from reports.services.progress import announce, record_state
from reports.services.staging import RawTable
from reports.services.turns import Turn, turn_of, wait_for_owner
from ytmanager.exceptions import YouTubeCMSError
from ytmanager.locks import session_lock
from ytmanager.storage import get_report_store, open_stream

OnProgress = Callable[[Report], None]

LOCKS = 0x595452  # first key of the advisory locks: "YTR"
LISTED_BAD_RECORDS = 10_000
ZERO = ("bytes_read", *Report.ACCOUNT)


def run_import(*, report: Report, on_progress: OnProgress = announce) -> Report:
    """Import a waiting report; how it ended is the report's state.

    A report whose worker died starts again from the beginning. One whose content
    owner is busy waits again, and so does one that the store could not give for
    now. Raises ImportRunningError and ReportStateError when it is not this call's
    to run; what goes wrong with the file is stored and not raised.
    """
    with session_lock(LOCKS, report.pk) as is_ours:
        # A report that is `reading` and not locked has no worker any more.
        if not is_ours:
            raise ImportRunningError(report=report.pk)
        try:
            with turn_of(report) as turn:
                _acquire(report)
                on_progress(report)
                _run(_Import(report, on_progress, turn))
        except OwnerBusyError:
            wait_for_owner(report)
    on_progress(report)
    return report


def _acquire(report: Report) -> None:
    values = dict.fromkeys(ZERO, 0)
    Report.objects.move(
        report,
        Report.UNFINISHED,
        Report.State.READING,
        started_at=timezone.now(),
        finished_at=None,
        error_type="",
        error_message="",
        question=None,
        duplicate_of=None,
        dry_run=None,
        waits_for=None,
        retry_at=None,
        **values,
    )
    report.refresh_from_db()
    report.row_errors.all().delete()
    record_state(report)


def _run(run: "_Import") -> None:
    """Run one import to its end, whatever that is; raises OwnerBusyError and bugs."""
    report = run.report
    try:
        run.run()
    except OwnerBusyError:
        raise
    except YouTubeCMSError as exc:
        endings.end(report, exc)
    except Exception as exc:
        endings.end(report, endings.explained(exc))
        raise
    finally:
        staging.drop_raw_table(report)
        account.drop_found(report)


@dataclass(slots=True)
class _Import:
    """One run: the report, whom to tell, and what was found on the way."""

    report: Report
    on_progress: OnProgress
    turn: Turn
    bad_count: int = 0
    _listed: int = field(default=0)
    # Unsaved when a file names it for the first time.
    owner: ContentOwner = field(default_factory=ContentOwner)

    def run(self) -> None:
        report = self.report
        store = get_report_store(report.bucket)
        versions.find_version(report, store)
        duplicates.refuse_same_object(report)
        with open_stream(store, report.key) as stream:
            duplicates.refuse_same_size_and_hash(
                report, stream, self._raise_if_cancelled
            )
            identity, raw = self._read(stream)
        versions.refuse_replaced(report, store)
        duplicates.refuse_same_content(report)
        self._merge(identity, raw)

    def _read(self, stream: BinaryIO) -> tuple[Identity, RawTable]:
        """Stage the file's rows; the hash is known when the last one was read."""
        report = self.report
        unpacked = unpack(stream, report.name, report.size)
        search = HeaderSearch()
        table = read_table(unpacked.chunks, search, report.encoding)
        identity = self._identify(unpacked, table.header if table else search.nearest)
        if table is None:
            raise RefusedFileError
        raw = staging.create_raw_table(report, identity.kind, table.header)

        def on_slice(rows: int, bad: list[BadRecord]) -> None:
            report.rows_read += rows + len(bad)
            report.bytes_read = min(stream.tell(), report.bytes_total)
            self._list_bad(bad)
            self._commit_progress()

        staging.copy_rows(raw, table, on_slice)
        report.content_hash = unpacked.content_hash
        report.content_size = unpacked.bytes_read
        return identity, raw

    def _identify(self, unpacked: Unpacked, header: list[str] | None) -> Identity:
        report = self.report
        source_kind = report.source.kind if report.source else ""
        identity = identify(
            outer_name=report.name,
            inner_name=unpacked.name,
            header=header,
            wanted=report.answers.get("kind", source_kind),
        )
        report.kind, report.version = identity.kind.name, identity.version
        report.header = header or []
        report.unknown_columns = list(identity.unknown)
        # A killed run may have warned of what it did and this one finds done.
        report.warnings = list(dict.fromkeys([*report.warnings, *identity.warnings]))
        self._know_owner(identity)
        return identity

    def _know_owner(self, identity: Identity) -> None:
        """Remember whose report this is, and wait if that owner is busy.

        A new owner is created with the merge: a file that fails leaves none.
        """
        report = self.report
        self.owner = find_content_owner(report=report, name=identity.owner_name)
        if self.owner.pk:
            report.content_owner = self.owner
        report.save()
        self.turn.take(report, new_owner="" if self.owner.pk else self.owner.name)

    def _list_bad(self, bad: list[BadRecord]) -> None:
        self.bad_count += len(bad)
        listed = bad[: LISTED_BAD_RECORDS - self._listed]
        self._listed += len(listed)
        ReportRowError.objects.bulk_create(
            ReportRowError(
                report=self.report,
                line=record.line,
                value=record.value,
                reason=record.reason,
            )
            for record in listed
        )

    def _commit_progress(self) -> None:
        """Store how far the import is, unless a person stopped it."""
        report = self.report
        going_on = Report.objects.filter(pk=report.pk, cancel_requested_at=None).update(
            rows_read=report.rows_read,
            bytes_read=report.bytes_read,
            updated_at=timezone.now(),
        )
        if not going_on:
            raise ImportCancelledError
        self.on_progress(report)

    def _merge(self, identity: Identity, raw: RawTable) -> None:
        report = self.report
        known_videos.find_deleted_videos(raw)
        unknown = known_videos.leave_out_unknown_videos(report, raw)
        account.find_repeats(raw)
        counts = account.count_rows(raw)
        account.list_rejected_rows(report, raw, counts)
        report.rows_read = counts.rows + self.bad_count + unknown
        report.rows_rejected = counts.rejected + self.bad_count
        report.rows_collapsed, report.rows_imported = counts.collapsed, counts.distinct
        limits.check_share_of_bad_rows(report)
        report.rows_rejected += unknown
        report.values_rejected = account.list_rejected_values(report, raw)
        account.warn_of_unlisted(report)
        look_for_other_owners(report, raw, self.owner)
        report.as_of = self._data_date(identity, counts.newest)
        report.bytes_read = report.bytes_total
        self._begin_merging()
        self.on_progress(report)
        if report.is_dry_run:
            dry_runs.try_rows(report, raw, self.owner)
        elif self.owner.pk:
            merge_rows(report, raw)
        else:
            with creating(self.owner, report):
                merge_rows(report, raw)

    def _raise_if_cancelled(self) -> None:
        cancelled = Report.objects.filter(pk=self.report.pk)
        if cancelled.exclude(cancel_requested_at=None).exists():
            raise ImportCancelledError

    def _begin_merging(self) -> None:
        """From here on the import can no longer be stopped."""
        report = self.report
        try:
            Report.objects.filter(cancel_requested_at=None).move(
                report, [Report.State.READING], Report.State.MERGING
            )
        except ReportStateError as exc:
            raise ImportCancelledError from exc

    def _data_date(self, identity: Identity, newest: datetime | None) -> datetime:
        return data_date(report=self.report, named=identity.data_on, newest=newest)
