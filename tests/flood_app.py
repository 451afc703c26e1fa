"""An ASGI application for the tests of Daphne: sends as many messages as it is asked for."""

import asyncio
from typing import Any

PAGE = b"a page that takes its time " * 100_000


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A text `N SIZE` is answered with N texts of SIZE letters, each beginning with its number.

    Any page is PAGE, after a second; but /quick/ is. The socket of /waits/ hears nothing, ever.
    """
    if scope["type"] == "http":
        is_quick = scope["path"] == "/quick/"
        await asyncio.sleep(0 if is_quick else 1)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"quick" if is_quick else PAGE})
        return
    await receive()
    if scope["path"] == "/waits/":
        await receive()
        return
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        n, size = map(int, message["text"].split())
        for i in range(n):
            await send({"type": "websocket.send", "text": f"{i} ".ljust(size, "ä")})
