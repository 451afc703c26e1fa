"""Does a class notice when strangers flood the door? `python -m tests.load.flood` prints a table.

A class of bots plays one game after the other: before, while strangers open sockets at a given rate
and try to get in, and after. Everything is started here and ends with it: a Redis, a web process, the
strangers' process; all on loopback.

    wrong-code  each tries another code
    right-code  each knows the room's code, takes a seat by a new nickname, stays and never answers
    half-open   each connects and says nothing, or half of a request

`--addresses N` has the strangers come from so many addresses, as a trusted proxy tells them; with 0
they come from the class's own.
"""

import argparse
import asyncio
import itertools
import multiprocessing
import os
import random
import resource
import socket
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import NamedTuple, cast

import django
import uvloop
from django.conf import settings

if __name__ in ("__main__", "__mp_main__"):  # the strangers' process
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizgame.settings")
    django.setup()

from games import moves
from games.bots.measures import Measures, resident_bytes
from games.bots.playing import ClassOfBots, Manners, ServerSilent
from games.bots.wire import command
from games.management.commands.play import web_server
from games.rules import Phase, Quiz, RoomSettings
from games.store import Store, connect
from lessons.questions import SingleChoice
from quizgame import private_redis
from quizgame.children import child

SPAWNED = multiprocessing.get_context("spawn")
KINDS = ("wrong-code", "right-code", "half-open")
MOST_OPEN = 15_000
"""Sockets that the strangers keep; the oldest go first."""
SOURCES = [f"127.9.0.{n}" for n in range(1, 33)]
"""One address has ports for about 28 000 sockets, and a closed one keeps its for a while."""
TICK_S = 0.005
SAMPLE_S = 0.2
SEEN_S = 8.0
"""How long the class plays before, and again after."""
QUESTION = SingleChoice(
    prompt="Which angle do two random directions of many dimensions make?",
    options=("about 45°", "about 90°", "about 135°", "it depends"),
    right=1,
    note="They pile up at a right angle.",
    limit_ms=20_000,
)
QUIZ = Quiz(lesson=1, slug="vectors", title="Secrets of vectors", questions=(QUESTION,) * 3)


class Flood(NamedTuple):
    """What the strangers are asked to do."""

    port: int
    kind: str
    joins_per_s: int
    seconds: float
    addresses: int


def main() -> None:
    options = _options()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as (port, web):
        addresses = options.addresses
        flood = Flood(port, options.kind, options.joins_per_s, options.seconds, addresses)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            print(runner.run(_measured(flood, web, options.players)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests.load.flood", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--joins-per-s", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--players", type=int, default=30)
    parser.add_argument("--addresses", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS, default="wrong-code")
    options = parser.parse_args()
    bounds = {
        "joins_per_s": (0, 10_000),
        "seconds": (1, 600),
        "players": (1, 500),
        "addresses": (0, 1_000_000),
    }
    for name, (low, high) in bounds.items():
        if not low <= getattr(options, name) <= high:
            parser.error(f"--{name.replace('_', '-')} must be from {low} to {high}.")
    return options


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, int]]:
    """A Redis and a web process of our own; its port and process id."""
    settings.REDIS_PREFIX = "flood"
    with private_redis.start(folder):
        settings.REDIS_URL = private_redis.socket_url(folder)
        port = _free_port()
        os.environ |= {
            "REDIS_URL": settings.REDIS_URL,
            "REDIS_PREFIX": settings.REDIS_PREFIX,
            "DATA_DIR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
        }
        # Nobody archives these games: there is no database, and what that warns of isn't asked here.
        with child(web_server("127.0.0.1", port), quiet=True) as web:
            yield port, web.pid


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


# The class


@dataclass
class Seen:
    """What a class and an operator see in one of the three spans."""

    measures: Measures = field(default_factory=Measures)
    games: int = 0
    silent: int = 0
    """Games that the host gave up: the server said nothing."""
    cpu: float = 0
    """Of the web process, in seconds per second."""
    waited: float = 0
    """How long it was kept from computing by others of this machine, in seconds per second."""
    web_mb: float = 0
    """At most."""
    redis_mb: float = 0
    """At the end."""


async def _measured(flood: Flood, web: int, players: int) -> str:
    store = connect()
    code = SPAWNED.Value("i", 0)
    klass = _Class(store, f"ws://127.0.0.1:{flood.port}", players, web, code)
    await klass.server_is_up(flood.port)
    before, after = Seen(), Seen()
    # The first game warms up whatever is computed once.
    await klass.plays(time.monotonic(), Seen())
    await klass.plays(time.monotonic() + SEEN_S, before)
    during, knocks = await _flooded(klass, flood)
    await asyncio.sleep(1)
    await klass.plays(time.monotonic() + SEEN_S, after)
    await store.redis.aclose()
    return _table(flood, (before, during, after), knocks)


