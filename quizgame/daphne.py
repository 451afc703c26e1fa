"""Daphne with quick websockets: `python -m quizgame.daphne` takes Daphne's own options.

Most of what a send costs under Daphne is Twisted registering a writer with its reactor for each
frame, and unregistering it when the frame is out, and autobahn formatting log lines. Here a frame
is written to the socket at once where nothing is queued before it, and what doesn't fit is handed
to Twisted's queue. The same text sent to many sockets is encoded once.

That leans on Twisted's internals, so it is done only where they look as expected: elsewhere (TLS, a
compressing peer, another version) Daphne's own way is taken.
"""

import logging
import resource
import sys
from typing import Any

from autobahn.websocket.protocol import WebSocketProtocol as Autobahn
from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet.tcp import Connection

from quizgame.settings import flag

logger = logging.getLogger(__name__)

MAX_QUEUED = 512 * 1024
"""Bytes a slow reader may leave waiting; past it the socket is cut, and comes back by snapshot."""

BACKLOG = 2048
"""Connections that may wait to be accepted; the system has the last word."""

_encoded: tuple[str, bytes] = ("", b"")


class QuickWebSocket(WebSocketProtocol):  # type: ignore[misc]  # Daphne has no types
    """One websocket connection."""

    def serverSend(self, content: Any, binary: bool = False) -> None:  # noqa: N802  # Daphne's name
        """Write a message: at once if nothing waits, else behind what does."""
        if binary or not self._is_plain():
            super().serverSend(content, binary)
            return
        frame = text_frame(content)
        sent = 0
        if not self._queued():
            try:
                sent = self.transport.socket.send(frame)
            except BlockingIOError:
                pass
            except OSError:
                return  # the reader is gone; Twisted is about to notice
        if sent < len(frame):
            self.transport.write(frame[sent:])
            if self._queued() > MAX_QUEUED:
                logger.info("Cut a slow reader")
                self.transport.abortConnection()

    def _is_plain(self) -> bool:
        """Is this an open socket of the sort whose inside is known here?"""
        return (
            self.state == Autobahn.STATE_OPEN
            and isinstance(self.transport, Connection)
            and self._perMessageCompress is None
            and not self.send_queue
            and not self.transport.disconnecting
            and KNOWN
        )

    def _queued(self) -> int:
        """Bytes that wait for the reader."""
        transport = self.transport
        waiting: int = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
        return waiting


KNOWN = all(hasattr(Connection, name) for name in ("dataBuffer", "offset")) and hasattr(
    Autobahn, "STATE_OPEN"
)


def text_frame(text: str) -> bytes:
    """A text message as one unmasked frame (RFC 6455, section 5.2)."""
    global _encoded
    # A room's news is one string for all its sockets.
    if _encoded[0] is not text:
        data = text.encode()
        if len(data) < 126:
            head = bytes((0x81, len(data)))
        elif len(data) < 65536:
            head = b"\x81\x7e" + len(data).to_bytes(2, "big")
        else:
            head = b"\x81\x7f" + len(data).to_bytes(8, "big")
        _encoded = (text, head + data)
    return _encoded[1]


class RoomyServer(Server):  # type: ignore[misc]  # Daphne has no types
    """Daphne's server, with room at the door for a class that arrives at once."""

    endpoints: list[str]

    def run(self) -> None:
        """Listen, with a longer queue: of Twisted's 50 a full one costs a phone a second."""
        self.endpoints = [
            f"{endpoint}:backlog={BACKLOG}" if endpoint.startswith("tcp") else endpoint
            for endpoint in self.endpoints
        ]
        super().run()


def allow_many_sockets() -> None:
    """Raise the limit of open files to what the system permits: the default is often 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def arguments(given: list[str], is_behind_proxy: bool) -> list[str]:
    """Daphne's own, with the visitors' addresses as the proxy tells them: else all would be one."""
    return [*given[:1], *(["--proxy-headers"] if is_behind_proxy else []), *given[1:]]


if __name__ == "__main__":
    sys.argv = arguments(sys.argv, is_behind_proxy=flag("HTTPS", default=False))
    allow_many_sockets()
    WebSocketFactory.protocol = QuickWebSocket
    CommandLineInterface.server_class = RoomyServer
    CommandLineInterface.entrypoint()
