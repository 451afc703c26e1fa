"""A room full of bots and their host, from the door to the podium."""

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle
from typing import Any, Literal, NamedTuple

from games import seats
from games.bots.answers import an_answer
from games.bots.measures import Measures
from games.bots.wire import Bot, command, connect
from games.protocol import CloseCode

PATIENCE_S = 20.0
"""After this, whoever hasn't heard is counted as lost."""
COMES_BACK_AFTER = {1006, CloseCode.TOO_FAST, CloseCode.TRY_AGAIN}
PAUSE_S = (0.15, 0.6)
"""A browser's first and second."""
UNANSWERED_S = 1.0
"""How long a question is shown that nobody answers."""
LISTENERS, LISTEN_EVERY_S = 10, 0.005
"""While all are silent, so many in turn ask the server whether it is there; each may, 30 times a second."""


class Manners(NamedTuple):
    """How a class behaves."""

    answers: Literal["spread", "at-once", "never"] = "spread"
    """Over a second; all in the same moment; not at all."""
    ramp_s: float = 0
    """Over how long they arrive; 0 is as fast as the server lets them."""
    reloading: float = 0
    """Which part of the phones reloads in each question, before answering."""
    slow: float = 0
    """Which part of the phones stops reading once it is seated."""


class ServerSilent(Exception):
    """The host wasn't told of a stage in time."""


