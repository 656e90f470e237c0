"""Each wrong configuration is named before the start."""

import pytest
from django.core.checks import run_checks

from ytmanager import checks


def ids(messages):
    return [message.id for message in messages]


def test_checks_run_with_django():
    registered = {check.__name__ for check in run_checks.__self__.registered_checks}

    assert {"check_environment", "check_database_locale"} <= registered


def test_unknown_environment_is_refused(settings):
    settings.APP_ENV = "live"

    assert ids(checks.check_environment(None)) == ["ytmanager.E001"]


@pytest.mark.parametrize(
    ("client_id", "secret", "expected"),
    [
        ("id", "secret", []),
        ("", "", ["ytmanager.W001"]),
        ("id", "", ["ytmanager.E002"]),
        ("", "secret", ["ytmanager.E002"]),
    ],
)
def test_half_an_oauth_client_is_refused(settings, client_id, secret, expected):
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = client_id, secret

    assert ids(checks.check_google(None)) == expected


@pytest.mark.parametrize(
    ("access_key", "secret_key", "expected"),
    [("a", "b", []), (None, None, []), ("a", None, ["ytmanager.E003"])],
)
def test_half_credentials_of_a_bucket_are_refused(
    settings, access_key, secret_key, expected
):
    settings.S3_BUCKET = "reports"
    settings.STORAGES = {
        **settings.STORAGES,
        "reports": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"access_key": access_key, "secret_key": secret_key},
        },
    }

    assert ids(checks.check_report_store(None)) == expected


@pytest.mark.django_db
def test_locale_of_the_embedded_database_is_accepted():
    assert checks.check_database_locale(None, databases=["default"]) == []


def test_ctype_c_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "_locale_of", lambda alias: ("UTF8", "C"))

    found = checks.check_database_locale(None, databases=["default"])

    assert ids(found) == ["ytmanager.E004"]
