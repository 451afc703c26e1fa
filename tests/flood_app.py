"""An ASGI application for the tests of Daphne: sends as many messages as it is asked for."""

import asyncio
from typing import Any

PAGE = b"a page that takes its time " * 100_000


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A text `N SIZE` is answered with N texts of SIZE letters, each beginning with its number.

    Any page is PAGE, after a second.
    """
    if scope["type"] == "http":
        await asyncio.sleep(1)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": PAGE})
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        n, size = map(int, message["text"].split())
        for i in range(n):
            await send({"type": "websocket.send", "text": f"{i} ".ljust(size, "ä")})