class Player:
    """A phone: takes a seat, and comes back to it after a reload."""

    def __init__(self, url: str, nickname: str, measures: Measures) -> None:
        self.url, self.nickname, self.measures = url, nickname, measures
        self.bot: Bot | None = None
        self.token = ""
        self.player = ""
        self.is_slow = False
        self.heard: dict[str, float] = {}
        """Which phases of this round, and “accepted” and “refused”, and when."""
        self.acknowledged: dict[int, dict[str, Any]] = {}
        """By round, what the server said that counts."""
        self._welcomed = asyncio.Event()
        self._asked_at: float | None = None

    @property
    def is_there(self) -> bool:
        """Is it connected, and does it read?"""
        return self.bot is not None and self.bot.close_code is None and not self.is_slow

    async def comes(self) -> float | None:
        """Connect, with the seat's token if there is one, as often as a browser would.

        Returns the seconds until the welcome, None without.
        """
        began = time.perf_counter()
        while not await self._tries():
            if self.bot is None or self.bot.close_code not in COMES_BACK_AFTER:
                return None
            if time.perf_counter() > began + PATIENCE_S:
                return None
            await asyncio.sleep(random.uniform(*PAUSE_S))
        return time.perf_counter() - began

    async def _tries(self) -> bool:
        self._welcomed.clear()
        offered = ["quizgame", self.token] if self.token else ["quizgame"]
        bot = self.bot = Bot(self.url, offered, self._hear)
        try:
            await connect(bot)
        except OSError:
            bot.close_code = 1006
            return False
        waits = [asyncio.ensure_future(event.wait()) for event in (self._welcomed, bot.is_gone)]
        await asyncio.wait(waits, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return self._welcomed.is_set()

    async def reloads(self) -> None:
        """As a browser does: the old socket goes, a new one comes with the token."""
        if self.bot:
            self.bot.leave()
        self.heard.clear()
        if (taken := await self.comes()) is not None:
            self.measures.returns.add(taken)

    def says(self, type: str, **fields: Any) -> None:
        if self.bot:
            self.bot.say(command(type, **fields))

    def asks_whether_it_is_there(self) -> None:
        self._asked_at = time.perf_counter()
        self.says("ping")

    def stops_reading(self) -> None:
        self.is_slow = True
        if self.bot:
            self.bot.stop_reading()

    def _hear(self, bot: Bot, frame: bytes, at: float) -> None:
        if bot is not self.bot:  # an old socket's last words
            return
        if frame.startswith(b'{"type":"stage_changed"'):
            start = frame.index(b'"phase":"') + 9
            self.heard[frame[start : frame.index(b'"', start)].decode()] = at
        elif frame.startswith(b'{"type":"answer_accepted"'):
            self.heard["accepted"] = at
            told = json.loads(frame)
            self.acknowledged[told["round"]] = told["answer"]
        elif frame.startswith(b'{"type":"door_opened"'):
            self.says("take_seat", nickname=self.nickname)
        elif frame.startswith(b'{"type":"player_welcomed"'):
            told = json.loads(frame)
            self.token, self.player = told["token"], told["seat"]["player"]
            # What was missed meanwhile is in the welcome.
            self.heard[told["stage"]["phase"]] = at
            self._welcomed.set()
        elif frame.startswith(b'{"type":"command_refused"'):
            self.heard["refused"] = at
        elif frame.startswith(b'{"type":"ponged"') and self._asked_at is not None:
            self.measures.stalls.add(at - self._asked_at)
            self._asked_at = None


class ClassOfBots:
    """One room. `urls` are the server's websocket addresses, such as ws://127.0.0.1:8000."""

    def __init__(
        self,
        urls: list[str],
        room: str,
        code: str,
        size: int,
        manners: Manners,
        measures: Measures,
        chance: random.Random,
    ) -> None:
        self.manners, self.measures, self.chance = manners, measures, chance
        doors = cycle(f"{url}/ws/play/{code}/" for url in urls)
        self.players = [Player(next(doors), f"Bot {at}", measures) for at in range(1, size + 1)]
        token = seats.sign(seats.SeatToken(room=room, role="host"))
        self.host = Bot(f"{urls[0]}/ws/host/", ["quizgame", token], self._hear_as_host)
        self.stage: dict[str, Any] = {}
        self.longest_question = b""
        self._stage_heard = asyncio.Event()

    async def arrive(self, arriving: asyncio.Semaphore) -> None:
        """The host, then everybody. `arriving` bounds the handshakes under way."""
        await connect(self.host)
        await self._hears_stage()
        await asyncio.gather(*(self._arrives(player, arriving) for player in self.players))
        slow = self.chance.sample(self.players, round(self.manners.slow * len(self.players)))
        for player in slow:
            player.stops_reading()

    async def _arrives(self, player: Player, arriving: asyncio.Semaphore) -> None:
        await asyncio.sleep(self.manners.ramp_s * self.chance.random())
        async with arriving:
            if (taken := await player.comes()) is not None:
                self.measures.joins.add(taken)

    async def keep_silent(self, seconds: float) -> None:
        """Nobody says a word, but for a few who ask whether the server is there."""
        listeners = cycle([player for player in self.players if player.is_there][:LISTENERS])
        silent_until = time.perf_counter() + seconds
        for listener in listeners:
            if time.perf_counter() > silent_until:
                return
            listener.asks_whether_it_is_there()
            await asyncio.sleep(LISTEN_EVERY_S)

    async def play(self) -> int:
        """Every round; returns how many there were."""
        rounds, last_answer = 0, 0.0
        while True:
            phase, round = self.stage["phase"], self.stage.get("round", 0)
            if phase == "podium":
                return rounds
            if phase == "asking":
                rounds += 1
                last_answer = await self._answer_all(self.stage["question"], round)
                # The last answer closes the question; one that is missing leaves it to the host.
                if self.manners.answers != "never":
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._stage_heard.wait(), 1)
            if (self.stage["phase"], self.stage.get("round", 0)) != (phase, round):
                await self._all_heard("closed")
                for player in self.players:
                    if "closed" in player.heard:
                        self.measures.closes.add(player.heard["closed"] - last_answer)
                continue
            await self._move_on(phase, round)

    def leave(self) -> None:
        """Count who is missing, close the room, hang up."""
        gone = (p.bot is None or p.bot.close_code is not None for p in self.players)
        self.measures.lost_sockets += sum(gone)
        self.host.say(command("end_room"))
        self.host.leave()
        for player in self.players:
            if player.bot:
                player.bot.leave()

    async def _move_on(self, phase: str, round: int) -> None:
        self._stage_heard.clear()
        for player in self.players:
            player.heard.clear()
        pressed = time.perf_counter()
        self.host.say(command("move_on", phase=phase, round=round))
        await self._hears_stage()
        self._stage_heard.clear()
        now = self.stage["phase"]
        await self._all_heard(now)
        if now == "asking":
            times = [p.heard[now] - pressed for p in self.players if now in p.heard]
            self.measures.lasts.add(max(times, default=0))
            for taken in times:
                self.measures.fan_outs.add(taken)

    async def _answer_all(self, question: dict[str, Any], round: int) -> float:
        """As their manners are; returns when the last answer was sent."""
        if self.manners.answers == "never":
            await asyncio.sleep(UNANSWERED_S)
            return time.perf_counter()
        answering = [player for player in self.players if player.is_there]
        reloading = set(self.chance.sample(answering, int(self.manners.reloading * len(answering))))
        sent: dict[Player, float] = {}

        async def answers(player: Player) -> None:
            if self.manners.answers == "spread":
                await asyncio.sleep(self.chance.random())
            if player in reloading:
                await player.reloads()
                # When all others have answered, the question doesn't wait for who is away.
                if "asking" not in player.heard:
                    return
            sent[player] = time.perf_counter()
            player.says("submit_answer", round=round, answer=an_answer(question, self.chance))

        await asyncio.gather(*(answers(player) for player in answering))
        await _until(
            lambda: all({"accepted", "refused"} & p.heard.keys() or not p.is_there for p in sent)
        )
        for player, at in sent.items():
            if "accepted" in player.heard:
                self.measures.acks.add(player.heard["accepted"] - at)
            elif "refused" not in player.heard:
                self.measures.lost_answers += 1
            elif player not in reloading:
                self.measures.refused += 1
        return max(sent.values(), default=time.perf_counter())

    async def _all_heard(self, phase: str) -> None:
        await _until(lambda: all(phase in p.heard or not p.is_there for p in self.players))
        self.measures.lost_frames += sum(
            phase not in p.heard for p in self.players if not p.is_slow
        )

    async def _hears_stage(self) -> None:
        try:
            await asyncio.wait_for(self._stage_heard.wait(), PATIENCE_S)
        except TimeoutError:
            raise ServerSilent from None

    def _hear_as_host(self, bot: Bot, frame: bytes, at: float) -> None:
        if frame.startswith((b'{"type":"stage_changed"', b'{"type":"host_welcomed"')):
            self.stage = json.loads(frame)["stage"]
            if self.stage["phase"] == "asking" and len(frame) > len(self.longest_question):
                self.longest_question = frame
            self._stage_heard.set()


async def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + PATIENCE_S
    # A look every few ms costs less than waking for each of thousands of frames.
    while not is_so() and time.perf_counter() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
