"""Secrets and signatures as the Standard Webhooks specification says.

A receiver checks `webhook-signature` over id, time and body with any library of
that specification: https://www.standardwebhooks.com/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature, with the version of its kind in front."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers_for(
    keys: Iterable[str], *, message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The headers of one attempt; while a secret is changed it has two signatures."""
    signatures = [
        sign(key, message_id=message_id, timestamp=timestamp, body=body) for key in keys
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
