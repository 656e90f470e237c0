"""Every expected error becomes the same body; bugs stay bugs."""

from datetime import datetime

import pytest
import structlog
from django.core import exceptions as django_errors
from django.http import Http404
from rest_framework import exceptions as rest_errors
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from catalog.exceptions import InvalidEditError, RowLockedError, VideoNotFoundError
from ytmanager.exception_handler import handle_exception
from ytmanager.exceptions import ConfigurationError, MaintenanceError

pytestmark = pytest.mark.unit

EXPECTED = [
    (VideoNotFoundError(video_id="x"), 404, "video_not_found"),
    (InvalidEditError(fields={"isrc": ["Too short."]}), 422, "invalid_edit"),
    (RowLockedError(), 409, "row_locked"),
    (MaintenanceError(), 503, "maintenance"),
    (ConfigurationError(), 500, "configuration_error"),
    (Http404("no Video matches <query>"), 404, "not_found"),
    (django_errors.PermissionDenied("secret reason"), 403, "permission_denied"),
    (django_errors.ValidationError("Wrong."), 400, "validation_error"),
    (django_errors.SuspiciousOperation("secret"), 400, "bad_request"),
    (django_errors.RequestDataTooBig("secret"), 413, "bad_request"),
    (rest_errors.ValidationError({"page": ["Wrong."]}), 400, "validation_error"),
    (rest_errors.ParseError(), 400, "parse_error"),
    (rest_errors.NotAuthenticated(), 401, "not_authenticated"),
    (rest_errors.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
    (rest_errors.UnsupportedMediaType("a/b"), 415, "unsupported_media_type"),
    (rest_errors.Throttled(wait=1.2), 429, "throttled"),
]


@pytest.fixture(autouse=True)
def no_rollback(monkeypatch):
    """These tests have no database; the rollback is tested beside the API."""
    monkeypatch.setattr("ytmanager.exception_handler.set_rollback", lambda: None)


def answer(exc):
    request = Request(APIRequestFactory().patch("/api/videos/abc/?a=1"))
    return handle_exception(exc, {"request": request})


@pytest.mark.parametrize(("exc", "status", "error_type"), EXPECTED)
def test_expected_error_has_its_status_and_type(exc, status, error_type):
    response = answer(exc)

    assert response.status_code == response.data["status"] == status
    assert response.data["error_type"] == error_type


@pytest.mark.parametrize("exc", [row[0] for row in EXPECTED])
def test_body_has_one_shape(exc):
    with structlog.contextvars.bound_contextvars(request_id="abc-1"):
        body = answer(exc).data

    assert set(body) == {
        "status",
        "error_type",
        "message",
        "timestamp",
        "path",
        "method",
        "details",
        "request_id",
    }
    assert (body["path"], body["method"]) == ("/api/videos/abc/", "PATCH")
    assert body["request_id"] == "abc-1"
    assert datetime.fromisoformat(body["timestamp"]).tzinfo is not None
    assert body["message"]
    assert isinstance(body["details"], dict)


@pytest.mark.parametrize(
    ("exc", "details"),
    [
        (VideoNotFoundError(video_id="x"), {"video_id": "x"}),
        (rest_errors.ValidationError({"page": ["Wrong."]}), {"page": ["Wrong."]}),
        (rest_errors.ValidationError("Wrong."), {"non_field_errors": ["Wrong."]}),
        (
            django_errors.ValidationError({"isrc": ["Wrong."]}),
            {"isrc": ["Wrong."]},
        ),
        (django_errors.ValidationError("Wrong."), {"non_field_errors": ["Wrong."]}),
    ],
)
def test_details_name_what_is_wrong(exc, details):
    assert answer(exc).data["details"] == details


@pytest.mark.parametrize(
    "exc",
    [
        Http404("secret"),
        django_errors.PermissionDenied("secret"),
        django_errors.SuspiciousOperation("secret"),
    ],
)
def test_texts_meant_for_developers_stay_inside(exc):
    assert "secret" not in str(answer(exc).data)


def test_challenge_and_waiting_time_become_headers():
    refused = rest_errors.NotAuthenticated()
    refused.auth_header = "Token"

    challenge = answer(refused)
    throttled = answer(rest_errors.Throttled(wait=1.2))

    assert challenge["WWW-Authenticate"] == "Token"
    assert throttled["Retry-After"] == "2"


def test_debug_info_appears_under_debug_only(settings):
    settings.DEBUG = True

    body = answer(RowLockedError()).data

    assert body["debug_info"] == {"exception": "RowLockedError"}


def test_bug_is_left_alone():
    assert answer(ZeroDivisionError()) is None


@pytest.mark.parametrize(
    ("exc", "level"), [(RowLockedError(), "info"), (MaintenanceError(), "warning")]
)
def test_error_is_logged_once(exc, level):
    with structlog.testing.capture_logs() as logs:
        answer(exc)

    assert [(line["event"], line["log_level"]) for line in logs] == [
        ("api_error", level)
    ]
