"""System checks on configuration: run before start, each names the variable."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connections

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
