"""What can go wrong with YouTube: each reply is judged once, by its `reason`."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from ytmanager.exceptions import (
    BusinessLogicError,
    ConcurrencyError,
    ConfigurationError,
    ExternalServiceError,
    YouTubeCMSError,
)

Raised = TypeVar("Raised", bound=YouTubeCMSError)


class YouTubeAPIError(ExternalServiceError):
    """YouTube refused a call; trying the same again would not help."""

    error_type = "youtube_error"
    default_message = "YouTube refused the request."
    # True for a call that never left, or that YouTube can charge to nobody.
    is_uncharged = False

    def __init__(
        self,
        message: str = "",
        *,
        reason: str = "",
        domain: str = "",
        field: str = "",
        http_status: int = 0,
        **details: Any,
    ) -> None:
        self.reason, self.domain = reason, domain
        self.field, self.http_status = field, http_status
        if http_status == 401:
            self.is_uncharged = True
        known = {"reason": reason, "domain": domain, "field": field}
        details |= {name: value for name, value in known.items() if value}
        super().__init__(message, **details)


class QuotaExceededError(YouTubeAPIError):
    """The day's units are spent: nothing goes through until Pacific midnight."""

    is_uncharged = True
    status_code, error_type = 429, "quota_exceeded"
    default_message = "The YouTube quota of today is used up."


class RetryableAPIError(YouTubeAPIError):
    """YouTube is busy or out of order for a moment."""

    error_type, retryable = "youtube_unavailable", True
    default_message = "YouTube does not answer at the moment."


class UncertainOutcomeError(RetryableAPIError):
    """The connection broke after an update was sent: done or not, nobody knows.

    The units count as spent. A retry reads first, so it cannot write twice.
    """

    error_type = "uncertain_outcome"
    default_message = "The connection broke while YouTube was being updated."


class ReconnectRequiredError(YouTubeAPIError):
    """The account's permission is gone or too small; a person must consent again."""

    error_type = "reconnect_required"
    default_message = "The YouTube account must be connected again."


class AccountProblemError(YouTubeAPIError):
    """The connected account itself cannot do this: closed, suspended, not linked."""

    error_type = "account_problem"
    default_message = "The connected YouTube account cannot do this."


class ApiNotEnabledError(YouTubeAPIError):
    """The Google Cloud project has not switched this API on."""

    error_type = "api_not_enabled"
    default_message = "This API is not enabled in the Google Cloud project."


class PushForbiddenError(YouTubeAPIError):
    """YouTube does not let this account change this item, or set this value."""

    error_type = "push_forbidden"
    default_message = "YouTube does not allow this change."


class InvalidMetadataError(YouTubeAPIError):
    """YouTube judged a value invalid; `field` names it where it is known."""

    status_code, error_type = 422, "invalid_metadata"
    default_message = "YouTube did not accept a value."


class RemoteNotFoundError(YouTubeAPIError):
    """The item is not on YouTube, or not visible to this account."""

    status_code, error_type = 404, "not_on_youtube"
    default_message = "This was not found on YouTube."


class IncompletePartError(BusinessLogicError):
    """A part was not read completely, so replacing it could wipe a value."""

    error_type, is_uncharged = "incomplete_part", True
    default_message = "YouTube did not show everything that an update would replace."


class Failure(NamedTuple):
    """The parts of an error reply that decide."""

    http_status: int
    reason: str
    domain: str
    message: str
    location: str
    is_daily: bool


_RETRY = ("internalError", "backendError", "serviceUnavailable", "conditionNotMet",
          "preconditionRequired", "rateLimitExceeded", "userRateLimitExceeded",
          "uploadRateLimitExceeded")  # fmt: skip
_RECONNECT = ("authError", "required", "expired", "insufficientPermissions",
              "authorizationRequired")  # fmt: skip
_ACCOUNT = ("accountDelegationForbidden", "authenticatedUserAccountClosed",
            "authenticatedUserAccountSuspended", "authenticatedUserNotChannel",
            "channelClosed", "channelNotFound", "channelSuspended",
            "cmsUserAccountNotFound", "insufficientCapabilities",
            "contentOwnerAccountNotFound", "youtubeSignupRequired",
            "contentOwnerNotProvided", "serviceAccountNotAllowed")  # fmt: skip
_FORBIDDEN = ("forbidden", "forbiddenEmbedSetting", "forbiddenLicenseSetting",
              "forbiddenPrivacySetting", "SERVICE_UNAVAILABLE")  # fmt: skip
_INVALID = ("invalidTitle", "invalidDescription", "invalidTags", "invalidCategoryId",
            "invalidPublishAt", "invalidRecordingDetails", "invalidRecordingDate",
            "defaultLanguageNotSet", "invalidVideoMetadata",
            "invalidDefaultBroadcastPrivacySetting")  # fmt: skip
_KINDS: dict[str, type[YouTubeAPIError]] = {
    **dict.fromkeys(_RETRY, RetryableAPIError),
    **dict.fromkeys(_RECONNECT, ReconnectRequiredError),
    **dict.fromkeys(_ACCOUNT, AccountProblemError),
    **dict.fromkeys(_FORBIDDEN, PushForbiddenError),
    **dict.fromkeys(_INVALID, InvalidMetadataError),
    "quotaExceeded": QuotaExceededError,
    "dailyLimitExceeded": QuotaExceededError,
    "accessNotConfigured": ApiNotEnabledError,
    "SERVICE_DISABLED": ApiNotEnabledError,
    "videoNotFound": RemoteNotFoundError,
    "notFound": RemoteNotFoundError,
}
_REASON_FIELDS = {
    "invalidTitle": "title",
    "invalidDescription": "description",
    "invalidTags": "tags",
    "invalidCategoryId": "category_id",
    "invalidPublishAt": "publish_at",
    "defaultLanguageNotSet": "default_language",
    "forbiddenEmbedSetting": "embeddable",
    "forbiddenLicenseSetting": "license",
    "forbiddenPrivacySetting": "privacy_status",
}
_KEY_FIELDS = {"selfDeclaredMadeForKids": "made_for_kids"}
_TRANSIENT_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
_OAUTH_TRANSIENT = frozenset(
    {"internal_failure", "server_error", "temporarily_unavailable"}
)


