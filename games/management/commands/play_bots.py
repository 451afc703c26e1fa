"""Play rooms to the end with bots against a running server, and measure it.

Run it on the server's machine, with the server's settings: rooms are opened through the store, as
the host's page would. Everything else goes over websockets. A bare `websockets` broadcast to as
many sockets, of a question of the same length, is measured in the same run, and with --group a
Channels group on `channels_redis` too.
"""

import asyncio
import json
import random
import resource
import sys
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import uvloop
from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandError, CommandParser

from games import moves
from games.archive import freeze_lesson
from games.bots.measures import Measures, pids_listening_on, resident_bytes, table
from games.bots.playing import ClassOfBots, Manners, ServerSilent
from games.bots.references import NoServer, bare_broadcast, group_send
from games.rules import GENERATED_TEAM_NAMES, Phase, Quiz, RoomSettings
from games.store import StoreError, connected
from lessons.models import Lesson

MOST_BOTS = 10_000
ARRIVING_AT_ONCE = 100
"""Handshakes under way: a listening socket's queue is short."""


class Command(BaseCommand):
    """Join, play every round, leave, print."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--players", type=int, default=30, help="how many in each room")
        parser.add_argument("--rooms", type=int, default=1, help="how many at the same time")
        parser.add_argument(
            "--url", nargs="+", default=["http://127.0.0.1:8000"],
            help="the running server; of several processes, each player comes to one in turn",
        )  # fmt: skip
        parser.add_argument("--lesson", default="", help="slug; the first published one if missing")
        parser.add_argument("--rounds", type=int, default=0, help="stop after so many questions")
        parser.add_argument("--teams", type=int, default=0, help="balanced teams (0, or 2 to 8)")
        parser.add_argument(
            "--answers", choices=["spread", "at-once", "never"], default="spread",
            help="over a second, all in the same moment, or not at all",
        )  # fmt: skip
        parser.add_argument(
            "--ramp", type=float, default=0, metavar="S", help="arrive over so many seconds"
        )
        parser.add_argument(
            "--reloading", type=int, default=0, metavar="PERCENT",
            help="of the phones reload in each question",
        )  # fmt: skip
        parser.add_argument(
            "--slow", type=int, default=0, metavar="PERCENT", help="of the phones stop reading"
        )
        parser.add_argument(
            "--silence", type=float, default=0, metavar="S",
            help="sit in the lobby for so many seconds first, and look for stalls",
        )  # fmt: skip
        parser.add_argument(
            "--no-reference", action="store_true", help="leave out the bare broadcast"
        )
        parser.add_argument(
            "--group", action="store_true", help="compare with a channels_redis group too"
        )
        parser.add_argument("--json", action="store_true", help="print JSON for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        _check(options)
        quiz = _quiz(options["lesson"])
        if options["rounds"]:
            quiz = quiz.model_copy(update={"questions": quiz.questions[: options["rounds"]]})
        chosen = RoomSettings(
            get_ready_s=0,
            teams="balanced" if options["teams"] else "none",
            team_names=GENERATED_TEAM_NAMES[: options["teams"]],
        )
        try:
            rooms = async_to_sync(_open)(quiz, chosen, options["rooms"])
        except (StoreError, OSError) as error:
            raise CommandError(f"Redis can't be reached: {error}") from error
        # A thousand bots are a thousand open files, and the default limit is often 1024.
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        classes = _classes(rooms, options)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            try:
                report = runner.run(_play(classes, options["url"], options["silence"]))
            except OSError as error:
                where = " ".join(options["url"])
                raise CommandError(f"No server answers at {where}: {error}") from error
            except ServerSilent:
                raise CommandError("The server fell silent.") from None
        report = {"rooms": options["rooms"], "players in each": options["players"]} | report
        text = max((klass.longest_question for klass in classes), key=len).decode()
        report |= _compared(options, text)
        self.stdout.write(json.dumps(report, indent=1) if options["json"] else table(report))
        if report["losses"]["total"]:
            raise CommandError(f"{report['losses']['total']} messages were lost.")


def _check(options: dict[str, Any]) -> None:
    bounds = {
        "players": (1, MOST_BOTS),
        "rooms": (1, 1000),
        "rounds": (0, 1000),
        "ramp": (0, 600),
        "silence": (0, 600),
        "reloading": (0, 100),
        "slow": (0, 100),
    }
    for name, (low, high) in bounds.items():
        if not low <= options[name] <= high:
            raise CommandError(f"--{name} must be from {low} to {high}.")
    if options["players"] * options["rooms"] > MOST_BOTS:
        raise CommandError(f"That would be more than {MOST_BOTS} bots.")
    if options["teams"] not in {0, *range(2, 9)}:
        raise CommandError("--teams must be 0, or from 2 to 8.")
    if not all(url.startswith("http://") for url in options["url"]):
        raise CommandError("--url must start with http://.")


def _classes(rooms: list[tuple[str, str]], options: dict[str, Any]) -> list[ClassOfBots]:
    manners = Manners(
        answers=options["answers"],
        ramp_s=options["ramp"],
        reloading=options["reloading"] / 100,
        slow=options["slow"] / 100,
    )
    urls = ["ws" + url.removeprefix("http").rstrip("/") for url in options["url"]]
    measures, chance = Measures(), random.Random(7)
    return [
        ClassOfBots(urls, room, code, options["players"], manners, measures, chance)
        for room, code in rooms
    ]


async def _play(classes: list[ClassOfBots], urls: list[str], silence_s: float) -> dict[str, Any]:
    """All rooms at once, from the door to the podium."""
    bots = sum(len(klass.players) for klass in classes)
    pids = [pid for url in urls for pid in pids_listening_on(urlsplit(url).port or 80)]
    before, redis_before = resident_bytes(pids), await _redis_bytes()
    began = time.perf_counter()
    arriving = asyncio.Semaphore(ARRIVING_AT_ONCE)
    await asyncio.gather(*(klass.arrive(arriving) for klass in classes))
    joined_s = time.perf_counter() - began
    await asyncio.sleep(0.5)
    after, redis_after = resident_bytes(pids), await _redis_bytes()
    if silence_s:
        await classes[0].keep_silent(silence_s)
    began = time.perf_counter()
    rounds = Counter(await asyncio.gather(*(klass.play() for klass in classes)))
    played_s = time.perf_counter() - began
    for klass in classes:
        klass.leave()
    return {
        "rounds": max(rounds),
        "join of all, s": round(joined_s, 3),
        **classes[0].measures.report(),
        "game, s": round(played_s, 1),
        "web memory per seat, KB": round((after - before) / bots / 1024, 1) if pids else None,
        "Redis memory per seat, KB": round((redis_after - redis_before) / bots / 1024, 2),
    }


def _compared(options: dict[str, Any], text: str) -> dict[str, Any]:
    """The same question to as many sockets by other means, in ms."""
    bots = options["players"] * options["rooms"]
    compared: dict[str, Any] = {}
    try:
        if not options["no_reference"]:
            compared["bare broadcast, ms"] = bare_broadcast(bots, text)
        if options["group"]:
            command = [sys.executable, "-m", "tests.load.group_server"]
            compared["channels_redis group, ms"] = group_send(command, bots, text)
    except NoServer:
        raise CommandError("A reference server didn't start.") from None
    return compared


def _quiz(slug: str) -> Quiz:
    lessons = Lesson.objects.filter(is_published=True)
    lesson = lessons.filter(slug=slug).first() if slug else lessons.order_by("pk").first()
    if lesson is None:
        wanted = f"no published lesson “{slug}”" if slug else "no published lesson"
        raise CommandError(f"There is {wanted}; manage.py load_sample makes one.")
    return freeze_lesson(lesson)


async def _open(quiz: Quiz, chosen: RoomSettings, count: int) -> list[tuple[str, str]]:
    """So many rooms, each with its join code."""
    rooms = []
    async with connected() as store:
        for _ in range(count):
            # Nobody's rooms: no user has the number 0, so they show on no host's page.
            room = await moves.open_room(store, quiz, chosen, host=0)
            state = await store.read_state(room)
            assert state
            assert state.phase is Phase.LOBBY
            rooms.append((room, state.code))
    return rooms


async def _redis_bytes() -> int:
    async with connected() as store:
        info = await store.redis.info("memory")
        return int(info["used_memory"])
