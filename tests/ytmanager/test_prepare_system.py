"""What a person reads when the database is not one to work with."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from ytmanager import checks

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def prepare(tmp_path):
    return lambda: call_command("prepare_system", password_file=tmp_path / "password")


def test_unreachable_database_is_told_with_its_reason(prepare, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", "9")

    with pytest.raises(CommandError, match="DATABASE_URL.*refused") as caught:
        prepare()

    assert "\n" not in str(caught.value)


def test_database_without_a_utf8_locale_is_refused(prepare, monkeypatch):
    monkeypatch.setattr(checks, "_locale_of", lambda alias: ("UTF8", "C"))

    with pytest.raises(CommandError, match=r"ctype C\. Create it with .*C\.UTF-8"):
        prepare()


def test_silent_redis_is_told(prepare, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"

    with pytest.raises(CommandError, match="REDIS_URL does not answer"):
        prepare()


def test_good_database_gets_an_administrator(prepare, tmp_path):
    prepare()

    assert (tmp_path / "password").read_text().strip()
