"""Errors that only a fault can provoke here, by their reason.

Reasons and statuses are the published ones; where Google documents a reason
without its domain, the domain is the likely one.
"""

from __future__ import annotations

from youtube_sync.sandbox import errors

VIDEO, COMMON, PARAMETER = "youtube.video", "youtube.common", "youtube.parameter"
PART, USAGE, GLOBAL = "youtube.part", "usageLimits", "global"
ERRORS: dict[str, tuple[int, str, str, str]] = {
    # reason: status, domain, location, name of the status
    "invalidTitle": (400, VIDEO, "body.snippet.title", ""),
    "invalidDescription": (400, VIDEO, "body.snippet.description", ""),
    "invalidTags": (400, VIDEO, "body.snippet.tags", ""),
    "invalidCategoryId": (400, VIDEO, "body.snippet.categoryId", ""),
    "invalidPublishAt": (400, VIDEO, "body.status.publishAt", ""),
    "invalidRecordingDetails": (400, VIDEO, "body.recordingDetails", ""),
    "defaultLanguageNotSet": (400, VIDEO, "body.snippet.defaultLanguage", ""),
    "invalidVideoMetadata": (400, VIDEO, "body", ""),
    "invalidDefaultBroadcastPrivacySetting": (400, VIDEO, "body", ""),
    "uploadLimitExceeded": (400, VIDEO, "", ""),
    "forbidden": (403, VIDEO, "", ""),
    "forbiddenEmbedSetting": (403, VIDEO, "body.status.embeddable", ""),
    "forbiddenLicenseSetting": (403, VIDEO, "body.status.license", ""),
    "forbiddenPrivacySetting": (403, VIDEO, "body.status.privacyStatus", ""),
    "videoNotFound": (404, VIDEO, "body.id", ""),
    "quotaExceeded": (403, "youtube.quota", "", ""),
    "userRateLimitExceeded": (403, USAGE, "", ""),
    "rateLimitExceeded": (403, USAGE, "", ""),
    "dailyLimitExceeded": (403, USAGE, "", ""),
    "accessNotConfigured": (403, USAGE, "", "PERMISSION_DENIED"),
    "insufficientPermissions": (403, GLOBAL, "", "PERMISSION_DENIED"),
    "accountDelegationForbidden": (403, COMMON, "", ""),
    "authenticatedUserAccountClosed": (403, COMMON, "", ""),
    "authenticatedUserAccountSuspended": (403, COMMON, "", ""),
    "authenticatedUserNotChannel": (403, COMMON, "", ""),
    "channelClosed": (403, COMMON, "", ""),
    "channelNotFound": (403, COMMON, "", ""),
    "channelSuspended": (403, COMMON, "", ""),
    "cmsUserAccountNotFound": (403, COMMON, "", ""),
    "insufficientCapabilities": (403, COMMON, "", ""),
    "contentOwnerAccountNotFound": (404, COMMON, "onBehalfOfContentOwner", ""),
    "missingRequiredParameter": (400, PARAMETER, "parameters", ""),
    "incompatibleParameters": (400, PARAMETER, "parameters", ""),
    "invalidFilters": (400, PARAMETER, "parameters", ""),
    "invalidPageToken": (400, PARAMETER, "pageToken", ""),
    "unexpectedParameter": (400, PARAMETER, "parameters", ""),
    "unknownPart": (400, PART, "part", ""),
    "unexpectedPart": (400, PART, "part", ""),
    "invalidPart": (400, PART, "part", ""),
    "invalidLanguage": (400, COMMON, "hl", ""),
    "unsupportedLanguageCode": (400, COMMON, "hl", ""),
    "invalidRegionCode": (400, COMMON, "regionCode", ""),
    "authError": (401, GLOBAL, "Authorization", ""),
    "required": (401, GLOBAL, "Authorization", ""),
    "expired": (401, GLOBAL, "Authorization", ""),
    "youtubeSignupRequired": (401, COMMON, "Authorization", ""),
    "authorizationRequired": (401, "youtube.header", "Authorization", ""),
    "SERVICE_UNAVAILABLE": (403, "youtube.CoreErrorDomain", "", "PERMISSION_DENIED"),
    "conditionNotMet": (412, GLOBAL, "If-Match", ""),
    "preconditionRequired": (428, GLOBAL, "If-Match", ""),
    "uploadRateLimitExceeded": (429, "youtube.thumbnail", "", ""),
    "internalError": (500, GLOBAL, "", "INTERNAL"),
    "backendError": (503, GLOBAL, "", "UNAVAILABLE"),
    "serviceUnavailable": (503, GLOBAL, "", "UNAVAILABLE"),
    "playlistNotFound": (404, "youtube.playlistItem", "playlistId", ""),
    "contentOwnerNotProvided": (400, GLOBAL, "onBehalfOfContentOwner", ""),
    "serviceAccountNotAllowed": (403, GLOBAL, "", ""),
}


# Google tells more about these than the reason.
DETAILED = {
    "accessNotConfigured": errors.access_not_configured,
    "insufficientPermissions": errors.insufficient_scope,
    "quotaExceeded": errors.quota_exceeded,
    "videoNotFound": errors.video_not_found,
    "playlistNotFound": errors.playlist_not_found,
    "authError": errors.unauthorized,
}


def error_named(reason: str) -> errors.ApiError:
    """The error with this reason; raises ApiError 400 for one that is unknown."""
    if reason in DETAILED:
        return DETAILED[reason]()
    if reason not in ERRORS:
        raise errors.bad_value(f"Unknown reason: {reason}")
    status, domain, location, name = ERRORS[reason]
    kind = "header" if status in {401, 412, 428} else "parameter"
    return errors.ApiError(
        status,
        reason,
        errors.VIDEO_MESSAGES.get(reason, f"The request failed: {reason}."),
        domain=domain,
        location=location,
        location_type="other" if location.startswith("body") else kind,
        status_name=name,
        is_charged=reason not in {"quotaExceeded", "dailyLimitExceeded"},
    )
