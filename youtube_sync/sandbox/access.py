"""Who is calling: token, scopes, content owner, and what they own."""

from __future__ import annotations

from dataclasses import dataclass

from youtube_sync.sandbox import errors
from youtube_sync.sandbox.messages import Request
from youtube_sync.sandbox.oauth import OAuth
from youtube_sync.sandbox.state import Doc, Store

PREFIX = "https://www.googleapis.com/auth/"
PARTNER = PREFIX + "youtubepartner"
WRITE_SCOPES = frozenset({PREFIX + "youtube", PREFIX + "youtube.force-ssl", PARTNER})
READ_SCOPES = WRITE_SCOPES | {PREFIX + "youtube.readonly"}
PARTNER_SCOPES = frozenset({PARTNER})


@dataclass(frozen=True, slots=True)
class Caller:
    content_owner: str

    def owns(self, channel: Doc) -> bool:
        """As the content owner named in the call, else as the person."""
        if self.content_owner:
            return bool(channel["content_owner"] == self.content_owner)
        return bool(channel["mine"])


def identify(
    request: Request, oauth: OAuth, store: Store, scopes: frozenset[str]
) -> Caller:
    """Check the token, its scopes and `onBehalfOfContentOwner`, in this order."""
    granted = _granted(request, oauth)
    if not granted & scopes:
        raise errors.insufficient_scope()
    owner = request.parameter("onBehalfOfContentOwner")
    if owner and PARTNER not in granted:
        raise errors.insufficient_scope()
    if owner and store.get("content_owner", owner) is None:
        raise errors.content_owner_not_found()
    return Caller(owner)


def _granted(request: Request, oauth: OAuth) -> frozenset[str]:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    granted = oauth.scopes_of(token) if kind.lower() == "bearer" else None
    if granted is None:
        raise errors.unauthorized()
    return granted
