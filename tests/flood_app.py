"""An ASGI application for the tests of Daphne: sends as many messages as it is asked for."""

from typing import Any


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A text `N SIZE` is answered with N texts of SIZE letters, each beginning with its number."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        n, size = map(int, message["text"].split())
        for i in range(n):
            await send({"type": "websocket.send", "text": f"{i} ".ljust(size, "ä")})
