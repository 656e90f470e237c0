"""What a person at the terminal reads: single lines, no traceback."""

import errno
import sys


class LocalError(Exception):
    """Something about this machine prevents the start; the text says what."""


def say(line: str = "") -> None:
    """Write one line to the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Write one line to the error stream."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def explain(error: OSError) -> str:
    """Put an operating system's error in words."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        where = f" at {error.filename}" if error.filename else ""
        return f"The disk is full{where}. Free some space and start again."
    return f"The system refused: {error}"
