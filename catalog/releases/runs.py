"""A worker loads one list of releases and matches them.

It can be killed at any line: the next one begins anew and ends the same.
"""

import structlog
from django.db import DatabaseError, OperationalError

from catalog.models import ReleaseList
from catalog.releases import loading, matching
from ytmanager.exceptions import YouTubeCMSError
from ytmanager.locks import session_lock

logger = structlog.get_logger(__name__)

OWNER_LOCKS = 0x52454C  # first key of the advisory locks: "REL"
State = ReleaseList.State


def run_list(*, release_list: ReleaseList) -> None:
    """Load and match one waiting list; one at a time for a content owner.

    What cannot be read is *failed*, with the reason. A list that finds another
    one at work keeps waiting.
    """
    with session_lock(OWNER_LOCKS, release_list.content_owner_id) as is_ours:
        release_list.refresh_from_db()
        if is_ours and release_list.state in ReleaseList.UNFINISHED:
            _run(release_list)


def _run(release_list: ReleaseList) -> None:
    try:
        if release_list.state != State.MATCHING:
            _move(release_list, State.READING)
            release_list.counts = loading.load_rows(release_list)
            _move(release_list, State.MATCHING)
        found = matching.match_releases(release_list)
    except YouTubeCMSError as exc:
        _fail(release_list, exc.message)
    except OperationalError:
        raise  # the connection is gone: the job is found and queued again
    except DatabaseError as exc:
        logger.exception("release_list_not_matched", release_list_pk=release_list.pk)
        _fail(release_list, f"The database could not match this list: {exc}")
    else:
        release_list.counts = {**release_list.counts, **found}
        _move(release_list, State.MATCHED)
        logger.info(
            "release_list_matched",
            release_list_pk=release_list.pk,
            **release_list.counts,
        )


def _move(release_list: ReleaseList, state: ReleaseList.State) -> None:
    release_list.state = state
    release_list.save(
        update_fields=["state", "counts", "findings", "error", "updated_at"]
    )


def _fail(release_list: ReleaseList, reason: str) -> None:
    release_list.error = reason
    _move(release_list, State.FAILED)
    logger.warning(
        "release_list_refused", release_list_pk=release_list.pk, reason=reason
    )
