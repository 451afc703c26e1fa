"""One live room in this process: its quiz, its store, its loudspeakers, its bell.

However many phones a process serves, it has one Redis subscription and one timer for each room. An
announcement is encoded once and written to every socket. Whatever is missed on the way (a lost
message, a process that died half-way) the watch finds within two seconds by asking Redis.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from redis.asyncio.client import PubSub

from games import metrics
from games.protocol import (
    AnswersCounted,
    ClockChanged,
    KnobsTurned,
    OwnResult,
    Seat,
    SeatsChanged,
    Stage,
    WaitingChanged,
    stages,
)
from games.rules import Phase, Quiz, RoomSettings
from games.scoring import Line
from games.store import SeatRecord, State, Store, StoreError, connect
from games.store.connections import subscription
from lessons.questions import FULL_CREDIT
from quizgame import logs

logger = logging.getLogger(__name__)

WATCH_S = 2.0
"""How long a lost announcement can go unnoticed."""
RING_AGAIN_S = 0.25
"""A bell that is due and that nobody answered is rung again after this."""
FRONT_PAUSE_S = 0.1
"""Hosts and screens hear counts at most ten times a second."""


class Listener(Protocol):
    """A socket as a room sees it."""

    player: str
    """Empty for hosts and screens."""
    is_host: bool
    connection: str
    time_factor: float

    async def hear(self, frame: str) -> None: ...
    async def dismiss(self, code: int) -> None: ...


class Clock(NamedTuple):
    """When the phase ends, by this process' monotonic clock."""

    changes: int = 0
    """How many there were; tells a newer clock from an older."""
    bell_at: float | None = None
    """None where only the host moves on."""
    limit_ms: int = 0
    paused_at: float | None = None

    @classmethod
    def read(cls, changes: int, bell_at: int, paused_at: int, now: int, limit_ms: int) -> "Clock":
        """From ms by Redis; 0 is none."""
        local = time.monotonic() - now / 1000
        return cls(
            changes,
            bell_at / 1000 + local if bell_at else None,
            limit_ms,
            paused_at / 1000 + local if paused_at else None,
        )

    def remaining_ms(self, time_factor: float = 1) -> int | None:
        """Until the bell, for somebody who has so many times as long; None where there is none."""
        if self.bell_at is None:
            return None
        now = time.monotonic() if self.paused_at is None else self.paused_at
        more_ms = self.limit_ms * (time_factor - 1)
        return max(0, round((self.bell_at - now) * 1000 + more_ms))


