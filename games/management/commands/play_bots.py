"""Play a room to the end with bots against a running server, and measure it.

Run it on the server's machine, with the server's settings: the room is opened through the store, as
the host's page would. Everything else goes over websockets. A bare `websockets` broadcast to as
many sockets, of a question of the same length, is measured in the same run.
"""

import asyncio
import json
import multiprocessing
import os
import random
import resource
import socket
import statistics
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvloop
from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandError, CommandParser

from games import moves, seats
from games.archive import freeze_lesson
from games.bots import Bot, Times, an_answer, command, connect, serve_bare_broadcast
from games.rules import GENERATED_TEAM_NAMES, Phase, Quiz, RoomSettings
from games.store import StoreError, connected
from lessons.models import Lesson

PATIENCE_S = 20.0
"""After this, whoever hasn't heard is counted as lost."""
ARRIVING_AT_ONCE = 100
"""Handshakes under way: a listening socket's queue is short."""


class Command(BaseCommand):
    """Join, play every round, leave, print."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--players", type=int, default=30, help="how many (1 to 5000)")
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="the running server")
        parser.add_argument("--lesson", default="", help="slug; the first published one if missing")
        parser.add_argument("--rounds", type=int, default=0, help="stop after so many questions")
        parser.add_argument("--teams", type=int, default=0, help="balanced teams (0, or 2 to 8)")
        parser.add_argument(
            "--answers", choices=["spread", "at-once"], default="spread",
            help="over a second, or all in the same moment",
        )  # fmt: skip
        parser.add_argument(
            "--no-reference", action="store_true", help="leave out the bare broadcast"
        )
        parser.add_argument("--json", action="store_true", help="print JSON for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["players"] <= 5000:
            raise CommandError("--players must be from 1 to 5000.")
        if options["teams"] not in {0, *range(2, 9)}:
            raise CommandError("--teams must be 0, or from 2 to 8.")
        if not options["url"].startswith("http://"):
            raise CommandError("--url must start with http://.")
        quiz = _quiz(options["lesson"])
        if options["rounds"]:
            quiz = quiz.model_copy(update={"questions": quiz.questions[: options["rounds"]]})
        chosen = RoomSettings(
            get_ready_s=0,
            teams="balanced" if options["teams"] else "none",
            team_names=GENERATED_TEAM_NAMES[: options["teams"]],
        )
        try:
            room, code = async_to_sync(_open)(quiz, chosen)
        except (StoreError, OSError) as error:
            raise CommandError(f"Redis can't be reached: {error}") from error
        measured = Measured(options["url"], room, code, options["players"], options["answers"])
        # A thousand bots are a thousand open files, and the default limit is often 1024.
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            try:
                report = runner.run(measured.play())
            except OSError as error:
                raise CommandError(f"No server answers at {options['url']}: {error}") from error
            if not options["no_reference"]:
                report["bare broadcast, ms"] = runner.run(
                    _bare_broadcast(options["players"], measured.longest_question)
                )
        text = json.dumps(report, indent=1) if options["json"] else _table(report)
        self.stdout.write(text)
        if report["losses"]["total"]:
            raise CommandError(f"{report['losses']['total']} messages were lost.")


class Measured:
    """One room full of bots."""

    def __init__(self, url: str, room: str, code: str, players: int, answers: str) -> None:
        self.socket_url = "ws" + url.removeprefix("http").rstrip("/")
        self.room, self.code, self.players, self.answers = room, code, players, answers
        self.chance = random.Random(7)
        self.bots: list[Bot] = []
        self.stage: dict[str, Any] = {}
        self.stage_heard = asyncio.Event()
        self.longest_question = b""
        self.joins, self.fan_outs, self.lasts = Times(), Times(), Times()
        self.acks, self.closes = Times(), Times()
        self.lost_frames = self.lost_answers = self.refused = 0

    async def play(self) -> dict[str, Any]:
        """From the door to the podium."""
        pids = _pids_listening_on(int(self.socket_url.rsplit(":", 1)[1].split("/")[0]))
        before, redis_before = _memory(pids), await _redis_memory()
        host = await connect(self._front_bot())
        await self._hears(self.stage_heard)
        began = time.perf_counter()
        await self._join_all()
        joined_s = time.perf_counter() - began
        await asyncio.sleep(0.5)
        after, redis_after = _memory(pids), await _redis_memory()
        began = time.perf_counter()
        rounds = await self._play_rounds(host)
        played_s = time.perf_counter() - began
        closed = sum(bot.close_code is not None for bot in self.bots)
        host.say(command("end_room"))
        for bot in [host, *self.bots]:
            bot.leave()
        per_seat = (after - before) / self.players if pids and self.players else None
        losses = {
            "frames": self.lost_frames,
            "answers": self.lost_answers,
            "sockets": closed,
            "refused": self.refused,
        }
        return {
            "players": self.players,
            "rounds": rounds,
            "join of all, s": round(joined_s, 3),
            "join, ms": self.joins.summary(),
            "question, press to each player, ms": self.fan_outs.summary(),
            "question, press to the last player, ms": self.lasts.summary(),
            "answer to acknowledgement, ms": self.acks.summary(),
            "last answer to each player's own result, ms": self.closes.summary(),
            "game, s": round(played_s, 1),
            "losses": {**losses, "total": sum(losses.values())},
            "web memory per seat, KB": per_seat and round(per_seat / 1024, 1),
            "Redis memory per seat, KB": round(
                (redis_after - redis_before) / self.players / 1024, 2
            ),
        }

    def _front_bot(self) -> Bot:
        token = seats.sign(seats.SeatToken(room=self.room, role="host"))
        return Bot(f"{self.socket_url}/ws/host/", ["quizgame", token], self._hear_as_host)

    def _hear_as_host(self, bot: Bot, frame: bytes, at: float) -> None:
        if frame.startswith((b'{"type":"stage_changed"', b'{"type":"host_welcomed"')):
            self.stage = json.loads(frame)["stage"]
            if self.stage["phase"] == "asking" and len(frame) > len(self.longest_question):
                self.longest_question = frame
            self.stage_heard.set()

    def _hear(self, bot: Bot, frame: bytes, at: float) -> None:
        if frame.startswith(b'{"type":"stage_changed"'):
            start = frame.index(b'"phase":"') + 9
            bot.notes[frame[start : frame.index(b'"', start)].decode()] = at
        elif frame.startswith(b'{"type":"answer_accepted"'):
            bot.notes["accepted"] = at
        elif frame.startswith(b'{"type":"door_opened"'):
            bot.say(command("take_seat", nickname=f"Bot {len(bot.notes)}{id(bot) % 10**9}"))
        elif frame.startswith(b'{"type":"player_welcomed"'):
            bot.notes["welcomed"] = at
            bot.is_seated.set()
        elif frame.startswith(b'{"type":"command_refused"'):
            self.refused += 1

    async def _join_all(self) -> None:
        arriving = asyncio.Semaphore(ARRIVING_AT_ONCE)

        async def join() -> None:
            async with arriving:
                bot = Bot(f"{self.socket_url}/ws/play/{self.code}/", ["quizgame"], self._hear)
                await connect(bot)
                self.bots.append(bot)
                with suppress(TimeoutError):
                    await asyncio.wait_for(bot.is_seated.wait(), PATIENCE_S)
                if "welcomed" in bot.notes:
                    self.joins.add(bot.notes["welcomed"] - bot.started)

        await asyncio.gather(*(join() for _ in range(self.players)))

    async def _play_rounds(self, host: Bot) -> int:
        rounds, last_answer = 0, 0.0
        while True:
            phase, round = self.stage["phase"], self.stage.get("round", 0)
            if phase == "podium":
                return rounds
            if phase == "asking":
                rounds += 1
                last_answer = await self._answer_all(self.stage["question"], round)
                # The last answer closes the question; a lost one leaves it to the host.
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stage_heard.wait(), 1)
            if (self.stage["phase"], self.stage.get("round", 0)) != (phase, round):
                await self._all_noted("closed")
                for bot in self.bots:
                    if "closed" in bot.notes:
                        self.closes.add(bot.notes["closed"] - last_answer)
                continue
            self.stage_heard.clear()
            for bot in self.bots:
                bot.notes.clear()
            pressed = time.perf_counter()
            host.say(command("move_on", phase=phase, round=round))
            await self._hears(self.stage_heard)
            self.stage_heard.clear()
            now = self.stage["phase"]
            await self._all_noted(now)
            if now == "asking":
                times = [bot.notes[now] - pressed for bot in self.bots if now in bot.notes]
                self.lasts.add(max(times, default=0))
                for taken in times:
                    self.fan_outs.add(taken)

    async def _answer_all(self, question: dict[str, Any], round: int) -> float:
        """Everyone answers, over a second or at once; returns when the last one did."""
        sent: dict[Bot, float] = {}
        loop = asyncio.get_running_loop()

        def answer(bot: Bot) -> None:
            sent[bot] = time.perf_counter()
            given = an_answer(question, self.chance)
            bot.say(command("submit_answer", round=round, answer=given))

        for bot in self.bots:
            bot.notes.pop("accepted", None)
            if self.answers == "at-once":
                answer(bot)
            else:
                loop.call_later(self.chance.random(), answer, bot)
        await self._until(
            lambda: (
                len(sent) == len(self.bots)
                and all("accepted" in bot.notes or bot.close_code for bot in self.bots)
            )
        )
        for bot in self.bots:
            if "accepted" in bot.notes:
                self.acks.add(bot.notes["accepted"] - sent[bot])
            else:
                self.lost_answers += 1
        return max(sent.values())

    async def _all_noted(self, phase: str) -> None:
        await self._until(lambda: all(phase in bot.notes or bot.close_code for bot in self.bots))
        self.lost_frames += sum(phase not in bot.notes for bot in self.bots)

    async def _hears(self, event: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(event.wait(), PATIENCE_S)
        except TimeoutError:
            raise CommandError("The server fell silent.") from None

    async def _until(self, is_so: Any) -> None:
        deadline = time.perf_counter() + PATIENCE_S
        # A look every few ms costs less than waking for each of thousands of frames.
        while not is_so() and time.perf_counter() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def _bare_broadcast(players: int, frame: bytes) -> dict[str, Any]:
    """The same bytes to as many sockets by `websockets.broadcast` on uvloop, press to last."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(
        target=serve_bare_broadcast, args=(port, frame.decode()), daemon=True
    )
    server.start()
    lasts: list[float] = []
    heard = 0
    last = 0.0

    def hear(bot: Bot, frame: bytes, at: float) -> None:
        nonlocal heard, last
        heard, last = heard + 1, at

    try:
        await _listens(port)
        url = f"ws://127.0.0.1:{port}/"
        bots = [await connect(Bot(url, [], hear)) for _ in range(players)]
        await asyncio.sleep(0.5)
        for _ in range(9):
            heard, pressed = 0, time.perf_counter()
            bots[0].say("go")
            while heard < players and time.perf_counter() < pressed + PATIENCE_S:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            lasts.append(1000 * (last - pressed))
            await asyncio.sleep(0.1)
        for bot in bots:
            bot.leave()
    finally:
        server.terminate()
        server.join()
    return {"press to the last, median of 9": round(statistics.median(lasts), 2)}


