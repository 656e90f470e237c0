"""The first administrator."""

import stat

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def password_file(tmp_path):
    return tmp_path / "admin-password"


def test_administrator_is_made_where_there_is_none(password_file):
    call_command("ensure_admin", password_file=password_file)

    admin = get_user_model().objects.get(username="admin")
    assert admin.is_superuser
    assert admin.check_password(password_file.read_text().strip())


def test_password_is_readable_by_its_owner_only(password_file):
    password_file.touch(mode=0o644)

    call_command("ensure_admin", password_file=password_file)

    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600


def test_second_run_changes_nothing(password_file):
    call_command("ensure_admin", password_file=password_file)
    before = password_file.read_text()

    call_command("ensure_admin", password_file=password_file)

    assert password_file.read_text() == before
    assert get_user_model().objects.count() == 1


def test_another_superuser_is_enough(password_file):
    get_user_model().objects.create_superuser("root", password="a long secret")

    call_command("ensure_admin", password_file=password_file)

    assert not password_file.exists()
    assert get_user_model().objects.count() == 1