async def _flooded(klass: "_Class", flood: Flood) -> tuple[Seen, Counter[str]]:
    ours, theirs = SPAWNED.Pipe()
    strangers = SPAWNED.Process(target=knock, args=(flood, klass.code, theirs), daemon=True)
    strangers.start()
    await asyncio.to_thread(ours.recv)  # they are about to begin
    during = Seen()
    await klass.plays(time.monotonic() + flood.seconds, during)
    knocks: Counter[str] = await asyncio.to_thread(ours.recv)
    strangers.join()
    return during, knocks


class _Class:
    """Bots and their host, who play game after game, each in a room of its own."""

    def __init__(
        self, store: Store, url: str, players: int, web: int, code: "Synchronized[int]"
    ) -> None:
        self.store, self.url, self.players, self.web = store, url, players, web
        self.code = code
        """Of the room that plays now, once the class is in: 0 while there is none."""

    async def server_is_up(self, port: int) -> None:
        for _ in range(300):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
        raise ServerSilent

    async def plays(self, until: float, seen: Seen) -> None:
        """One game at least; a game that has begun is played to its podium."""
        watching = asyncio.create_task(self._watches(seen))
        began, cpu, waited = time.monotonic(), *_computed_and_waited_s(self.web)
        while seen.games + seen.silent == 0 or time.monotonic() < until:
            await self._plays_once(seen)
        took = time.monotonic() - began
        cpu_after, waited_after = _computed_and_waited_s(self.web)
        seen.cpu, seen.waited = (cpu_after - cpu) / took, (waited_after - waited) / took
        watching.cancel()
        seen.redis_mb = (await self.store.redis.info("memory"))["used_memory"] / 1e6

    async def _plays_once(self, seen: Seen) -> None:
        room = await moves.open_room(self.store, QUIZ, RoomSettings(get_ready_s=0), host=0)
        state = await self.store.read_state(room)
        assert state
        chance = random.Random(7)
        klass = ClassOfBots(
            [self.url], room, state.code, self.players, Manners(), seen.measures, chance
        )
        try:
            await klass.arrive(asyncio.Semaphore(self.players))
            self.code.value = int(state.code)
            await klass.play()
            assert klass.stage["phase"] == Phase.PODIUM
            seen.games += 1
        except (ServerSilent, OSError):
            seen.silent += 1
        self.code.value = 0
        klass.leave()

    async def _watches(self, seen: Seen) -> None:
        while True:
            seen.web_mb = max(seen.web_mb, resident_bytes([self.web]) / 1e6)
            await asyncio.sleep(SAMPLE_S)


def _computed_and_waited_s(pid: int) -> tuple[float, float]:
    """Seconds that a process has computed, and that it wanted to but others did (Linux' schedstat)."""
    computed, waited, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
    return int(computed) / 1e9, int(waited) / 1e9


# The strangers


