"""Every error reply is judged by its reason."""

import json

import pytest

from youtube_sync import exceptions as errors
from ytmanager.exceptions import ConfigurationError

pytestmark = pytest.mark.unit


def envelope(status, reason, domain="global", location="", details=None, message="m"):
    entry = {"message": message, "domain": domain, "reason": reason}
    entry |= {"location": location} if location else {}
    error = {"code": status, "message": message, "errors": [entry]}
    error |= {"details": details} if details else {}
    return json.dumps({"error": error}).encode()


@pytest.mark.parametrize(
    ("status", "reason", "domain", "expected"),
    [
        (403, "quotaExceeded", "youtube.quota", errors.QuotaExceededError),
        (403, "dailyLimitExceeded", "usageLimits", errors.QuotaExceededError),
        (403, "userRateLimitExceeded", "usageLimits", errors.RetryableAPIError),
        (403, "accessNotConfigured", "usageLimits", errors.ApiNotEnabledError),
        (403, "insufficientPermissions", "global", errors.ReconnectRequiredError),
        (403, "forbidden", "youtube.video", errors.PushForbiddenError),
        (403, "channelSuspended", "youtube.common", errors.AccountProblemError),
        (
            403,
            "SERVICE_UNAVAILABLE",
            "youtube.CoreErrorDomain",
            errors.PushForbiddenError,
        ),
        (401, "authError", "global", errors.ReconnectRequiredError),
        (401, "youtubeSignupRequired", "youtube.header", errors.AccountProblemError),
        (400, "invalidTags", "youtube.video", errors.InvalidMetadataError),
        (404, "videoNotFound", "youtube.video", errors.RemoteNotFoundError),
        (
            404,
            "contentOwnerAccountNotFound",
            "youtube.common",
            errors.AccountProblemError,
        ),
        (412, "conditionNotMet", "global", errors.RetryableAPIError),
        (500, "internalError", "global", errors.RetryableAPIError),
        (503, "backendError", "global", errors.RetryableAPIError),
        (400, "unknownPart", "youtube.part", errors.YouTubeAPIError),
        (400, "somethingNew", "global", errors.YouTubeAPIError),
    ],
)
def test_classify_goes_by_the_reason(status, reason, domain, expected):
    error = errors.classify(status, envelope(status, reason, domain), operation="x")

    assert type(error) is expected
    assert (error.reason, error.domain) == (reason, domain)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("1/d/{project}", errors.QuotaExceededError),
        ("1/min/{project}", errors.RetryableAPIError),
    ],
)
def test_classify_tells_a_daily_bucket_from_a_rate(unit, expected):
    details = [{"metadata": {"quota_unit": unit}}]
    body = envelope(429, "rateLimitExceeded", details=details)

    error = errors.classify(429, body, operation="search.list")

    assert type(error) is expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Quota exceeded: Queries per day", errors.QuotaExceededError),
        ("Quota exceeded: Queries per minute", errors.RetryableAPIError),
    ],
)
def test_classify_reads_the_message_when_details_are_missing(message, expected):
    body = envelope(429, "rateLimitExceeded", message=message)

    error = errors.classify(429, body, operation="x")

    assert type(error) is expected


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (502, b"<html>Bad Gateway</html>", errors.RetryableAPIError),
        (503, b'{"error": {"code": 503, "status": "UNAVAILABLE"}}',
         errors.RetryableAPIError),
        (401, b"", errors.ReconnectRequiredError),
        (403, b"[]", errors.PushForbiddenError),
        (404, b'{"error": "not_found"}', errors.RemoteNotFoundError),
        (400, b'{"error": {"errors": ["odd"]}}', errors.YouTubeAPIError),
    ],
)  # fmt: skip
def test_classify_falls_back_on_the_status(status, body, expected):
    error = errors.classify(status, body, operation="x")

    assert type(error) is expected


@pytest.mark.parametrize(
    ("reason", "location", "field"),
    [
        ("invalidTitle", "body.snippet.title", "title"),
        ("invalidCategoryId", "", "category_id"),
        ("forbiddenPrivacySetting", "", "privacy_status"),
        ("invalidVideoMetadata", "body.status.privacyStatus", "privacy_status"),
        ("invalid", "body.status.selfDeclaredMadeForKids", "made_for_kids"),
        ("invalid", "metadataMine.customId", "custom_id"),
        ("invalidVideoMetadata", "body", ""),
        ("unknownPart", "part", ""),
    ],
)
def test_classify_names_the_field(reason, location, field):
    error = errors.classify(400, envelope(400, reason, "", location), operation="x")

    assert error.field == field


def test_classify_drops_html_from_the_message():
    message = 'Your <a href="/q">quota</a> &amp; more'
    body = envelope(403, "quotaExceeded", message=message)

    error = errors.classify(403, body, operation="videos.update")

    assert error.message == "Your quota & more"
    assert error.details["operation"] == "videos.update"


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "invalid_grant", errors.ReconnectRequiredError),
        (401, "invalid_client", ConfigurationError),
        (400, "redirect_uri_mismatch", ConfigurationError),
        (503, "", errors.RetryableAPIError),
        (400, "temporarily_unavailable", errors.RetryableAPIError),
    ],
)
def test_classify_oauth_goes_by_the_code(status, code, expected):
    error = errors.classify_oauth(status, json.dumps({"error": code}).encode())

    assert type(error) is expected


def test_classify_oauth_survives_a_page_of_a_proxy():
    error = errors.classify_oauth(502, b"<html>")

    assert error.retryable


def test_only_passing_failures_are_retryable():
    passing = {errors.RetryableAPIError, errors.UncertainOutcomeError}
    leaves = set(errors._KINDS.values()) | passing

    retryable = {leaf for leaf in leaves if leaf.retryable}

    assert retryable == passing