class Room:
    """What this process knows of a live room, and who of the room is connected to it."""

    def __init__(self, id: str, store: Store, quiz: Quiz, settings: RoomSettings) -> None:
        self.id = id
        self.store = store
        self.quiz = quiz
        self.settings = settings
        self.phase = Phase.LOBBY
        self.round = 0
        self.told = -1
        self.clock = Clock()
        self.stage_json = ""
        self.knobs: dict[str, float] = {}
        """How the host has turned the picture, as far as this process has heard."""
        self.players: dict[str, Listener] = {}
        self.arriving: set[Listener] = set()
        """Phones that hear all, but aren't known to have the seat they ask for."""
        self.waiting: set[Listener] = set()
        """Phones whose players the host hasn't let in; they hear nothing."""
        self.front: set[Listener] = set()
        self.changed = asyncio.Event()
        self.wanted_knobs: dict[str, float] = {}
        """Server knobs that were turned and whose picture this process is to compute."""
        self.is_looking_again = False
        """Does this process look, every few seconds, whether a question still waits for a phone?"""
        self._stage: Stage | None = None
        self._pending_seats: dict[str, Seat] = {}
        self._pending_left: set[str] = set()
        self._are_seats_pending = False
        self._is_waiting_pending = False
        self._pending_answers: dict[int, int] = {}
        self._front_task: asyncio.Task[None] | None = None
        self._background: set[asyncio.Task[Any]] = set()

    @property
    def is_empty(self) -> bool:
        """Is nobody of this room connected here?"""
        return not (self.players or self.arriving or self.waiting or self.front)

    @property
    def stage(self) -> Stage:
        """What everyone sees now, for a welcome."""
        if self._stage is None:
            self._stage = stages.validate_json(self.stage_json)
        return self._stage

    def remaining_ms(self, time_factor: float = 1) -> int | None:
        """Until the bell, for somebody who has so many times as long for a question."""
        return self.clock.remaining_ms(time_factor if self.phase is Phase.ASKING else 1)

    @property
    def is_paused(self) -> bool:
        """Does the clock stand?"""
        return self.clock.paused_at is not None

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it soon, without anybody waiting; what fails is logged, and the watch looks after it."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("Work in the background failed", exc_info=error)

    # Loudspeakers: all processes

    async def tell_knobs(self, event: KnobsTurned) -> None:
        """To all sockets of the room, and kept for those who come later."""
        await self.store.publish(self.id, "knobs", event.model_dump_json())

    async def tell_front(self, event: BaseModel) -> None:
        """To hosts and screens."""
        await self.store.publish(self.id, "front", event.model_dump_json(by_alias=True))

    async def tell_hosts(self, event: BaseModel) -> None:
        """To hosts alone."""
        await self.store.publish(self.id, "hosts", event.model_dump_json(by_alias=True))

    def count_answers(self, round: int, answered: int) -> None:
        """Tell the front soon how many have answered."""
        # Only hosts and screens see the count: telling n players of n answers would be n**2 messages.
        self._pending_answers[round] = max(answered, self._pending_answers.get(round, 0))
        self._tell_front_soon()

    def count_seats(self, joined: Seat | None = None, left: str = "") -> None:
        """Tell the front soon who came, who was sent away and how many are here."""
        self._are_seats_pending = True
        if joined:
            self._pending_seats[joined.player] = joined
        if left:
            self._pending_left.add(left)
        self._tell_front_soon()

    def count_waiting(self) -> None:
        """Tell hosts soon who asks to be let in."""
        self._is_waiting_pending = True
        self._tell_front_soon()

    def _tell_front_soon(self) -> None:
        if self._front_task is None:
            self._front_task = asyncio.create_task(self._tell_front_pending())

    async def _tell_front_pending(self) -> None:
        try:
            while self._pending_answers or self._are_seats_pending or self._is_waiting_pending:
                answers, self._pending_answers = self._pending_answers, {}
                for round, answered in answers.items():
                    await self.tell_front(AnswersCounted(round=round, answered=answered))
                if self._are_seats_pending:
                    self._are_seats_pending = False
                    joined, self._pending_seats = self._pending_seats, {}
                    left, self._pending_left = self._pending_left, set()
                    # Counted now: the counts of many who come at once overtake each other.
                    present, _ = await self.store.count(self.id, self.round)
                    await self.tell_front(
                        SeatsChanged(
                            joined=tuple(joined.values()), left=tuple(left), present=present
                        )
                    )
                if self._is_waiting_pending:
                    self._is_waiting_pending = False
                    waiting = await self.store.read_waiting(self.id)
                    seats = tuple(seat_of(player, seat) for player, seat in waiting.items())
                    await self.tell_hosts(WaitingChanged(waiting=seats))
                await asyncio.sleep(FRONT_PAUSE_S)
        except StoreError as error:
            # The next count says it all again; names come with the next welcome.
            logger.warning("The front wasn't told: %s", error)
        finally:
            self._front_task = None

    # What comes in from all processes

    async def hear(self, news: str) -> None:
        """Pass news on to the sockets of this process. The forms are in `games/store/*.lua`."""
        head, *body = news.split("\n")
        match head.split(" "):
            case ["stage", revision, phase, round, *clock]:
                read = Clock.read(*map(int, clock))
                if self._stand_at(int(revision), Phase(phase), int(round), read, body[0]):
                    await self._pass_on_stage(json.loads(body[1]))
            case ["clock", *clock]:
                await self._wind(Clock.read(*map(int, clock)))
            case ["knobs"]:
                turned = KnobsTurned.model_validate_json(body[0])
                if turned.round == self.round:
                    self.knobs |= turned.knobs
                await self._pass_on(body[0])
            case ["front" | "hosts" as whom]:
                for listener in list(self.front):
                    if whom == "front" or listener.is_host:
                        await listener.hear(body[0])
            case ["close", player, code, connection]:
                for listener in [*self._phones(), *self.waiting]:
                    if listener.player == player and connection in ("*", listener.connection):
                        await listener.dismiss(int(code))
            case _:
                logger.error("Unknown news %r", head)

    def _stand_at(self, revision: int, phase: Phase, round: int, clock: Clock, stage: str) -> bool:
        """Take note of a stage; False if it is no news."""
        if revision <= self.told:
            return False
        if (phase, round) != (self.phase, self.round):
            self.knobs = {}
        self.told, self.phase, self.round, self.stage_json = revision, phase, round, stage
        self._stage = None
        self.clock = clock
        self.changed.set()
        return True

    async def _wind(self, clock: Clock) -> None:
        """The host changed the clock; not if we have heard already."""
        if clock.changes <= self.clock.changes:
            return
        self.clock = clock
        self.changed.set()
        for listener in [*self._phones(), *self.front]:
            event = ClockChanged(
                remaining_ms=self.remaining_ms(listener.time_factor), is_paused=self.is_paused
            )
            await listener.hear(event.model_dump_json())

    async def _pass_on(self, frame: str) -> None:
        for listener in [*self._phones(), *self.front]:
            await listener.hear(frame)

    async def _pass_on_stage(self, own: dict[str, str]) -> None:
        """Encoded once, but for a player's own line, which nobody else gets, and own time."""
        opening = self._stage_frame(1)
        shared = opening + "null}"
        with metrics.FAN_OUT.time():
            for listener in self._phones():
                line = own.get(listener.player)
                if listener.time_factor != 1:
                    own_opening = self._stage_frame(listener.time_factor)
                    await listener.hear(f"{own_opening}{line or 'null'}}}")
                else:
                    await listener.hear(f"{opening}{line}}}" if line else shared)
            for listener in list(self.front):
                await listener.hear(shared)

    def _stage_frame(self, time_factor: float) -> str:
        """A StageChanged, up to its `own`."""
        remaining_ms = self.remaining_ms(time_factor)
        remaining = "null" if remaining_ms is None else str(remaining_ms)
        return (
            f'{{"type":"stage_changed","remaining_ms":{remaining},"stage":{self.stage_json},"own":'
        )

    def _phones(self) -> list[Listener]:
        return [*self.players.values(), *self.arriving]

    async def catch_up(self) -> State | None:
        """Ask Redis where the room stands; pass on what was missed. None when the room is gone."""
        state = await self.store.read_state(self.id)
        if state is None or state.told < state.revision:
            return state
        times = (state.bell_at_ms, state.paused_at_ms, state.now_ms, state.limit_ms)
        clock = Clock.read(state.clock, *times)
        if not self._stand_at(state.told, state.phase, state.round, clock, state.stage):
            await self._wind(clock)
        else:
            own: dict[str, str] = {}
            if state.phase is Phase.CLOSED and (here := {p.player for p in self._phones()}):
                lines = await self.store.read_lines(self.id)
                own = {
                    player: own_result(line).model_dump_json()
                    for player, line in lines.items()
                    if player in here
                }
            await self._pass_on_stage(own)
        return state


