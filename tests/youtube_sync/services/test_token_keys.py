"""Keys of stored tokens: rotated, taken away, lost."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories.youtube_sync import YouTubeAccountFactory
from youtube_sync.exceptions import ReconnectRequiredError
from youtube_sync.models import YouTubeAccount
from youtube_sync.services import accounts
from youtube_sync.services.token_keys import rotate_token_keys

pytestmark = pytest.mark.django_db
TOKEN = "1//planted-refresh-token"


@pytest.fixture
def use_keys(settings):
    """Let the process start with these keys; the fields remember theirs."""
    fields = [
        YouTubeAccount._meta.get_field(n) for n in ("refresh_token", "access_token")
    ]

    def forget():
        for field in fields:
            field.__dict__.pop("keys", None)
            field.__dict__.pop("f", None)

    def use(*keys):
        settings.SALT_KEY = list(keys)
        forget()

    yield use
    forget()


def stored(account):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT refresh_token FROM youtube_sync_youtubeaccount WHERE id = %s",
            [account.pk],
        )
        return cursor.fetchone()[0]


def rotate():
    out = StringIO()
    call_command("rotate_token_keys", stdout=out)
    return out.getvalue()


def test_tokens_are_encrypted_in_the_database(db):
    account = YouTubeAccountFactory()

    assert stored(account).startswith("gAAAAA")
    assert "planted" not in stored(account)


def test_old_key_can_be_taken_away_after_a_rotation(use_keys):
    use_keys("old")
    account = YouTubeAccountFactory()
    use_keys("new", "old")

    text = rotate()

    use_keys("new")
    assert "Encrypted anew: 1." in text
    assert YouTubeAccount.objects.get(pk=account.pk).refresh_token == TOKEN


def test_second_rotation_changes_nothing(use_keys):
    use_keys("old")
    account = YouTubeAccountFactory()
    YouTubeAccountFactory(refresh_token=None, state="disconnected")
    use_keys("new", "old")
    rotate_token_keys()
    before = stored(account)

    result = rotate_token_keys()

    assert (result.rotated, result.unchanged, stored(account)) == (0, 2, before)


def test_token_without_its_key_is_named_and_kept(use_keys):
    use_keys("old")
    account = YouTubeAccountFactory(name="Forgotten")
    before = stored(account)
    use_keys("new")

    with pytest.raises(CommandError, match="Forgotten"):
        rotate()

    assert stored(account) == before
    use_keys("new", "old")
    assert YouTubeAccount.objects.get(pk=account.pk).refresh_token == TOKEN


def test_token_without_its_key_is_sent_to_nobody(use_keys, sandbox):
    use_keys("old")
    account = YouTubeAccountFactory(access_token=None)
    use_keys("new")
    account = YouTubeAccount.objects.get(pk=account.pk)

    with pytest.raises(ReconnectRequiredError):
        accounts.get_access_token(account=account)

    account.refresh_from_db()
    assert account.state == YouTubeAccount.State.NEEDS_RECONNECT
    assert "TOKEN_ENCRYPTION_KEYS" in account.problem
    assert not sandbox.requests
