"""What a process calls itself on its database connections, so that it can be seen."""

import os
import socket

WEB, WORKER = "ytm-web", "ytm-worker"
LONGEST = 63  # PostgreSQL cuts longer names


def name_program(kind: str) -> None:
    """Name every connection that this process opens from now on.

    libpq reads the variable for each connection, also those of libraries that
    open their own.
    """
    where = f" @{socket.gethostname()}:{os.getpid()}"
    os.environ["PGAPPNAME"] = kind[: LONGEST - len(where)] + where[:LONGEST]
