"""Daphne with quick websockets: `python -m quizgame.daphne` takes Daphne's own options.

Most of what a send costs under Daphne is Twisted registering a writer with its reactor for each
frame, and unregistering it when the frame is out, and autobahn formatting log lines. Here a frame
is written to the socket at once where nothing is queued before it, and what doesn't fit is handed
to Twisted's queue. The same text sent to many sockets is encoded once.

That leans on Twisted's internals, so it is done only where they look as expected: elsewhere (TLS, a
compressing peer, another version) Daphne's own way is taken.

Every connection is met by a doorkeeper, who reads what it asks for before anything is built for it: a
page at once, a websocket by the turnstile. Who is turned away gets a close code in some twenty bytes.

Asked to end (SIGTERM, SIGINT), it drains: nobody new comes in, every socket's commands that have
arrived are answered, then the socket is closed so that its browser connects again at once, behind a
proxy to another process.
"""

import asyncio
import base64
import gc
import hashlib
import logging
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import daphne.server
from autobahn.websocket import protocol as autobahn_protocol
from autobahn.websocket.protocol import WebSocketProtocol as Autobahn
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol
from twisted.internet.tcp import Connection, Port
from twisted.protocols.policies import ProtocolWrapper

from games import metrics, seats
from games.protocol import SERVICE_RESTART, SUBPROTOCOL, CloseCode
from quizgame.proxies import network_of, told_by_proxy
from quizgame.turnstile import Guest, Turnstile

logger = logging.getLogger(__name__)

MAX_QUEUED = 512 * 1024
"""Bytes a slow reader may leave waiting; past it the socket is cut, and comes back by snapshot."""

BACKLOG = 2048
"""Connections that may wait to be accepted; the system has the last word."""

ACCEPTED_IN_A_TURN = 8
"""Connections that are accepted before those that are there are heard again; Twisted takes hundreds."""

DRAIN_S = 1.5
"""A class that moves to another process arrives there spread over so long."""
DRAIN_LIMIT_S = 10
"""What takes longer to end is cancelled."""

UNREAD, UNREAD_S = 2048, 10
"""Connections that haven't said what they want, and for how long; past that the oldest are cut."""
LONGEST_HEAD = 16 * 1024
"""Bytes of a request before its body; nginx takes no more either."""

_encoded: tuple[str, bytes] = ("", b"")
turnstile = Turnstile(lambda turn: asyncio.get_running_loop().call_soon(turn))


class QuickWebSocket(WebSocketProtocol):  # type: ignore[misc]  # Daphne has no types
    """One websocket connection."""

    guest: Guest | None = None
    """Who is on the way in by the turnstile; None once the room has spoken."""

    def serverSend(self, content: Any, binary: bool = False) -> None:  # noqa: N802  # Daphne's name
        """Write a message: at once if nothing waits, else behind what does."""
        self._is_in()
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

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802
        """Say goodbye."""
        self._is_in()
        super().serverClose(code)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        """The other end is gone."""
        self._is_in()
        super().connectionLost(reason)

    def _is_in(self) -> None:
        if self.guest is not None:
            turnstile.leaves(self.guest)
            self.guest = None

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


class Doorkeeper(Protocol):
    """Reads a new connection's request; then the protocol for it takes the doorkeeper's place."""

    unread: dict["Doorkeeper", float] = {}
    """Who hasn't said what it wants, since longest first, and since when."""

    transport: Any

    def __init__(self, channel: Callable[[], Any]) -> None:
        # Not made before it is needed: it is most of what one who is turned away would cost.
        self._channel = channel
        self._heard = b""
        self._headers: Mapping[bytes, bytes] = {}

    def connectionMade(self) -> None:  # noqa: N802
        """Wait for its request; in a crowd the oldest waits no longer."""
        self.unread[self] = time.monotonic()
        if len(self.unread) > UNREAD:
            next(iter(self.unread)).transport.abortConnection()

    @classmethod
    def cut_the_silent(cls) -> None:
        """Who has waited too long to say what it wants."""
        long_ago = time.monotonic() - UNREAD_S
        for keeper in [keeper for keeper, since in cls.unread.items() if since < long_ago]:
            keeper.transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Once the head is there, decide."""
        self._heard += data
        is_long = len(self._heard) > LONGEST_HEAD
        if self not in self.unread:
            if is_long:  # in line one has nothing to say
                self.transport.abortConnection()
            return
        head, end, _ = self._heard.partition(b"\r\n\r\n")
        if not end and not is_long:
            return
        del self.unread[self]
        self._headers = headers_in(head)
        if self._headers.get(b"upgrade", b"").lower() == b"websocket":
            line_up(self, self.transport, self._headers)
        else:
            self._hand_over()

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802
        """It didn't wait."""
        self.unread.pop(self, None)
        turnstile.leaves(self)

    def come_in(self) -> None:
        self.transport.was_let_in = True
        self._hand_over()
        is_coming(self, self.transport)

    def turn_away(self) -> None:
        turn_away(self.transport, self._headers)

    def _hand_over(self) -> None:
        channel = self._channel()
        if isinstance(self.transport, ProtocolWrapper):  # TLS
            self.transport.wrappedProtocol = channel
        else:
            self.transport.protocol = channel
        channel.makeConnection(self.transport)
        channel.dataReceived(self._heard)


