"""The product's server, and beside it the least that a broadcast can be.

`/bare/` keeps the connections that it accepted; a POST sends its body to each of
them, one after the other. No rights, no log, no channel layer, no catching up.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from ytmanager.asgi import application as product

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_listening: set[Send] = set()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Uvicorn calls this for each request and connection."""
    if not scope.get("path", "").startswith("/bare/"):
        await product(scope, receive, send)
    elif scope["type"] == "websocket":
        await _listen(receive, send)
    else:
        await _broadcast(receive, send)


async def _listen(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    _listening.add(send)
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        _listening.discard(send)


async def _broadcast(receive: Receive, send: Send) -> None:
    text = (await receive())["body"].decode()
    for listener in list(_listening):
        await listener({"type": "websocket.send", "text": text})
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})
