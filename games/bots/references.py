"""Other ways to bring one message to as many sockets, measured by the same bots.

Each is a server in a process of its own that sends a text to all on any message.
"""

import asyncio
import multiprocessing
import os
import socket
import statistics
import time
from contextlib import suppress

import uvloop
from django.conf import settings
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from games.bots.wire import Bot, connect
from quizgame.children import child

BROADCASTS = 9
SILENT_S = 2.0
"""After that nothing more is on its way."""


class NoServer(Exception):
    """A reference server didn't start."""


async def press_to_last(url: str, players: int) -> list[float]:
    """Seconds from one bot's word until the last that gets the text has it, nine times."""
    heard, last = 0, 0.0

    def hear(bot: Bot, frame: bytes, at: float) -> None:
        nonlocal heard, last
        heard, last = heard + 1, at

    bots = [await connect(Bot(url, [], hear)) for _ in range(players)]
    await asyncio.sleep(0.5)
    times = []
    for _ in range(BROADCASTS):
        heard, pressed = 0, time.perf_counter()
        last = pressed
        bots[0].say("go")
        while heard < players and time.perf_counter() < last + SILENT_S:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        times.append(last - pressed)
        await asyncio.sleep(0.1)
    for bot in bots:
        bot.leave()
    return times


def bare_broadcast(players: int, text: str) -> dict[str, float]:
    """`websockets.broadcast` on uvloop: what sending costs without a game."""
    port = free_port()
    server = multiprocessing.get_context("spawn").Process(
        target=_serve_bare_broadcast, args=(port, text), daemon=True
    )
    server.start()
    try:
        return _measured(port, players)
    finally:
        server.terminate()
        server.join()


def group_send(command: list[str], players: int, text: str) -> dict[str, float]:
    """A Channels group on `channels_redis`, as its tutorial has it; `command` starts it on PORT."""
    port = free_port()
    given = {"PORT": str(port), "TEXT": text, "REDIS_URL": settings.REDIS_URL}
    with child(command, quiet=True, env=os.environ | given):
        return _measured(port, players)


def _measured(port: int, players: int) -> dict[str, float]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_listens(port))
        times = runner.run(press_to_last(f"ws://127.0.0.1:{port}/", players))
    return {"press to the last, median of 9": round(1000 * statistics.median(times), 2)}


def _serve_bare_broadcast(port: int, text: str) -> None:
    present: set[ServerConnection] = set()

    async def talk(connection: ServerConnection) -> None:
        present.add(connection)
        with suppress(ConnectionClosed):
            async for _ in connection:
                broadcast(present, text)
        present.discard(connection)

    async def main() -> None:
        async with serve(talk, "127.0.0.1", port, compression=None, ping_interval=None):
            await asyncio.sleep(120)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


async def _listens(port: int) -> None:
    for _ in range(400):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise NoServer
