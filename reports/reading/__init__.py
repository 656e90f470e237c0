"""Bytes of any wrapping in, checked records out.

    with stream:
        unpacked = unpack(stream, name)
        table = read_table(unpacked.chunks, is_header=...)
        for block in table.blocks():
            block.payload   # ready for COPY ... FORMAT csv, line number first

Nothing here knows a model or a report kind, and nothing holds a whole file.
"""

from reports.reading.records import BadRecord, Block
from reports.reading.table import Table, read_table
from reports.reading.unpacking import Unpacked, unpack

__all__ = ["BadRecord", "Block", "Table", "Unpacked", "read_table", "unpack"]
