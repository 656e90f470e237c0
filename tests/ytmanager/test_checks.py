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


@pytest.fixture
def office(settings):
    """Settings of an office, all of them right."""
    settings.IS_DEVELOPMENT = settings.DEBUG = False
    settings.SITE_URL = "https://ytm.example.com"
    settings.ALLOWED_HOSTS = ["ytm.example.com"]
    settings.SECRET_KEY = "k" * 50
    settings.MONITOR_TOKEN = ""
    return settings


def test_right_settings_of_an_office_are_accepted(office):
    assert checks.check_production(None) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", True),
        ("SITE_URL", "http://ytm.example.com"),
        ("ALLOWED_HOSTS", ["*"]),
        ("ALLOWED_HOSTS", []),
        ("SECRET_KEY", "short"),
        ("MONITOR_TOKEN", "short"),
    ],
)
def test_wrong_value_is_named(office, name, value):
    setattr(office, name, value)

    found = checks.check_production(None)

    assert ids(found) == ["ytmanager.E005"]
    assert found[0].msg.startswith(f"{name} ")


def test_development_may_leave_things_open(settings):
    settings.IS_DEVELOPMENT, settings.SECRET_KEY = True, "short"

    assert checks.check_production(None) == []


@pytest.mark.parametrize("keys", [[], [""], ["key", ""]])
def test_empty_token_keys_are_refused(settings, keys):
    settings.SALT_KEY = keys

    assert ids(checks.check_token_keys(None)) == ["ytmanager.E006"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("min_size", 20), ("max_size", 0), ("timeout", 0), ("max_lifetime", -1)],
)
def test_impossible_pool_is_refused(settings, monkeypatch, name, value):
    pool = {"min_size": 1, "max_size": 10, "timeout": 5, "max_lifetime": 60}
    options = settings.DATABASES["default"]["OPTIONS"]
    monkeypatch.setitem(options, "pool", pool | {name: value})

    assert "ytmanager.E007" in ids(checks.check_pool(None))


def test_backups_beside_the_program_are_doubted(settings):
    settings.IS_DEVELOPMENT = False
    inside = {"OPTIONS": {"location": str(settings.BASE_DIR / ".local" / "backups")}}
    settings.STORAGES = {**settings.STORAGES, "dbbackup": inside}

    assert ids(checks.check_backups(None)) == ["ytmanager.W002"]


@pytest.mark.django_db
def test_locale_of_the_embedded_database_is_accepted():
    assert checks.check_database_locale(None, databases=["default"]) == []


def test_ctype_c_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "_locale_of", lambda alias: ("UTF8", "C"))

    found = checks.check_database_locale(None, databases=["default"])

    assert ids(found) == ["ytmanager.E004"]
