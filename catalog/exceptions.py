"""What can go wrong with the catalogue, in words for a metadata editor."""

from ytmanager.exceptions import BusinessLogicError, ConcurrencyError, NotFoundError


class VideoNotFoundError(NotFoundError):
    """No video with this ID that the person may see."""

    error_type = "video_not_found"
    default_message = "This video is not in the catalogue."


class VideoExistsError(ConcurrencyError):
    """A video with this ID is in the catalogue already."""

    error_type = "video_exists"
    default_message = "This video is in the catalogue already."


class ChannelNotFoundError(NotFoundError):
    """No channel with this ID that the person may see."""

    error_type = "channel_not_found"
    default_message = "This channel is not in the catalogue."


class ChangeSetNotFoundError(NotFoundError):
    """No change set with this number that the person may see."""

    error_type = "change_set_not_found"
    default_message = "This change set does not exist."


class ChangeSetStateError(ConcurrencyError):
    """The change set is not in a state in which this can be done."""

    error_type = "change_set_state"
    default_message = "This change set is in another state by now; reload the page."


class SelectionError(BusinessLogicError):
    """A stored selection that cannot be read any more, or that is too large."""

    error_type = "selection"
    default_message = "The chosen videos cannot be found any more. Choose them again."


class PlanFailedError(BusinessLogicError):
    """What was asked for cannot be worked out for these videos."""

    error_type = "plan_failed"
    default_message = "The new values cannot be worked out. Nothing was changed."


class BatchRejectedError(PlanFailedError):
    """Some values of a batch are not valid, and its sender wants all or nothing."""

    error_type = "batch_rejected"
    default_message = (
        "Some values are not valid. Nothing was changed; correct the rows, or choose "
        "another policy."
    )


class StaleEditError(ConcurrencyError):
    """A field that the person edited was changed by somebody else meanwhile."""

    error_type = "stale_edit"
    default_message = (
        "Somebody else changed this video while you were editing it. "
        "Nothing was saved; reload the page to see the new values."
    )


class ConflictSnapshotError(BusinessLogicError):
    """A page of conflicts sent something else than what it was given."""

    error_type = "conflict_snapshot"
    default_message = "Reload the page and decide again; nothing was decided."


class FactsMovedError(ConcurrencyError):
    """What a report row was compared with changed between the look and the merge."""

    error_type = "facts_moved"
    retryable = True
    default_message = "The catalogue changed while the report was being read."


class RowLockedError(ConcurrencyError):
    """A merge or a bulk edit holds the row for longer than a form may wait."""

    error_type, retryable = "row_locked", True
    default_message = (
        "This video is being updated by an import or a bulk edit. "
        "Please save again in a few seconds; nothing was lost."
    )


class InvalidEditError(BusinessLogicError):
    """An edit breaks a limit; `details` maps each field to its findings."""

    error_type = "invalid_edit"
    default_message = "Some values are not valid. Nothing was saved."


class ForeignAssetError(BusinessLogicError):
    """An asset that has no active claim on the video."""

    error_type = "foreign_asset"
    default_message = (
        "Only an asset with an active claim on this video can be its primary asset."
    )


class UnreadableSheetError(BusinessLogicError):
    """An uploaded spreadsheet that cannot be read; the message says what to do."""

    error_type = "unreadable_sheet"
    default_message = "This spreadsheet cannot be read."


class SheetStateError(ConcurrencyError):
    """A sheet that a worker is busy with."""

    error_type = "sheet_state"
    default_message = (
        "A worker is busy with this spreadsheet or its changes. Please wait until "
        "that is over."
    )


class MatchDecisionError(BusinessLogicError):
    """A decision about matches of releases that cannot be taken like this."""

    error_type = "match_decision"
    default_message = "Accept one release for each video."


class ProbeOffError(BusinessLogicError):
    """YouTube is not asked about Shorts on this system."""

    error_type = "probe_off"
    default_message = "Asking YouTube is switched off on this system."


class ReviewError(ConcurrencyError):
    """A decision about a Short that cannot be taken back any more."""

    error_type = "review_moved"
    default_message = "Somebody decided about this video again; it stays as it is."


class OwnerNotFoundError(NotFoundError):
    """No content owner of this name that the person may see."""

    error_type = "content_owner_not_found"
    default_message = "No content owner has this name."
