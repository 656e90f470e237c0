"""Imports from a bucket whose connections break: taken up again, or given up."""

import gzip
import random

import pytest

from reports.models import Report
from tests.recovery.digest import account_of
from tests.recovery.imports import NAME, import_all, receive, rows, state, undone
from tests.reports.conftest import video_file, video_row
from tests.s3_server import Fault
from ytmanager import s3, storage

pytestmark = pytest.mark.django_db(transaction=True)

BLOCK = 4 << 10  # bytes that are read at once, so that a small file takes many
TRIES = 5  # of the import: the first one, and one after each pause
DICE = random.Random(3)
BEFORE = video_file(*(video_row(n) for n in range(1, 40)))
AFTER = video_file(
    *(
        video_row(n, video_title=f"New {n} {DICE.randbytes(20).hex()}")
        for n in range(1, 200)
    )
)


@pytest.fixture
def catalogue(db, bucket, monkeypatch):
    """Yesterday's report is in; the store is a bucket that breaks off when told to."""
    monkeypatch.setattr(s3, "REOPEN_PAUSE", 0)
    monkeypatch.setattr(storage, "READ_BYTES", BLOCK)
    import_all(receive(BEFORE, day=1))


@pytest.fixture(params=["plain", "packed"])
def file(request):
    """Content and name of today's report."""
    if request.param == "plain":
        return AFTER, NAME
    return gzip.compress(AFTER, mtime=0), f"{NAME}.gz"


def arrived(file):
    content, name = file
    return receive(content, name=name)


def undisturbed(file, faulty):
    """What is left when nothing happens, and how many reads of the file it took."""
    with undone():
        report = arrived(file)
        faulty.requests.clear()
        import_all(report)
        assert report.state == Report.State.COMPLETED
        return state(), account_of(rows, report.pk), len(reads(faulty))


def is_read(method, path):
    return method == "GET" and "list-type" not in path


def reads(faulty):
    """Where each read of the file began."""
    ranges = [ranged for method, path, ranged in faulty.requests if ranged]
    return [int(ranged.removeprefix("bytes=").split("-")[0]) for ranged in ranges]


def cuts(size, amount, seed):
    """Replies that break off after some bytes, somewhere in the file."""
    dice = random.Random(seed)
    return [
        Fault(cut_after=dice.randrange(size // amount), matches=is_read)
        for _ in range(amount)
    ]


def test_import_goes_on_where_the_store_broke_off(catalogue, file, faulty, budget):
    end_state, account, read_count = undisturbed(file, faulty)

    for seed in range(budget(2, 20)):
        with undone():
            report = arrived(file)
            faulty.requests.clear()
            faulty.faults[:] = cuts(len(file[0]), 6, seed)
            import_all(report)

            assert [fault.hits for fault in faulty.faults] == [1] * 6
            assert len(reads(faulty)) > read_count
            assert state() == end_state
            assert account_of(rows, report.pk) == account


def test_import_survives_a_store_that_breaks_off_all_the_time(catalogue, file, faulty):
    end_state, account, _ = undisturbed(file, faulty)

    with undone():
        report = arrived(file)
        faulty.faults[:] = [Fault(cut_after=1_500, matches=is_read, times=10**6)]
        import_all(report)

        assert faulty.faults[0].hits > len(file[0]) // 1_500
        assert (state(), account_of(rows, report.pk)) == (end_state, account)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_store_that_never_comes_back_fails_the_import(catalogue, faulty, share):
    start = state()
    report = receive(AFTER)
    place = int(len(AFTER) * share)
    faulty.faults[:] = [
        Fault(cut_after=place, matches=is_read),
        Fault(cut_after=0, matches=is_read, times=10**6),
    ]

    ends = [import_all(report).state for _ in range(TRIES)]

    assert ends == [Report.State.WAITING] * (TRIES - 1) + [Report.State.FAILED]
    assert "broke off again and again" in report.error_message
    assert state() == start


def test_import_that_was_given_up_is_done_by_the_next_try(catalogue, faulty):
    end_state, account, _ = undisturbed((AFTER, NAME), faulty)

    with undone():
        report = receive(AFTER)
        faulty.faults[:] = [Fault(cut_after=0, matches=is_read, times=10**6)]
        waiting = import_all(report).state
        faulty.faults.clear()
        import_all(report)

        assert waiting == Report.State.WAITING
        assert (state(), account_of(rows, report.pk)) == (end_state, account)
