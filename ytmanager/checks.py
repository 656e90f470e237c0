"""System checks on configuration: run before start, each names the variable."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connections

SECRET_LENGTH, TOKEN_LENGTH = 50, 20
ENVIRONMENTS = ("development", "test", "staging", "production")


@register("ytmanager")
def check_environment(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """APP_ENV is one of four words."""
    if settings.APP_ENV in ENVIRONMENTS:
        return []
    return [
        Error(
            f"APP_ENV is {settings.APP_ENV!r}.",
            hint=f"Use one of: {', '.join(ENVIRONMENTS)}.",
            id="ytmanager.E001",
        )
    ]


@register("ytmanager")
def check_google(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """An OAuth client has an id and a secret, or neither."""
    given = {
        name: bool(getattr(settings, name))
        for name in ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")
    }
    if all(given.values()):
        return []
    missing = " and ".join(name for name, is_given in given.items() if not is_given)
    if not any(given.values()):
        return [
            Warning(
                f"{missing} are not set: no YouTube account can be connected.",
                hint="Create an OAuth client of the type 'web application'.",
                id="ytmanager.W001",
            )
        ]
    return [Error(f"{missing} is not set.", id="ytmanager.E002")]


@register("ytmanager")
def check_report_store(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Credentials for a bucket are useless without the bucket's name."""
    options = settings.STORAGES["reports"].get("OPTIONS", {})
    keys = [options.get("access_key"), options.get("secret_key")]
    if settings.S3_BUCKET and any(keys) and not all(keys):
        return [
            Error(
                "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set.",
                hint="Set both, or neither to use the machine's own role.",
                id="ytmanager.E003",
            )
        ]
    return []


@register("ytmanager", "database", deploy=False)
def check_database_locale(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Under ctype C the trigrams of non-Latin text are empty: search finds nothing."""
    found = [_locale_of(alias) for alias in databases or ()]
    return [
        Error(
            f"The database has the encoding {encoding} and the ctype {ctype}.",
            hint="Create it with ENCODING 'UTF8' and a UTF-8 locale such as C.UTF-8.",
            id="ytmanager.E004",
        )
        for encoding, ctype in found
        if encoding != "UTF8" or ctype in {"C", "POSIX"}
    ]


def _locale_of(alias: str) -> tuple[str, str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), coalesce(datctype, '') "
            "FROM pg_database WHERE datname = current_database()"
        )
        encoding, ctype = cursor.fetchone()
    return encoding, ctype


@register("ytmanager")
def check_production(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """What development may leave open, an office may not."""
    if settings.IS_DEVELOPMENT:
        return []
    wrong = {
        "DEBUG": settings.DEBUG and "is on: errors would show their source.",
        "SITE_URL": not settings.SITE_URL.startswith("https://")
        and "is not https: passwords would travel in the open.",
        "ALLOWED_HOSTS": (not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS)
        and "names no host, or every one.",
        "SECRET_KEY": len(settings.SECRET_KEY) < SECRET_LENGTH
        and f"is shorter than {SECRET_LENGTH} characters.",
        "MONITOR_TOKEN": 0 < len(settings.MONITOR_TOKEN) < TOKEN_LENGTH
        and f"is shorter than {TOKEN_LENGTH} characters.",
    }
    return [
        Error(f"{name} {why}", id="ytmanager.E005")
        for name, why in wrong.items()
        if why
    ]


@register("ytmanager")
def check_token_keys(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Keys that cannot encrypt would only be noticed when an account connects."""
    if settings.SALT_KEY and all(settings.SALT_KEY):
        return []
    return [
        Error(
            "TOKEN_ENCRYPTION_KEYS is empty or has an empty key.",
            hint="Name one key or more, separated by commas, the newest first.",
            id="ytmanager.E006",
        )
    ]


@register("ytmanager")
def check_pool(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The pool opens with its smallest size and grows to its largest."""
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]
    wrong = []
    if not 0 <= pool["min_size"] <= pool["max_size"] or not pool["max_size"]:
        wrong.append("DB_POOL_MIN is larger than DB_POOL_MAX, or that is 0.")
    if pool["timeout"] <= 0 or pool["max_lifetime"] <= 0:
        wrong.append("DB_POOL_TIMEOUT and DB_POOL_LIFETIME must be more than 0.")
    return [Error(text, id="ytmanager.E007") for text in wrong]


@register("ytmanager")
def check_backups(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A backup beside the program is lost with the machine."""
    place = settings.STORAGES["dbbackup"].get("OPTIONS", {}).get("location", "")
    is_beside = Path(place).is_relative_to(settings.BASE_DIR)
    if settings.IS_DEVELOPMENT or settings.BACKUP_BUCKET or not is_beside:
        return []
    return [
        Warning(
            "Backups are kept beside the program.",
            hint="Set BACKUP_BUCKET, or BACKUP_FOLDER to a folder on another disk.",
            id="ytmanager.W002",
        )
    ]
