"""Tell a database that is away from an error in a query; pure."""

import psycopg
import psycopg_pool
from django.db import InterfaceError, OperationalError

# Class 08: connection; 57P01 to 57P03: shut down, crashed, starting; 53300: full.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
AWAY = ("08", "57P01", "57P02", "57P03", "53300")
POOL_ERRORS = (
    psycopg_pool.PoolTimeout,
    psycopg_pool.TooManyRequests,
    psycopg_pool.PoolClosed,
)


def is_database_unavailable(error: BaseException) -> bool:
    """Whether trying again later helps: nothing was wrong with the query itself."""
    if isinstance(error, OperationalError | InterfaceError) and error.__cause__:
        error = error.__cause__
    if isinstance(error, POOL_ERRORS):
        return True
    if isinstance(error, psycopg.InterfaceError):
        return "connection" in str(error)
    if not isinstance(error, psycopg.OperationalError):
        return False
    # What libpq says of the connection has no code; the server's errors have one.
    return error.sqlstate is None or error.sqlstate.startswith(AWAY)