def classify(http_status: int, body: bytes, *, operation: str) -> YouTubeAPIError:
    """Turn an error reply of the APIs into the error that says what to do."""
    failure = read_failure(http_status, body)
    return _kind_of(failure)(
        failure.message,
        reason=failure.reason,
        domain=failure.domain,
        field=field_of(failure),
        http_status=http_status,
        operation=operation,
    )


def _kind_of(failure: Failure) -> type[YouTubeAPIError]:
    if failure.is_daily and failure.reason == "rateLimitExceeded":
        return QuotaExceededError
    if failure.reason in _KINDS:
        return _KINDS[failure.reason]
    if failure.http_status in _TRANSIENT_STATUSES:
        return RetryableAPIError
    by_status = {
        401: ReconnectRequiredError, 403: PushForbiddenError, 404: RemoteNotFoundError
    }  # fmt: skip
    return by_status.get(failure.http_status, YouTubeAPIError)


def read_failure(http_status: int, body: bytes) -> Failure:
    """Read any of the shapes that an error body has been seen to have."""
    try:
        error = json.loads(body)["error"]
    except (KeyError, TypeError, ValueError):
        return Failure(http_status, "", "", "", "", is_daily=False)
    if not isinstance(error, dict):
        return Failure(http_status, str(error), "", "", "", is_daily=False)
    entry = _first(error.get("errors"))
    details = _first(error.get("details"))
    message = str(error.get("message", ""))
    return Failure(
        http_status,
        str(entry.get("reason") or details.get("reason") or ""),
        str(entry.get("domain") or details.get("domain") or ""),
        plain_text(message),
        str(entry.get("location") or ""),
        is_daily=_is_daily(details, message),
    )


def _first(items: Any) -> Mapping[str, Any]:
    if isinstance(items, list) and items and isinstance(items[0], dict):
        return items[0]
    return {}


def _is_daily(details: Mapping[str, Any], message: str) -> bool:
    metadata = details.get("metadata")
    unit = metadata.get("quota_unit", "") if isinstance(metadata, dict) else ""
    return "/d/" in unit or (not unit and "per day" in message)


def field_of(failure: Failure) -> str:
    """Our name of the field that the error is about, '' when it is none."""
    if failure.reason in _REASON_FIELDS:
        return _REASON_FIELDS[failure.reason]
    is_field = failure.location.startswith(("body.", "metadataMine."))
    key = failure.location.rsplit(".", 1)[-1] if is_field else ""
    return _KEY_FIELDS.get(key, re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower())


def plain_text(message: str) -> str:
    """Drop the HTML that Google puts into messages."""
    return html.unescape(re.sub(r"</?[A-Za-z][^>]*>", "", message)).strip()


def classify_oauth(http_status: int, body: bytes) -> YouTubeCMSError:
    """Turn an error reply of the token or revocation endpoint into an error."""
    try:
        reply = json.loads(body)
    except ValueError:
        reply = None
    code = str(reply.get("error", "")) if isinstance(reply, dict) else ""
    facts: dict[str, Any] = {"reason": code, "http_status": http_status}
    if code == "invalid_grant":
        return ReconnectRequiredError(**facts)
    if http_status in _TRANSIENT_STATUSES or code in _OAUTH_TRANSIENT:
        return RetryableAPIError(**facts)
    message = f"Google refused this application's OAuth client ({code or http_status})."
    return ConfigurationError(message, **facts)


def unsent(error: Raised) -> Raised:
    """Mark the error of a call that never left: it cost nothing."""
    if isinstance(error, YouTubeAPIError):
        error.is_uncharged = True
    return error


class ConsentError(BusinessLogicError):
    """The way through Google's consent page did not end well."""

    error_type = "consent_failed"
    default_message = "The account was not connected."


class MissingScopeError(ConsentError):
    """The person unticked what a push needs."""

    error_type = "missing_scope"
    default_message = (
        "The permission to manage videos was not granted, so nothing was connected. "
        "Start again and leave every box ticked."
    )


class WrongContentOwnerError(ConsentError):
    """The person's Google account manages somebody else's content."""

    error_type = "wrong_content_owner"
    default_message = "This Google account does not manage this content owner."


class AccountNotConnectedError(BusinessLogicError):
    """A push needs a connected account."""

    error_type = "account_not_connected"
    default_message = "This YouTube account is not connected."


class NothingToPushError(BusinessLogicError):
    """The selection has no edit that could be sent."""

    error_type = "nothing_to_push"
    default_message = "There are no unpushed edits that could be sent."


class PlanStateError(ConcurrencyError):
    """Somebody else confirmed, ran or cancelled the plan meanwhile."""

    error_type = "plan_state"
    default_message = "This plan is not in a state that allows this any more."


class NothingToRefreshError(BusinessLogicError):
    """The selection has no video."""

    error_type = "nothing_to_refresh"
    default_message = "There are no videos to read from YouTube."


class RefreshStateError(ConcurrencyError):
    """Somebody else cancelled the refresh, or it has ended."""

    error_type = "refresh_state"
    default_message = "This refresh is over already."


class SheetResultError(BusinessLogicError):
    """A file that is none of Content Manager's answers to a spreadsheet."""

    error_type = "sheet_result"
    default_message = "This is no status file of Content Manager."
