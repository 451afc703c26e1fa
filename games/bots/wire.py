"""One websocket, whose frames are written by hand.

So the generator isn't the bottleneck: a client library spends several times as long on a message as
the server that sends it.
"""

import asyncio
import base64
import json
import os
import struct
import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class Bot(asyncio.Protocol):
    """One websocket. `hear(bot, frame, at)` gets each text frame and when it came."""

    def __init__(
        self, url: str, subprotocols: list[str], hear: Callable[["Bot", bytes, float], None]
    ) -> None:
        self.url = urlsplit(url)
        self.subprotocols = subprotocols
        self.hear = hear
        self.close_code: int | None = None
        self.started = time.perf_counter()
        self.is_gone = asyncio.Event()
        self._buffer = bytearray()
        self._is_upgraded = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports don't derive from asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        offered = f"Sec-WebSocket-Protocol: {', '.join(self.subprotocols)}\r\n"
        self._transport.write(
            (
                f"GET {self.url.path or '/'} HTTP/1.1\r\nHost: {self.url.netloc}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\n{offered if self.subprotocols else ''}\r\n"
            ).encode()
        )

    def say(self, text: str) -> None:
        """Write one text frame."""
        data = text.encode()
        # A client must mask; a mask of zeros leaves the bytes as they are.
        if len(data) < 126:
            head = struct.pack("!BB", 0x80 | TEXT, 0x80 | len(data))
        else:
            head = struct.pack("!BBH", 0x80 | TEXT, 0x80 | 126, len(data))
        self._write(head + b"\0\0\0\0" + data)

    def leave(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()

    def stop_reading(self) -> None:
        """Leave what comes in where it is, as a phone on a dead network does."""
        if self._transport and not self._transport.is_closing():
            self._transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._buffer += data
        if not self._is_upgraded:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._buffer.startswith(b"HTTP/1.1 101"):
                self.close_code = int(self._buffer[9:12])
                self.leave()
                return
            self._is_upgraded = True
            del self._buffer[: end + 4]
        while (frame := self._next_frame()) is not None:
            kind, payload = frame
            if kind == TEXT:
                self.hear(self, payload, at)
            elif kind == PING:
                self._write(
                    struct.pack("!BB", 0x80 | PONG, 0x80 | len(payload)) + bytes(4) + payload
                )
            elif kind == CLOSE:
                self.close_code = int.from_bytes(payload[:2], "big") if payload else 1005
                self.leave()

    def connection_lost(self, error: Exception | None) -> None:
        self.close_code = self.close_code or 1006
        self.is_gone.set()

    def _next_frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < max(start, start + size):
            return None
        kind, payload = buffer[0] & 0xF, bytes(buffer[start : start + size])
        del buffer[: start + size]
        return kind, payload

    def _write(self, data: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)


async def connect(bot: Bot) -> Bot:
    """Open the bot's socket; the handshake goes on by itself."""
    loop = asyncio.get_running_loop()
    port = bot.url.port or 80
    bot.started = time.perf_counter()
    await loop.create_connection(lambda: bot, bot.url.hostname or "", port)
    return bot


def command(type: str, **fields: Any) -> str:
    """A command as a browser sends it."""
    return json.dumps({"type": type, **fields}, separators=(",", ":"))
