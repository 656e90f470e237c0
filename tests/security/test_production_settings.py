"""The settings of an office: complete, checked, and named when they are wrong."""

import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as running

from ytmanager.local.paths import PROJECT

REQUIRED = ("SECRET_KEY", "TOKEN_ENCRYPTION_KEYS", "DATABASE_URL", "REDIS_URL")


@pytest.fixture(scope="module")
def production():
    """The variables of an office, and nothing of this machine."""
    return {
        "PATH": os.environ["PATH"],
        "APP_ENV": "production",
        "SECRET_KEY": "kf83-Ab" * 10,
        "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "ytm.example.com",
        "SITE_URL": "https://ytm.example.com",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "GOOGLE_CLIENT_ID": "id",
        "GOOGLE_CLIENT_SECRET": "secret",
        "MONITOR_TOKEN": "m" * 32,
        "BACKUP_FOLDER": "/var/backups/ytmanager",
    }


def check(variables, *options):
    return subprocess.run(
        [sys.executable, "manage.py", "check", *options],
        env=variables,
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )


def test_deployment_check_finds_nothing(production):
    done = check(production, "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", REQUIRED)
def test_missing_variable_stops_the_start_and_is_named(production, name):
    done = check({key: value for key, value in production.items() if key != name})

    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_secret_may_come_from_a_file(production, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(production["SECRET_KEY"])
    given = {key: value for key, value in production.items() if key != "SECRET_KEY"}

    done = check(given | {"SECRET_KEY_FILE": str(secret)})

    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/api/videos/", "/no-such-page"])
def test_every_reply_carries_the_security_headers(client, path):
    headers = client.get(path).headers

    policy = headers["Content-Security-Policy"]
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "'unsafe-inline'" not in scripts
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/api/videos/"])
def test_error_page_shows_nothing_of_the_error(client, admin_user, monkeypatch, path):
    def fail(*arguments, **options):
        raise RuntimeError(f"broken with {running.SECRET_KEY}")

    monkeypatch.setattr("ytmanager.dashboard.figures.figures", fail)
    monkeypatch.setattr("catalog.api.views.VideoViewSet.list", fail)
    client.force_login(admin_user)
    client.raise_request_exception = False

    reply = client.get(path)

    assert reply.status_code == 500
    assert "omething went wrong" in reply.text
    assert running.SECRET_KEY not in reply.text
    assert "RuntimeError" not in reply.text
