"""Daphne with quick websockets: `python -m quizgame.daphne` takes Daphne's own options.

Most of what a send costs under Daphne is Twisted registering a writer with its reactor for each
frame, and unregistering it when the frame is out, and autobahn formatting log lines. Here a frame
is written to the socket at once where nothing is queued before it, and what doesn't fit is handed
to Twisted's queue. The same text sent to many sockets is encoded once.

That leans on Twisted's internals, so it is done only where they look as expected: elsewhere (TLS, a
compressing peer, another version) Daphne's own way is taken.

Asked to end (SIGTERM, SIGINT), it drains: nobody new comes in, every socket's commands that have
arrived are answered, then the socket is closed so that its browser connects again at once, behind a
proxy to another process.
"""

import asyncio
import gc
import logging
import resource
from collections.abc import Sequence
from typing import Any

from autobahn.websocket import protocol as autobahn_protocol
from autobahn.websocket.protocol import WebSocketProtocol as Autobahn
from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.tcp import Connection

from games.protocol import SERVICE_RESTART, CloseCode

logger = logging.getLogger(__name__)

MAX_QUEUED = 512 * 1024
"""Bytes a slow reader may leave waiting; past it the socket is cut, and comes back by snapshot."""

BACKLOG = 2048
"""Connections that may wait to be accepted; the system has the last word."""

DRAIN_S = 1.5
"""A class that moves to another process arrives there spread over so long."""
DRAIN_LIMIT_S = 10
"""What takes longer to end is cancelled."""

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

    async def leave(self, application: asyncio.Task[None], after_s: float) -> None:
        """Have the browser connect again, once each command that has arrived is answered."""
        await asyncio.sleep(after_s)
        if self.state != Autobahn.STATE_OPEN:
            return
        # What comes now gets no answer, and browsers say again what got none.
        self.muted = True
        self.application_queue.put_nowait({"type": "websocket.disconnect", "code": SERVICE_RESTART})
        await asyncio.wait({application})
        self.serverClose(CloseCode.LOOK_AGAIN)
        # Ended before the browser's own goodbye is read, the system would take ours back.
        await self.is_closed.asFuture(asyncio.get_running_loop())

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


class DrainingServer(Server):  # type: ignore[misc]  # Daphne has no types
    """Daphne's server, with room at the door for a class that arrives at once, and a way out."""

    endpoints: list[str]

    def run(self) -> None:
        """Listen, with a longer queue: of Twisted's 50 a full one costs a phone a second."""
        self.endpoints = [
            f"{endpoint}:backlog={BACKLOG}" if endpoint.startswith("tcp") else endpoint
            for endpoint in self.endpoints
        ]
        keep_what_is_loaded()
        super().run()

    def listen_success(self, port: Any) -> Any:
        """Daphne's own, that keeps what stops listening again."""
        super().listen_success(port)
        return port

    def kill_all_applications(self) -> Deferred[Any]:
        """Before the reactor stops: drain. Daphne's own cancels all at once, answers half taken."""
        drained: Deferred[Any] = Deferred.fromFuture(asyncio.ensure_future(self._drain()))
        # Twisted would end without a word.
        return drained.addErrback(
            lambda failure: logger.error("The server didn't drain", exc_info=failure.value)
        )

    async def _drain(self) -> None:
        for listening in self.listeners:
            listening.addCallback(lambda port: port.stopListening())
            await listening.asFuture(asyncio.get_running_loop())
        running: dict[Any, asyncio.Task[None]] = {
            connection: details["application_instance"]
            for connection, details in self.connections.items()
            if "application_instance" in details
        }
        sockets = [connection for connection in running if isinstance(connection, QuickWebSocket)]
        leaving = [
            asyncio.ensure_future(socket.leave(running[socket], DRAIN_S * i / len(sockets)))
            for i, socket in enumerate(sockets)
        ]
        last = asyncio.ensure_future(all_written([*running.values(), *leaving]))
        _, late = await asyncio.wait([*running.values(), *leaving, last], timeout=DRAIN_LIMIT_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def all_written(work: Sequence[asyncio.Future[None]]) -> None:
    """Until that is done and what it wrote has left this process."""
    await asyncio.gather(*work, return_exceptions=True)
    while reactor.getWriters():  # type: ignore[misc]  # noqa: ASYNC110  # Twisted has no event for it
        await asyncio.sleep(0.02)


def keep_what_is_loaded() -> None:
    """Have the garbage collector pass over the program itself, and look less often at the rest.

    A class that sits down makes a hundred thousand objects, of which none is garbage. Python's usual
    settings look at all there is again and again while they grow: half the time of a join, and a
    standstill of a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def allow_many_sockets() -> None:
    """Raise the limit of open files to what the system permits: the default is often 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    allow_many_sockets()
    # What each connection is set to, laid out for a log line that nobody reads: a twentieth of a join.
    autobahn_protocol.pformat = repr  # type: ignore[attr-defined,assignment]
    WebSocketFactory.protocol = QuickWebSocket
    CommandLineInterface.server_class = DrainingServer
    CommandLineInterface.entrypoint()