class GuardedRequest(WebRequest):  # type: ignore[misc]  # Daphne has no types
    """A request. Proxies ask for a websocket on a connection that was a page's before, too."""

    def process(self) -> Any:
        """Answer a page at once; for a websocket stand in line, unless that is done."""
        if not self.requestHeaders.hasHeader(b"Upgrade") or getattr(
            self.channel.transport, "was_let_in", False
        ):
            return super().process()
        line_up(self, self.channel.transport, self._own_headers())
        return None

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        """It didn't wait."""
        turnstile.leaves(self)
        super().connectionLost(reason)

    def come_in(self) -> None:
        transport = self.channel.transport
        super().process()
        is_coming(self, transport)

    def turn_away(self) -> None:
        turn_away(self.channel.transport, self._own_headers())

    def _own_headers(self) -> dict[bytes, bytes]:
        return {name.lower(): values[-1] for name, values in self.requestHeaders.getAllRawHeaders()}


class GuardedHTTPFactory(HTTPFactory):  # type: ignore[misc]  # Daphne has no types
    """Daphne's, with a doorkeeper before each connection."""

    def buildProtocol(self, addr: Any) -> Protocol:  # noqa: N802
        return Doorkeeper(partial(self.channel, addr))

    def channel(self, addr: Any) -> Any:
        """What reads requests and answers them."""
        channel = super().buildProtocol(addr)
        channel.requestFactory = GuardedRequest
        return channel


def headers_in(head: bytes) -> dict[bytes, bytes]:
    """By name in small letters; of several the last."""
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}


def line_up(guest: Guest, transport: Any, headers: Mapping[bytes, bytes]) -> None:
    """By its seat if it has the token of one, else by its address."""
    offered = headers.get(b"sec-websocket-protocol", b"").decode("latin-1").split(",")
    for token in offered:
        if "." in token and (seat := seats.read(token.strip())):
            turnstile.arrives(guest, f"{seat.room} {seat.role} {seat.player}", is_known=True)
            return
    peer = getattr(transport.getPeer(), "host", "")
    forwarded = headers.get(b"x-forwarded-for", b"")
    address = told_by_proxy(settings.TRUSTED_PROXIES, peer, forwarded) or peer
    turnstile.arrives(guest, network_of(address), is_known=False)


def is_coming(guest: Guest, transport: Any) -> None:
    """It was let in: on its way until the room speaks, unless no websocket came of it."""
    now = getattr(transport, "wrappedProtocol", None) or transport.protocol
    if isinstance(now, QuickWebSocket):
        now.guest = guest
    else:
        turnstile.leaves(guest)


def turn_away(transport: Any, headers: Mapping[bytes, bytes]) -> None:
    """Shake hands, say why not, hang up: a browser tells its page nothing of any other answer."""
    metrics.TURNED_AWAY.inc()
    key = headers.get(b"sec-websocket-key", b"")
    accept = base64.b64encode(hashlib.sha1(key + Autobahn._WS_MAGIC).digest())  # noqa: S324  # RFC 6455
    offered = headers.get(b"sec-websocket-protocol", b"").decode("latin-1").split(",")
    chosen = f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n" if SUBPROTOCOL in offered else ""
    transport.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\n%b\r\n\x88\x02%b"
        % (accept, chosen.encode(), CloseCode.TOO_FAST.to_bytes(2, "big"))
    )
    transport.loseConnection()


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

    def timeout_checker(self) -> None:
        """Every two seconds."""
        Doorkeeper.cut_the_silent()
        super().timeout_checker()

    def kill_all_applications(self) -> Deferred[Any]:
        """Before the reactor stops: drain. Daphne's own cancels all at once, answers half taken."""
        drained: Deferred[Any] = Deferred.fromFuture(asyncio.ensure_future(self._drain()))
        # Twisted would end without a word.
        return drained.addErrback(
            lambda failure: logger.error("The server didn't drain", exc_info=failure.value)
        )

    async def _drain(self) -> None:
        turnstile.close()
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
    settings look at all there is again and again while they grow, and stop all games for a tenth of
    a second, or two where cores are short.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def allow_many_sockets() -> None:
    """Raise the limit of open files to what the system permits: the default is often 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    """Serve, as the command line says."""
    allow_many_sockets()
    # What each connection is set to, laid out for a log line that nobody reads: a twentieth of a join.
    autobahn_protocol.pformat = repr  # type: ignore[attr-defined,assignment]
    WebSocketFactory.protocol = QuickWebSocket
    daphne.server.HTTPFactory = GuardedHTTPFactory
    # Twisted would adapt it to the crowd.
    steady = property(lambda port: ACCEPTED_IN_A_TURN, lambda port, adapted: None)
    Port.numberAccepts = steady  # type: ignore[assignment]
    CommandLineInterface.server_class = DrainingServer
    CommandLineInterface.entrypoint()


if __name__ == "__main__":
    main()
