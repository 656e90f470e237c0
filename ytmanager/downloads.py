"""CSV downloads that stream, whoever serves them and however long they are."""

import csv
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"  # without it Excel does not read UTF-8
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS_PER_CHUNK = 500


def csv_download(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Answer with rows as a CSV file, of which some hundred are in memory."""
    return file_download(name, csv_chunks(rows), "text/csv; charset=utf-8")


def file_download(
    name: str, chunks: Iterator[bytes], content_type: str
) -> StreamingHttpResponse:
    """Answer with a file that is made while it is being sent."""
    response = StreamingHttpResponse(
        _without_blocking(chunks), content_type=content_type
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_chunks(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The bytes of a CSV file, chunk by chunk."""
    remaining = iter(rows)
    start = BYTE_ORDER_MARK
    while chunk := list(islice(remaining, ROWS_PER_CHUNK)):
        text = StringIO()
        writer = csv.writer(text)
        writer.writerows([[harmless(cell) for cell in row] for row in chunk])
        yield (start + text.getvalue()).encode()
        start = ""


def harmless(cell: Any) -> Any:
    """Keep spreadsheet programs from running a text as a formula."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


async def _without_blocking(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Make chunks in a thread, so that the event loop serves others meanwhile."""
    while chunk := await _following(chunks):
        yield chunk


@sync_to_async
def _following(chunks: Iterator[bytes]) -> bytes:
    return next(chunks, b"")
