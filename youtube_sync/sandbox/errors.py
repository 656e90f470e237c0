"""Error bodies as Google's front ends write them."""

from __future__ import annotations

from typing import Any

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
QUOTA_MESSAGE = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)
VIDEO_MESSAGES = {
    "invalidTitle": "The request metadata specifies an invalid or empty video title.",
    "invalidDescription": (
        "The request metadata specifies an invalid video description."
    ),
    "invalidTags": "The request metadata specifies invalid video keywords.",
    "invalidCategoryId": "The request metadata specifies an invalid category ID.",
    "invalidPublishAt": (
        "The request metadata specifies an invalid scheduled publishing time."
    ),
    "invalidRecordingDetails": (
        "The request metadata specifies invalid recording details."
    ),
    "defaultLanguageNotSet": (
        "The request is trying to add localized video details without specifying "
        "the default language of the video details."
    ),
    "invalidVideoMetadata": "The request metadata is invalid.",
}


class ApiError(Exception):
    """An error reply: HTTP status and what the envelope says."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: str = "",
        location_type: str = "",
        status_name: str = "",
        details: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
        is_charged: bool = True,
    ) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message
        self.domain, self.headers = domain, headers or {}
        self.location, self.location_type = location, location_type
        self.status_name, self.details = status_name, details
        # Nobody to charge, or nothing left to charge.
        self.is_charged = is_charged and status != 401

    def as_body(self) -> dict[str, Any]:
        entry = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.location:
            entry |= {"location": self.location, "locationType": self.location_type}
        error: dict[str, Any] = {"code": self.status, "message": self.message}
        error["errors"] = [entry]
        if self.status_name:
            error["status"] = self.status_name
        if self.details:
            error["details"] = self.details
        return {"error": error}


def unauthorized() -> ApiError:
    challenge = 'Bearer realm="https://accounts.google.com/", error=invalid_token'
    return ApiError(
        401,
        "authError",
        "Invalid Credentials",
        location="Authorization",
        location_type="header",
        headers={"Www-Authenticate": challenge},
    )


def insufficient_scope() -> ApiError:
    info = {"@type": ERROR_INFO, "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
    return ApiError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        status_name="PERMISSION_DENIED",
        details=[info | {"domain": "googleapis.com", "metadata": {}}],
    )


def quota_exceeded() -> ApiError:
    return ApiError(
        403,
        "quotaExceeded",
        QUOTA_MESSAGE,
        domain="youtube.quota",
        is_charged=False,
    )


def _limit_reached(metric: str, period: str, unit: str, limit: int) -> ApiError:
    metadata = {
        "quota_metric": f"youtube.googleapis.com/{metric.replace(' ', '_').lower()}",
        "quota_limit": f"{metric} per {period}", "quota_limit_value": str(limit),
        "quota_unit": unit, "quota_location": "global", "consumer": "projects/1",
        "service": "youtube.googleapis.com",
    }  # fmt: skip
    info = {"@type": ERROR_INFO, "reason": "RATE_LIMIT_EXCEEDED"}
    return ApiError(
        429,
        "rateLimitExceeded",
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per "
        f"{period}' of service 'youtube.googleapis.com' for consumer "
        "'project_number:1'.",
        status_name="RESOURCE_EXHAUSTED",
        details=[info | {"domain": "googleapis.com", "metadata": metadata}],
        is_charged=period != "day",
    )


def daily_bucket_exceeded(limit: int = 100, metric: str = "Search Queries") -> ApiError:
    return _limit_reached(metric, "day", "1/d/{project}", limit)


def rate_limited(limit: int = 1800) -> ApiError:
    return _limit_reached("Queries", "minute", "1/min/{project}", limit)


def rate_limited_403() -> ApiError:
    return ApiError(
        403, "userRateLimitExceeded", "User Rate Limit Exceeded", domain="usageLimits"
    )


def backend_error(status: int = 503) -> ApiError:
    reason = "internalError" if status == 500 else "backendError"
    name = "INTERNAL" if status == 500 else "UNAVAILABLE"
    return ApiError(status, reason, "Backend Error", status_name=name)


def access_not_configured() -> ApiError:
    info = {"@type": ERROR_INFO, "reason": "SERVICE_DISABLED"}
    return ApiError(
        403,
        "accessNotConfigured",
        "This API has not been used in this project before or it is disabled.",
        domain="usageLimits",
        status_name="PERMISSION_DENIED",
        details=[info | {"domain": "googleapis.com", "metadata": {}}],
    )


def parse_error() -> ApiError:
    return ApiError(400, "parseError", "Parse Error")


def bad_value(message: str) -> ApiError:
    return ApiError(400, "badRequest", message, status_name="INVALID_ARGUMENT")


def parameter_error(
    reason: str, message: str, location: str, domain: str = "youtube.parameter"
) -> ApiError:
    return ApiError(
        400,
        reason,
        message,
        domain=domain,
        location=location,
        location_type="parameter",
    )


def unknown_part(name: str) -> ApiError:
    message = f"'{name}'" if name else "No part was named."
    return parameter_error("unknownPart", message, "part", "youtube.part")


def invalid_video(reason: str, location: str = "body") -> ApiError:
    return ApiError(
        400,
        reason,
        VIDEO_MESSAGES[reason],
        domain="youtube.video",
        location=location,
        location_type="other",
    )


def video_not_found() -> ApiError:
    return ApiError(
        404,
        "videoNotFound",
        "The video that you are trying to update cannot be found. Check the value "
        "of the <code>id</code> field in the request body to ensure that it is "
        "correct.",
        domain="youtube.video",
        location="body.id",
        location_type="other",
    )


def forbidden(domain: str = "youtube.video") -> ApiError:
    return ApiError(403, "forbidden", "Forbidden", domain=domain)


def content_owner_not_found() -> ApiError:
    return ApiError(
        404,
        "contentOwnerAccountNotFound",
        "The content owner account cannot be found.",
        domain="youtube.common",
        location="onBehalfOfContentOwner",
        location_type="parameter",
    )


def playlist_not_found() -> ApiError:
    return ApiError(
        404,
        "playlistNotFound",
        "The playlist identified with the request's <code>playlistId</code> "
        "parameter cannot be found.",
        domain="youtube.playlistItem",
        location="playlistId",
        location_type="parameter",
    )


def not_found(message: str = "Not Found") -> ApiError:
    return ApiError(404, "notFound", message)


def thumbnail_error(reason: str, message: str) -> ApiError:
    return ApiError(400, reason, message, domain="youtube.thumbnail")


def thumbnail_video_not_found() -> ApiError:
    return ApiError(
        404,
        "videoNotFound",
        "The video that you are trying to insert a thumbnail image for cannot be "
        "found.",
        domain="youtube.thumbnail",
        location="videoId",
        location_type="parameter",
    )