def knock(flood: Flood, code: "Synchronized[int]", said: Connection) -> None:
    """In a process of their own: says so when they begin, and then how they fared."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        said.send("begins")
        said.send(runner.run(_knocked(flood, code)))


async def _knocked(flood: Flood, code: "Synchronized[int]") -> Counter[str]:
    fared: Counter[str] = Counter()
    strangers: deque[Stranger] = deque()
    loop = asyncio.get_running_loop()
    under_way: set[asyncio.Task[None]] = set()
    sources = itertools.cycle(SOURCES)

    async def comes(n: int) -> None:
        stranger = Stranger(flood, n, code.value, fared)
        try:
            await loop.create_connection(
                lambda: stranger, "127.0.0.1", flood.port, local_addr=(next(sources), 0)
            )
        except OSError:
            fared["not connected"] += 1
            return
        strangers.append(stranger)
        while len(strangers) > MOST_OPEN:
            strangers.popleft().leaves()

    began = last = time.monotonic()
    sent, due = 0, 0.0
    while (now := time.monotonic()) < began + flood.seconds:
        # Between two games there is no room whose code one could know.
        if flood.kind != "right-code" or code.value:
            due += (now - last) * flood.joins_per_s
        last = now
        # Whom the system keeps waiting isn't joined by ever more: so the rate is one that was reached.
        while sent < due and len(under_way) < 1000:
            task = asyncio.create_task(comes(sent))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            sent += 1
        await asyncio.sleep(TICK_S)
    fared["attempted"] = sent
    fared["per second"] = round(sent / flood.seconds)
    await asyncio.sleep(1)
    fared["still open at the end"] = sum(stranger.is_open for stranger in strangers)
    return fared


class Stranger(asyncio.Protocol):
    """One that tries to get in."""

    def __init__(self, flood: Flood, n: int, code: int, fared: Counter[str]) -> None:
        self.flood, self.n, self.code, self.fared = flood, n, code, fared
        self.is_open = False
        self._heard = b""
        self._is_seated = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports don't derive from asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self.is_open = True
        head = self._head()
        if self.flood.kind == "half-open":
            head = head[: -len(head) // 2] if self.n % 2 else b""
        self._transport.write(head)

    def leaves(self) -> None:
        if self._transport:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._is_seated:
            return
        self._heard += data
        if b"door_opened" in data:
            self._takes_a_seat()
        elif b"player_welcomed" in data:
            self._is_seated = True
            self.fared["seated"] += 1

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        self.fared[self._fate()] += 1

    def _head(self) -> bytes:
        code = self.code if self.flood.kind == "right-code" else self.n % 900_000 + 100_000
        address = random.Random(self.n % max(1, self.flood.addresses)).randbytes(3)
        told = f"X-Forwarded-For: 10.{address[0]}.{address[1]}.{address[2]}\r\n"
        return (
            f"GET /ws/play/{code}/ HTTP/1.1\r\nHost: 127.0.0.1:{self.flood.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: quizgame\r\n"
            f"{told if self.flood.addresses else ''}\r\n"
        ).encode()

    def _takes_a_seat(self) -> None:
        text = command("take_seat", nickname=f"S {self.n}").encode()
        if self._transport:
            self._transport.write(bytes((0x81, 0x80 | len(text))) + b"\0\0\0\0" + text)

    def _fate(self) -> str:
        """As a browser would put it."""
        if self._is_seated:
            return "seated, then closed"
        # A close frame ends with its code; ours give no reason.
        if self._heard[-4:-2] == b"\x88\x02":
            return f"closed {int.from_bytes(self._heard[-2:], 'big')}"
        if self._heard and b" 101 " not in self._heard[:16]:
            return f"HTTP {self._heard[9:12].decode('latin-1')}"
        return "cut without a word"


def _table(flood: Flood, spans: tuple[Seen, Seen, Seen], knocks: Counter[str]) -> str:
    def times(name: str, at: str) -> list[str]:
        summaries = [getattr(span.measures, name).summary() for span in spans]
        return [f"{one[at]:.1f}" if one else "-" for one in summaries]

    rows = {
        "games to the podium": [str(span.games) for span in spans],
        "games given up": [str(span.silent) for span in spans],
        "question, press to the last, p50 ms": times("lasts", "p50"),
        "question, press to the last, max ms": times("lasts", "max"),
        "answer acknowledged, p50 ms": times("acks", "p50"),
        "answer acknowledged, p99 ms": times("acks", "p99"),
        "answer acknowledged, max ms": times("acks", "max"),
        "a player's way in, p50 ms": times("joins", "p50"),
        "a player's way in, max ms": times("joins", "max"),
        "answers": [str(len(span.measures.acks.seconds)) for span in spans],
        "lost answers": [str(span.measures.lost_answers) for span in spans],
        "lost frames": [str(span.measures.lost_frames) for span in spans],
        "lost sockets": [str(span.measures.lost_sockets) for span in spans],
        "CPU of the web process, %": [f"{100 * span.cpu:.0f}" for span in spans],
        "it waited for a core, %": [f"{100 * span.waited:.0f}" for span in spans],
        "memory of the web process, at most, MB": [f"{span.web_mb:.0f}" for span in spans],
        "memory of Redis, at the end, MB": [f"{span.redis_mb:.1f}" for span in spans],
    }
    width = max(map(len, rows))
    lines = [
        f"{flood.kind}, asked for {flood.joins_per_s} a second for {flood.seconds} s, from"
        f" {flood.addresses or 'the class’s own'} address{'' if flood.addresses == 1 else 'es'}",
        "",
        f"{'':{width}}  {'before':>9} {'during':>9} {'after':>9}",
        *(f"{name:{width}}  {' '.join(f'{n:>9}' for n in ns)}" for name, ns in rows.items()),
        "",
        *(f"{'strangers: ' + name:{width}}  {n:>9}" for name, n in sorted(knocks.items())),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
