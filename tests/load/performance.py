"""The tables of docs/performance.md: `python -m tests.load.performance [TABLE ...]`.

Starts a Redis and web processes of its own on free ports of this machine, has `manage.py play_bots`
fill them, and prints Markdown. Every figure is the median of `RUNS` runs; the runs of a table take
turns, so that what else the machine does falls on all of them. Without a name: all tables, about
twenty minutes on two cores.
"""

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

from games.bots.references import free_port
from quizgame import private_redis
from quizgame.children import child

RUNS = 3
QUICK = ("-m", "quizgame.daphne")
OPTIONS = (
    *("--ping-interval", "3600", "--websocket_timeout", "-1", "--application-close-timeout", "10"),
    *("--verbosity", "0", "--no-server-name"),
)
ON_UVLOOP = """
import asyncio, runpy, uvloop
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
runpy.run_module("quizgame.daphne", run_name="__main__", alter_sys=True)
"""
THREAD_A_FRAME = """
import runpy
import quizgame.asgi
from channels.db import aclose_old_connections
from games import consumers

class Dispatched(consumers.Socket):
    async def next(self, commands):
        await aclose_old_connections()
        return await super().next(commands)

consumers.Socket = Dispatched
runpy.run_module("quizgame.daphne", run_name="__main__", alter_sys=True)
"""
Report = dict[str, Any]


class Case(NamedTuple):
    """One line of a table: how bots play, against which form of the server."""

    name: str
    bots: tuple[str, ...]
    processes: int = 1
    python: tuple[str, ...] = QUICK
    """What comes between `python` and Daphne's options."""


class Column(NamedTuple):
    name: str
    of: Callable[[Report], float]


def ms(figure: str, at: str) -> Callable[[Report], float]:
    return lambda report: float(report[figure].get(at, float("nan")))


def number(figure: str) -> Callable[[Report], float]:
    return lambda report: float(report[figure] or 0)


LAST = "question, press to the last player, ms"
BARE, GROUP = "bare broadcast, ms", "channels_redis group, ms"
MEDIAN = "press to the last, median of 9"
JOIN = Column("join of all, s", number("join of all, s"))
TO_LAST = Column("question to the last, ms", ms(LAST, "p50"))
ACK_P50 = Column("answer taken, p50 ms", ms("answer to acknowledgement, ms", "p50"))
ACK_P99 = Column("p99 ms", ms("answer to acknowledgement, ms", "p99"))
CLOSED = Column(
    "bell to the last result, ms", ms("last answer to each player's own result, ms", "max")
)
WEB_KB = Column("KB a seat, web", number("web memory per seat, KB"))
REDIS_KB = Column("KB a seat, Redis", number("Redis memory per seat, KB"))
LOST = Column("lost", lambda report: report["losses"]["total"])
GAME = (JOIN, TO_LAST, ACK_P50, ACK_P99, CLOSED)


def room(players: int, *more: str) -> tuple[str, ...]:
    return ("--players", str(players), "--rounds", "4", *more)


class Table(NamedTuple):
    title: str
    cases: Sequence[Case]
    columns: Sequence[Column]