def seat_of(player: str, record: SeatRecord) -> Seat:
    """A seat as others know it."""
    return Seat(player=player, nickname=record.nickname, team=record.team, members=record.members)


def own_result(line: Line) -> OwnResult:
    """A player's line as it is told to that player."""
    return OwnResult(
        round=line.round,
        answered=line.answered,
        is_right=line.is_right,
        part=line.credit / FULL_CREDIT,
        elapsed_ms=line.elapsed_ms,
        points=line.points,
        bonus=line.bonus,
        total=line.total,
        rank=line.rank,
        rank_before=line.rank_before,
        streak=line.streak,
    )


Ring = Callable[[Room], Awaitable[None]]
"""What to do when a room's bell may be due; see `moves.ring`."""


class Hub:
    """All rooms that have a socket in this process, and their one Redis subscription."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.rooms: dict[str, Room] = {}
        self._watches: dict[str, asyncio.Task[None]] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self._heard: dict[str, Room] = {}
        self._pubsub: PubSub | None = None
        self._tuning = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None

    async def room(self, id: str, ring: Ring) -> Room | None:
        """The room, listening to its news; None when there is no such room.

        Whoever adds a listener does so before the next await, so that an empty room can be dropped.
        """
        if id in self.rooms:
            return self.rooms[id]
        async with self._opening.setdefault(id, asyncio.Lock()):
            if id in self.rooms:
                return self.rooms[id]
            game = await self.store.read_game(id)
            if game is None:
                return None
            room = Room(id, self.store, *game)
            await self._listen(room)
            # Listen first, then look: what happens in between is heard, not missed. A move whose
            # process died half-way is finished by the ring.
            while await room.catch_up() and room.told < 0:
                await ring(room)
            if room.told < 0:
                await self._unlisten(room)
                return None
            self.rooms[id] = room
            metrics.ROOMS.inc()
            self._watches[id] = asyncio.create_task(self._watch(room, ring))
        self._opening.pop(id, None)
        return room

    async def _watch(self, room: Room, ring: Ring) -> None:
        """Ring at the bell, and look after the room every two seconds, while anybody is here."""
        logs.room_id.set(room.id)
        was_due = False
        idle = 0
        # Looked at again after the last ring: somebody may have come meanwhile.
        while idle < 3 or not room.is_empty:
            room.changed.clear()
            wait_s = WATCH_S
            if room.clock.bell_at is not None and not room.is_paused:
                until_s = room.clock.bell_at - time.monotonic()
                wait_s = min(WATCH_S, max(until_s, RING_AGAIN_S if was_due else 0))
                was_due = until_s <= WATCH_S
            try:
                # Not wait_for: in Python 3.11 it can swallow the cancellation by `close`.
                async with asyncio.timeout(wait_s):
                    await room.changed.wait()
                was_due = False
                continue
            except TimeoutError:
                pass
            idle = idle + 1 if room.is_empty else 0
            try:
                await ring(room)
            except StoreError as error:
                logger.warning("The bell found no Redis: %s", error)
            except Exception:
                logger.exception("The bell failed")
        if self.rooms.pop(room.id, None):
            metrics.ROOMS.dec()
        self._watches.pop(room.id, None)
        await self._unlisten(room)

    async def _listen(self, room: Room) -> None:
        channel = self.store.channel(room.id)
        async with self._tuning:
            if self._pubsub is None:
                self._pubsub = await subscription(self.store.redis)
            await self._pubsub.subscribe(channel)
            self._heard[channel] = room
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read())

    async def _listen_anew(self) -> None:
        """To all channels, by a connection that may lead elsewhere than the one that was lost."""
        async with self._tuning:
            lost, self._pubsub = self._pubsub, await subscription(self.store.redis)
            if lost:
                await lost.aclose()  # type: ignore[no-untyped-call]
            if self._heard:
                await self._pubsub.subscribe(*self._heard)

    async def _unlisten(self, room: Room) -> None:
        self._heard.pop(self.store.channel(room.id), None)
        if self._pubsub:
            await self._pubsub.unsubscribe(self.store.channel(room.id))

    async def _read(self) -> None:
        """Pass on news for ever."""
        is_lost = False
        while True:
            try:
                if is_lost:
                    await self._listen_anew()
                    is_lost = False
                assert self._pubsub
                message = await self._pubsub.get_message(timeout=None)
            except (StoreError, OSError) as error:
                logger.warning("The subscription was lost: %s", error)
                is_lost = True
                await asyncio.sleep(RING_AGAIN_S)
                continue
            room = self._heard.get(message["channel"]) if message else None
            if room is None or message is None:
                continue
            logs.room_id.set(room.id)
            try:
                await room.hear(message["data"])
            except Exception:
                logger.exception("News weren't passed on")

    async def close(self) -> None:
        """Stop listening: for tests and the end of a process."""
        metrics.ROOMS.dec(len(self.rooms))
        self.rooms.clear()
        tasks = [*self._watches.values(), *([self._reader] if self._reader else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._pubsub:
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]
        await self.store.redis.aclose()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this process: one for each event loop, of which a server has one."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(connect())
    return _hubs[loop]
