"""Phones and a host that come back as browsers do, whatever dies, and go on where they were."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from itertools import cycle
from typing import Any

from games import seats
from games.archive import score_game
from games.bots.answers import an_answer
from games.bots.measures import Measures
from games.bots.playing import Player
from games.bots.wire import Bot, command, connect
from games.store import Store

AGAIN_S = 0.5
"""After so long without a reply, what was said is said again: saying it twice is harmless."""
THINKS_S = 0.5
"""A class answers spread over so long."""
AWAY_S = 0.1
GAME_S = 90

Fault = Callable[[], Awaitable[None]]
MOVED_BY_HOST = {"lobby", "closed", "explanation", "standings"}


class FaithfulPlayer(Player):
    """Answers each question once it is shown, until the answer is acknowledged."""

    def __init__(self, urls: list[str], code: str, nickname: str) -> None:
        self._doors = cycle([f"{url}/ws/play/{code}/" for url in urls])
        super().__init__(next(self._doors), nickname, Measures())
        self.stage: dict[str, Any] = {}
        self.chosen: dict[int, dict[str, Any]] = {}
        self.reasons: set[str] = set()
        self.codes: set[int] = set()
        """Why commands were refused, and sockets closed."""
        self.away: list[float] = []
        """Seconds without a seat, each time."""
        self.waited: list[float] = []
        """Seconds from an answer until it was acknowledged, however often it was said."""
        self._says_at: dict[int, float] = {}
        self._news = asyncio.Event()

    async def lives(self, chance: random.Random) -> None:
        """Until the podium."""
        gone_at = time.perf_counter()
        while self.stage.get("phase") != "podium":
            if await self.comes() is None:
                self.url = next(self._doors)
                await asyncio.sleep(AWAY_S)
                continue
            self.away.append(time.perf_counter() - gone_at)
            assert self.bot
            while self.bot.close_code is None and self.stage.get("phase") != "podium":
                again_s = self._answer(chance)
                self._news.clear()
                waits = [asyncio.ensure_future(e.wait()) for e in (self._news, self.bot.is_gone)]
                await asyncio.wait(waits, timeout=again_s, return_when=asyncio.FIRST_COMPLETED)
                for wait in waits:
                    wait.cancel()
            gone_at = time.perf_counter()
            if self.bot.close_code is not None:
                self.codes.add(self.bot.close_code)

    def _answer(self, chance: random.Random) -> float:
        """Say what is to be said by now; returns after how many seconds to look again."""
        round = self.stage.get("round", 0)
        if self.stage.get("phase") != "asking" or round in self.acknowledged:
            return AGAIN_S
        now = time.perf_counter()
        if round not in self.chosen:
            self.chosen[round] = an_answer(self.stage["question"], chance)
            self._says_at[round] = now + chance.random() * THINKS_S
        if now < self._says_at[round]:
            return self._says_at[round] - now
        self.says("submit_answer", round=round, answer=self.chosen[round])
        return AGAIN_S

    def _hear(self, bot: Bot, frame: bytes, at: float) -> None:
        known = set(self.acknowledged)
        super()._hear(bot, frame, at)
        self.waited += [at - self._says_at[round] for round in self.acknowledged.keys() - known]
        told = json.loads(frame)
        if bot is self.bot and "stage" in told:
            self.stage = told["stage"]
        if told["type"] == "command_refused":
            self.reasons.add(told["reason"])
        self._news.set()


class FaithfulClass:
    """Plays a room to the podium."""

    def __init__(self, urls: list[str], room: str, code: str, size: int) -> None:
        self.room, self.code = room, code
        self.players = [
            FaithfulPlayer(urls[at % len(urls) :] + urls[: at % len(urls)], code, f"Bot {at}")
            for at in range(size)
        ]
        self._token = seats.sign(seats.SeatToken(room=room, role="host"))
        self._host_urls = cycle(urls)
        self._stage: dict[str, Any] = {}
        self._news = asyncio.Event()

    async def plays(
        self, faults: dict[tuple[str, int], Fault], host_is_patient: bool = False
    ) -> None:
        """Each fault comes when the host first sees that phase of that round.

        A patient host doesn't go on before it is over. Raises TimeoutError when the game doesn't come
        to its end, AssertionError for a fault left.
        """
        chance = random.Random(11)
        left = dict(faults)
        try:
            async with asyncio.timeout(GAME_S), asyncio.TaskGroup() as all_of_them:
                for player in self.players:
                    all_of_them.create_task(player.lives(chance))
                all_of_them.create_task(self._hosts(left, host_is_patient, all_of_them))
        finally:
            for player in self.players:
                if player.bot:
                    player.bot.leave()
            await asyncio.sleep(AWAY_S)
        assert left == {}

    async def _hosts(
        self,
        faults: dict[tuple[str, int], Fault],
        is_patient: bool,
        group: asyncio.TaskGroup,
    ) -> None:
        await self._all_are_here()
        while self._stage.get("phase") != "podium":
            host = Bot(f"{next(self._host_urls)}/ws/host/", ["quizgame", self._token], self._hear)
            try:
                await connect(host)
            except OSError:
                await asyncio.sleep(AWAY_S)
                continue
            while host.close_code is None and self._stage.get("phase") != "podium":
                phase, round = self._stage.get("phase", ""), self._stage.get("round", 0)
                if fault := faults.pop((phase, round), None):
                    breaking = group.create_task(_soon(fault))
                    await (breaking if is_patient else asyncio.sleep(AWAY_S))
                if phase in MOVED_BY_HOST:
                    host.say(command("move_on", phase=phase, round=round))
                self._news.clear()
                try:
                    async with asyncio.timeout(AGAIN_S):
                        await self._news.wait()
                except TimeoutError:
                    pass
            host.leave()

    async def _all_are_here(self) -> None:
        while not all(player.token for player in self.players):  # noqa: ASYNC110  # a test may
            await asyncio.sleep(AWAY_S)

    def _hear(self, bot: Bot, frame: bytes, at: float) -> None:
        told = json.loads(frame)
        if "stage" in told:
            self._stage = told["stage"]
            self._news.set()

    async def is_as_acknowledged(self, store: Store) -> str:
        """Asserts that what was acknowledged is what counts; returns figures for the table."""
        game = await store.read_game(self.room)
        assert game
        quiz, settings = game
        limits = await store.closed_rounds(self.room)
        rounds = {round: await store.read_answers(self.room, round) for round in limits}
        assert len(limits) == len(quiz.questions)
        answered = sum(len(given) for given in rounds.values())
        acknowledged = 0
        for player in self.players:
            for round, answer in player.acknowledged.items():
                stored = rounds[round][player.player].answer
                assert stored.model_dump(mode="json") == answer
                acknowledged += 1
        seated = [player.player for player in self.players]
        lines, _ = score_game(quiz, settings, seated, rounds, limits)
        told = await store.read_lines(self.room)
        assert {p: (line.total, line.rank) for p, line in told.items()} == {
            p: (line.total, line.rank) for p, line in lines.items()
        }
        away = max(max(player.away[1:], default=0) for player in self.players)
        waited = max(max(player.waited) for player in self.players)
        asked = len(limits) * len(self.players)
        return (
            f"{answered:>3} of {asked} answers taken, {acknowledged:>3} acknowledged and kept;"
            f" away {away:.1f} s and waiting {waited:.1f} s at most"
        )


async def _soon(fault: Fault) -> None:
    await fault()