TABLES = {
    "players": Table(
        "One room, one web process",
        [
            Case("30 players", room(30, "--group")),
            Case("200", room(200, "--group")),
            Case("1000", room(1000, "--group")),
            Case("2000", room(2000, "--group")),
        ],
        [
            *GAME,
            WEB_KB,
            REDIS_KB,
            Column("bare broadcast, ms", ms(BARE, MEDIAN)),
            Column("channels_redis group, ms", ms(GROUP, MEDIAN)),
            LOST,
        ],
    ),
    "bell": Table(
        "All answers in the same moment",
        [
            Case("200 players", room(200, "--answers", "at-once", "--no-reference")),
            Case("1000", room(1000, "--answers", "at-once", "--no-reference")),
            Case("2000", room(2000, "--answers", "at-once", "--no-reference")),
        ],
        [
            ACK_P50,
            ACK_P99,
            Column(
                "answers a second",
                lambda report: (
                    report["players in each"]
                    / report["answer to acknowledgement, ms"]["max"]
                    * 1000
                ),
            ),
            LOST,
        ],
    ),
    "rooms": Table(
        "5000 players",
        [
            Case("one room, one process", room(5000, "--no-reference")),
            Case("one room, two processes", room(5000, "--no-reference"), 2),
            Case("200 rooms of 25, one process", room(25, "--rooms", "200", "--no-reference")),
            Case("200 rooms of 25, two processes", room(25, "--rooms", "200", "--no-reference"), 2),
        ],
        [*GAME, LOST],
    ),
    "forms": Table(
        "1000 players, and the server made otherwise",
        [
            Case("as it is", room(1000, "--no-reference")),
            Case("Daphne's own writing", room(1000, "--no-reference"), 1, ("-m", "daphne")),
            Case("on uvloop", room(1000, "--no-reference"), 1, ("-c", ON_UVLOOP)),
            Case(
                "a thread for each frame", room(1000, "--no-reference"), 1, ("-c", THREAD_A_FRAME)
            ),
        ],
        [*GAME, WEB_KB, LOST],
    ),
    "lobby": Table(
        "Newcomers, 100 a second",
        [
            Case("the first 100", room(100, "--ramp", "1", "--rounds", "1", "--no-reference")),
            Case("2000 in all", room(2000, "--ramp", "20", "--rounds", "1", "--no-reference")),
        ],
        [
            Column("socket to welcome, p50 ms", ms("join, ms", "p50")),
            Column("p99 ms", ms("join, ms", "p99")),
        ],
    ),
    "silence": Table(
        "2000 silent seats for 30 s",
        [Case("ping to pong", room(2000, "--silence", "30", "--rounds", "1", "--no-reference"))],
        [
            Column("p50 ms", ms("ping to pong in silence, ms", "p50")),
            Column("p99 ms", ms("ping to pong in silence, ms", "p99")),
            Column("longest ms", ms("ping to pong in silence, ms", "max")),
        ],
    ),
}


def main(names: list[str]) -> None:
    unknown = set(names) - set(TABLES)
    if unknown:
        sys.exit(f"There is no table {', '.join(unknown)}; there are {', '.join(TABLES)}.")
    with tempfile.TemporaryDirectory(prefix="quizgame-") as folder:
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "REDIS_URL": private_redis.socket_url(Path(folder)),
            "SECRET_KEY": secrets.token_hex(32),
        }
        with private_redis.start(Path(folder)):
            for command in (["migrate", "--verbosity", "0"], ["load_sample", "--verbosity", "0"]):
                subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)
            for table in [TABLES[name] for name in names or TABLES]:
                print(f"\n### {table.title}\n", flush=True)
                print(markdown(table, measured(table.cases, environment)), flush=True)


def measured(cases: Sequence[Case], environment: dict[str, str]) -> dict[str, list[Report]]:
    """For each case the reports of its runs; the cases take turns."""
    reports: dict[str, list[Report]] = {case.name: [] for case in cases}
    for _ in range(RUNS):
        for case in cases:
            with serving(case, environment) as urls:
                reports[case.name].append(played(case, urls, environment))
    return reports


@contextmanager
def serving(case: Case, environment: dict[str, str]) -> Iterator[list[str]]:
    """The addresses of so many web processes of that form."""
    with ExitStack() as stack:
        urls = []
        for _ in range(case.processes):
            port = str(free_port())
            place = ("--bind", "127.0.0.1", "--port", port)
            command = [sys.executable, *case.python, *place, *OPTIONS, "quizgame.asgi:application"]
            stack.enter_context(child(command, env=environment))
            urls.append(f"http://127.0.0.1:{port}")
        for url in urls:
            wait_until_up(url)
        yield urls


def wait_until_up(url: str) -> None:
    for _ in range(600):
        try:
            urlopen(f"{url}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server didn't start.")


def played(case: Case, urls: Sequence[str], environment: dict[str, str]) -> Report:
    command = [sys.executable, "manage.py", "play_bots", "--json", "--url", *urls, *case.bots]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    if not run.stdout:
        raise SystemExit(f"{case.name}: {run.stderr}")
    report: Report = json.loads(run.stdout)
    return report


def markdown(table: Table, reports: dict[str, list[Report]]) -> str:
    """A row for each case, of medians."""
    lines = [
        "| | " + " | ".join(column.name for column in table.columns) + " |",
        "|---" * (1 + len(table.columns)) + "|",
    ]
    for case in table.cases:
        told = [statistics.median(map(column.of, reports[case.name])) for column in table.columns]
        lines.append(f"| {case.name} | " + " | ".join(map(rounded, told)) + " |")
    return "\n".join(lines)


def rounded(value: float) -> str:
    """Three digits of it."""
    return f"{value:,.0f}" if value >= 100 or value == round(value) else f"{value:.3g}"


if __name__ == "__main__":
    main(sys.argv[1:])
