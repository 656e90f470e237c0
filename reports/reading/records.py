"""Check records and pass them on as CSV for COPY, each with its line number.

Most lines need no parsing: without a quote the shape is the number of
delimiters, and quoted cells are taken out by one regular expression before the
delimiters are counted. Only what neither settles is parsed and written anew.
"""

import csv
import io
import re
from dataclasses import dataclass, field

from reports.exceptions import EncodingError, RefusedFileError

MAX_RECORD_BYTES = 1 << 20
MAX_RECORD_LINES = 100
SHOWN_CHARACTERS = 200
QUOTE = b'"'
# Up to PostgreSQL 17 this line ends a COPY, even inside a quoted cell. With the quotes
# closed before and opened after it, the cell is the same.
_END_OF_COPY = re.compile(rb"(?<=\n)\\\.(?=\n)")

UNCLOSED = "A quote is opened in this row and never closed."
NUL_BYTE = "The row contains NUL bytes, which are not text."
REPEATED_HEADER = "The header is repeated here."
MALFORMED = "A quoted cell goes on after its closing quote."
ENDLESS_CELL = (
    "Line {line} opens a quoted cell that goes on for more than "
    f"{MAX_RECORD_BYTES // 1024} kB, so this is not a report as YouTube makes it. "
    "Nothing was changed. Please download the report again."
)
TOO_LONG = f"The row is longer than {MAX_RECORD_BYTES // 1024} kB."


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be a row, where it starts, and why."""

    line: int
    value: str
    reason: str


@dataclass(slots=True)
class Block:
    """Good records as CSV bytes, and the bad ones."""

    payload: bytes = b""
    rows: int = 0
    bad: list[BadRecord] = field(default_factory=list)


class RecordReader:
    """Cuts bytes into records of `cell_count` cells.

    `feed()` takes bytes as they come and returns what is complete; `finish()`
    returns the rest. Raises EncodingError at the first byte that is not UTF-8.
    """

    def __init__(
        self, *, delimiter: str, cell_count: int, line: int, header: bytes
    ) -> None:
        self.delimiter = delimiter.encode()
        self.wanted = cell_count - 1
        self.line = line
        self.header = header
        mark = re.escape(self.delimiter)
        cell = rb'"[^"]*(?:""[^"]*)*'
        self._closed = re.compile(
            rb"(?:(?<=" + mark + rb")|^)" + cell + rb'"(?=' + mark + rb"|\Z)"
        )
        self._open = re.compile(rb"(?:" + mark + rb"|^)" + cell + rb"\Z")
        self._rest = b""
        self._is_skipping = False
        self._had_return = False

    def feed(self, chunk: bytes) -> Block:
        """Take bytes in and return the records that are complete."""
        block = Block()
        data = self._rest + self._with_plain_line_ends(chunk)
        if self._is_skipping:
            data = self._skip(data)
        end = data.rfind(b"\n") + 1
        if not end and len(data) > MAX_RECORD_BYTES:
            self._reject(block, self.line, data, TOO_LONG)
            self._is_skipping, self._rest = True, b""
            return block
        self._rest = data[end:]
        self._convert(data[:end], block, is_last=False)
        return block

    def finish(self) -> Block:
        """Return what is left when the file has ended."""
        block = Block()
        if self._rest and not self._is_skipping:
            data = self._rest if self._rest.endswith(b"\n") else self._rest + b"\n"
            self._rest = b""
            self._convert(data, block, is_last=True)
        return block

    def _with_plain_line_ends(self, chunk: bytes) -> bytes:
        r"""Write `\r\n` and a lone `\r` as `\n`, also across two chunks."""
        if self._had_return and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        if b"\r" not in chunk:
            self._had_return = self._had_return and not chunk
            return chunk
        self._had_return = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _skip(self, data: bytes) -> bytes:
        """Drop the remainder of a row that is too long to be kept."""
        end = data.find(b"\n") + 1
        if end:
            self._is_skipping = False
            self.line += 1
        return data[end:] if end else b""

    def _convert(self, data: bytes, block: Block, *, is_last: bool) -> None:
        self._check_encoding(data)
        lines = data.split(b"\n")
        lines.pop()
        if self._is_suspicious(data, lines):
            lines = self._without_bad_lines(lines, block)
        self._take_records(lines, block, is_last=is_last)

    def _check_encoding(self, data: bytes) -> None:
        try:
            data.decode()
        except UnicodeDecodeError as exc:
            line = self.line + data.count(b"\n", 0, exc.start)
            shown = data[max(0, exc.start - 20) : exc.start + 20]
            raise EncodingError(
                f"Line {line} is not UTF-8. Please choose the encoding of this file.",
                line=line,
                sample=shown.decode("cp1252", "replace"),
            ) from exc

    def _is_suspicious(self, data: bytes, lines: list[bytes]) -> bool:
        return (
            b"\0" in data
            or (bool(self.header) and self.header in data)
            or max(map(len, lines), default=0) > MAX_RECORD_BYTES
        )

    def _without_bad_lines(self, lines: list[bytes], block: Block) -> list[bytes]:
        """Reject bad lines; an empty one in its place keeps the numbers right."""
        kept = []
        for number, line in enumerate(lines, self.line):
            reason = ""
            if b"\0" in line:
                reason = NUL_BYTE
            elif line == self.header:
                reason = REPEATED_HEADER
            elif len(line) > MAX_RECORD_BYTES:
                reason = TOO_LONG
            if reason:
                self._reject(block, number, line, reason)
            kept.append(b"" if reason else line)
        return kept

    def _take_records(self, lines: list[bytes], block: Block, *, is_last: bool) -> None:
        delimiter, first = self.delimiter, self.line
        good: list[bytes] = []
        index, count = 0, len(lines)
        while index < count:
            line = lines[index]
            if not line:
                index += 1
            elif self._is_whole(line):
                good.append(b"%d%b%b" % (first + index, delimiter, line))
                index += 1
            else:
                used, record = self._take_odd(lines, index, block, is_last=is_last)
                if not used:
                    break
                if record:
                    record = _END_OF_COPY.sub(rb'"\\."', record)
                    good.append(b"%d%b%b" % (first + index, delimiter, record))
                index += used
        self.line += index
        if index < count:
            self._rest = b"\n".join(lines[index:]) + b"\n" + self._rest
        block.rows += len(good)
        if good:
            good.append(b"")
            block.payload = b"\n".join(good)

    def _is_whole(self, line: bytes) -> bool:
        """Whether this line alone is a record, told by its quotes and delimiters.

        Between two quotes that stand together nothing is outside of the cell.
        """
        mark = self.delimiter
        if QUOTE not in line:
            return line.count(mark) == self.wanted
        outside = line.split(QUOTE)[::2]
        first, *between, last = outside if line.count(QUOTE) % 2 == 0 else (b"x", b"x")
        return (
            (not first or first.endswith(mark))
            and (not last or last.startswith(mark))
            and all(not t or t[:1] == t[-1:] == mark for t in between)
            and sum(text.count(mark) for text in outside) == self.wanted
        )

    def _take_odd(
        self, lines: list[bytes], index: int, block: Block, *, is_last: bool
    ) -> tuple[int, bytes]:
        """Return how many lines a record takes, and the record if it is good.

        No lines: its end has not been read yet. A record that goes wrong takes
        one line only, so that an unclosed quote does not swallow good rows.
        """
        record, used = lines[index], 1
        if QUOTE not in record:
            reason = self._shape_reason(record.count(self.delimiter) + 1, used)
            self._reject(block, self.line + index, record, reason)
            return 1, b""
        bare = self._closed.sub(b"", record)
        if QUOTE in bare and self._open.search(bare):
            used = self._lines_of_quote(lines, index, is_last=is_last)
            if not used:
                return 0, b""
            if used < 0:
                self._reject(block, self.line + index, lines[index], UNCLOSED)
                return 1, b""
            record = b"\n".join(lines[index : index + used])
            bare = self._closed.sub(b"", record)
        if QUOTE not in bare and bare.count(self.delimiter) == self.wanted:
            return used, record
        return self._parse(record, used, self.line + index, block)

    def _lines_of_quote(self, lines: list[bytes], index: int, *, is_last: bool) -> int:
        """Count the lines until every quote is closed; 0: not read yet, -1: never.

        What follows an unclosed quote are rows like any other. Raises
        RefusedFileError when it is the text of one endless cell instead.
        """
        parts, size, rows, quotes = [lines[index]], len(lines[index]), 0, 0
        for line in lines[index + 1 :]:
            parts.append(line)
            size += len(line) + 1
            has_quote = QUOTE in line
            rows += not has_quote and line.count(self.delimiter) == self.wanted
            quotes += line.count(QUOTE) if has_quote else 0
            # In a long record only a line that may close it is worth a look.
            if has_quote and (len(parts) <= MAX_RECORD_LINES or quotes % 2):
                bare = self._closed.sub(b"", b"\n".join(parts))
                if QUOTE not in bare or not self._open.search(bare):
                    return len(parts)
            is_of_rows = rows * 2 >= len(parts) - 1
            if len(parts) >= MAX_RECORD_LINES and is_of_rows:
                return -1
            if size > MAX_RECORD_BYTES:
                if is_of_rows:
                    return -1
                raise RefusedFileError(ENDLESS_CELL.format(line=self.line + index))
        return -1 if is_last else 0

    def _parse(
        self, record: bytes, used: int, line: int, block: Block
    ) -> tuple[int, bytes]:
        """Read a record with stray quotes or a wrong shape cell by cell."""
        cells, reason = self._cells(record)
        if not reason and len(cells) != self.wanted + 1:
            reason = self._shape_reason(len(cells), used)
        if reason:
            self._reject(block, line, record.split(b"\n", 1)[0], reason)
            return 1, b""
        return used, self._written(cells)

    def _cells(self, record: bytes) -> tuple[list[str], str]:
        text = io.StringIO(record.decode(), newline="")
        reader = csv.reader(text, delimiter=self.delimiter.decode(), strict=True)
        try:
            return next(reader), ""
        except csv.Error as exc:
            if "field larger" in str(exc):
                return [], "A cell is longer than 128 kB."
            return [], UNCLOSED if "unexpected end" in str(exc) else MALFORMED

    def _shape_reason(self, found: int, used: int) -> str:
        wanted = self.wanted + 1
        word = "few" if found < wanted else "many"
        reason = f"Too {word} cells: {found} where the header has {wanted}."
        if used > 1:
            reason += " A quote in this row may not be closed."
        return reason

    def _written(self, cells: list[str]) -> bytes:
        quoted = ('"' + cell.replace('"', '""') + '"' for cell in cells)
        return self.delimiter.decode().join(quoted).encode()

    def _reject(self, block: Block, line: int, value: bytes, reason: str) -> None:
        shown = value[: SHOWN_CHARACTERS * 4].decode("utf-8", "replace")
        shown = shown.replace("\0", "\u2400")[:SHOWN_CHARACTERS]
        block.bad.append(BadRecord(line, shown, reason))
