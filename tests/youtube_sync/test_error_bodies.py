"""Every error body that is known: sent by the sandbox, judged by our client."""

import pytest

from tests.youtube_sync.conftest import VIDEO_ID
from youtube_sync import exceptions as ours
from youtube_sync.sandbox.error_table import ERRORS

pytestmark = pytest.mark.integration
RETRIED = {
    "userRateLimitExceeded", "rateLimitExceeded", "conditionNotMet",
    "preconditionRequired", "uploadRateLimitExceeded", "internalError",
    "backendError", "serviceUnavailable",
}  # fmt: skip
EXPECTED = {
    **dict.fromkeys(RETRIED, ours.RetryableAPIError),
    **dict.fromkeys(("quotaExceeded", "dailyLimitExceeded"), ours.QuotaExceededError),
    **dict.fromkeys(
        ("authError", "required", "expired", "authorizationRequired",
         "insufficientPermissions"),
        ours.ReconnectRequiredError,
    ),
    **dict.fromkeys(
        ("accountDelegationForbidden", "authenticatedUserAccountClosed",
         "authenticatedUserAccountSuspended", "authenticatedUserNotChannel",
         "channelClosed", "channelNotFound", "channelSuspended",
         "cmsUserAccountNotFound", "insufficientCapabilities",
         "contentOwnerAccountNotFound", "youtubeSignupRequired",
         "contentOwnerNotProvided", "serviceAccountNotAllowed"),
        ours.AccountProblemError,
    ),
    "accessNotConfigured": ours.ApiNotEnabledError,
    "videoNotFound": ours.RemoteNotFoundError,
    "playlistNotFound": ours.RemoteNotFoundError,
    **{
        reason: ours.PushForbiddenError
        for reason in ERRORS
        if reason.startswith("forbidden") or reason == "SERVICE_UNAVAILABLE"
    },
    **dict.fromkeys(
        ("invalidTitle", "invalidDescription", "invalidTags", "invalidCategoryId",
         "invalidPublishAt", "invalidRecordingDetails", "defaultLanguageNotSet",
         "invalidVideoMetadata", "invalidDefaultBroadcastPrivacySetting"),
        ours.InvalidMetadataError,
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", sorted(ERRORS))
def test_error_body_tells_what_to_do(sandbox, youtube, reason):
    sandbox.add_fault("error", "videos.list", count=2, reason=reason)

    with pytest.raises(ours.YouTubeAPIError) as caught:
        youtube.get_videos([VIDEO_ID])

    expected = EXPECTED.get(reason, ours.YouTubeAPIError)
    assert type(caught.value) is expected
    assert caught.value.reason == reason


@pytest.mark.parametrize("reason", sorted(ERRORS))
def test_error_body_has_the_envelope_of_google(sandbox, http, reason):
    status, domain, location, _ = ERRORS[reason]
    sandbox.add_fault("error", "videos.list", reason=reason)

    reply = http.get(f"{sandbox.url}/youtube/v3/videos")

    error = reply.json()["error"]
    [entry] = error["errors"]
    assert (reply.status_code, error["code"]) == (status, status)
    assert (entry["reason"], entry["domain"]) == (reason, domain)
    assert (entry.get("location", ""), entry["message"]) == (location, error["message"])


@pytest.mark.parametrize(
    ("reason", "detail"),
    [
        ("accessNotConfigured", "SERVICE_DISABLED"),
        ("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    ],
)
def test_error_body_has_the_details_of_google(sandbox, http, reason, detail):
    sandbox.add_fault("error", "videos.list", reason=reason)

    error = http.get(f"{sandbox.url}/youtube/v3/videos").json()["error"]

    assert error["status"] == "PERMISSION_DENIED"
    assert error["details"][0]["reason"] == detail


def test_error_that_is_unknown_cannot_be_asked_for(sandbox, http):
    fault = {"kind": "error", "reason": "nonsense"}

    reply = http.post(f"{sandbox.url}/sandbox/faults", json=fault)

    assert reply.status_code == 400