async def _listens(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise CommandError("The reference server didn't start.")


def _quiz(slug: str) -> Quiz:
    lessons = Lesson.objects.filter(is_published=True)
    lesson = lessons.filter(slug=slug).first() if slug else lessons.order_by("pk").first()
    if lesson is None:
        wanted = f"no published lesson “{slug}”" if slug else "no published lesson"
        raise CommandError(f"There is {wanted}; manage.py load_sample makes one.")
    return freeze_lesson(lesson)


async def _open(quiz: Quiz, chosen: RoomSettings) -> tuple[str, str]:
    async with connected() as store:
        # Nobody's room: no user has the number 0, so it shows on no host's page.
        room = await moves.open_room(store, quiz, chosen, host=0)
        state = await store.read_state(room)
        assert state
        assert state.phase is Phase.LOBBY
        return room, state.code


async def _redis_memory() -> int:
    async with connected() as store:
        info = await store.redis.info("memory")
        return int(info["used_memory"])


def _pids_listening_on(port: int) -> list[int]:
    """The processes that listen on a TCP port of this machine, as Linux tells; [] elsewhere."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(str(fd.readlink()) in inodes for fd in (process / "fd").iterdir()):
                found.append(int(process.name))
    return found


def _memory(pids: list[int]) -> int:
    """Resident bytes of these processes together."""
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page for pid in pids)


def _table(report: dict[str, Any]) -> str:
    rows = []
    for name, value in report.items():
        if isinstance(value, dict):
            value = "   ".join(f"{key} {number}" for key, number in value.items())
        rows.append(f"{name:<46} {value}")
    return "\n".join(rows)
