"""Live rooms in Redis: the only package that knows a key. One `.lua` file is one transition.

Every key begins with `settings.REDIS_PREFIX`; a room's keys share the hash tag `{room}`, so that a
cluster keeps a room in one slot. All live 24 h after the last move, and go together.

    PREFIX:code:CODE          string  the room of that join code
    PREFIX:guesses:...        string  see `guesses`
    PREFIX:ready              string  written when an operator asks whether all is well; a minute
    PREFIX:rooms              zset    every room by the ms it was opened (for the hosts' lists)
    PREFIX:{ROOM}:state       hash    where the room stands: phase, round, vote (2 after the talk between
                                      two votes), revision (counts moves), told (the revision whose
                                      stage is stored); the clock: bell_at, opened_at, paused_at (ms by
                                      Redis; 0 = none), limit_ms (of this phase, with all extensions),
                                      clock (counts its changes); switches: is_locked, has_standings,
                                      is_revoting, has_sounds; fixed: code, host (user id), opened (ms),
                                      late_join, approves_seats, door_secret; archived ("", or "done" once
                                      the database has the game)
    PREFIX:{ROOM}:quiz        string  the frozen quiz, JSON
    PREFIX:{ROOM}:settings    string  RoomSettings, JSON
    PREFIX:{ROOM}:roster      hash    personal code -> RosterEntry, JSON
    PREFIX:{ROOM}:seats       hash    player -> nickname, team, folded, members, pupil, and
                                      learner (the key of who studies on that phone) as JSON
    PREFIX:{ROOM}:waiting     hash    the same, of those who ask to be let in
    PREFIX:{ROOM}:names       hash    folded nickname -> player
    PREFIX:{ROOM}:tokens      hash    player -> fingerprints of the newest secret and the one before
    PREFIX:{ROOM}:codes       hash    personal code of the roster -> the player who sits there by it
    PREFIX:{ROOM}:issued      hash    code that the host gave out, good once -> player
    PREFIX:{ROOM}:factors     hash    player -> time factor, where it isn't 1
    PREFIX:{ROOM}:present     hash    player -> connection, while a phone is connected
    PREFIX:{ROOM}:left        hash    player -> ms by Redis, when a phone's connection last ended
    PREFIX:{ROOM}:teams       hash    team -> number of members
    PREFIX:{ROOM}:answers:N   hash    player -> Given of round N as JSON; never changed once stored
    PREFIX:{ROOM}:votes:N     hash    the same, of the vote before the talk
    PREFIX:{ROOM}:there:N     hash    what `present` was when round N was closed
    PREFIX:{ROOM}:lines       hash    player -> scoring.Line of the last closed round as JSON
    PREFIX:{ROOM}:results     hash    round -> RoundResult as JSON
    PREFIX:{ROOM}:limits      hash    round that was closed -> its time limit in ms, 0 for none
    PREFIX:{ROOM}:stage       string  what everyone sees now, JSON
    PREFIX:{ROOM}:news        channel see `Room.hear`
"""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.conf import settings
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import RedisError

from games import metrics
from games.rules import Given, Phase, Quiz, Reason, Refused, RoomSettings, RosterEntry, Step
from games.scoring import Line
from games.store.connections import client
from games.store.guesses import Guesses

StoreError = RedisError
"""Redis is away, or said no to us: the move didn't happen, or can't be known to have."""

SCRIPTS = {file.stem: file.read_text() for file in Path(__file__).parent.glob("*.lua")}
ANSWER_TRIES, ANSWER_RETRY_S = 4, 0.25
RETURN_MS = 5000
"""So long a question waits for a phone that left before it closes because all others have answered."""


class SeatRecord(NamedTuple):
    """What is stored of a seat."""

    nickname: str
    team: str | None
    folded: str
    members: tuple[str, ...] = ()
    pupil: int | None = None
    learner: str | None = None
    """The key of who studies on the phone that sat down here first. Never sent to a browser."""


class Resumed(NamedTuple):
    """A player who sits down: the seat, the answer in this vote, the line of the last closed round.

    One who still waits to be let in has nothing but a seat.
    """

    seat: SeatRecord
    is_waiting: bool = False
    given: Given | None = None
    line: Line | None = None
    time_factor: float = 1


class Switches(NamedTuple):
    """What the host may turn while the room plays."""

    is_locked: bool
    has_standings: bool
    is_revoting: bool
    has_sounds: bool


class State(NamedTuple):
    """Where a room stands, by the Redis clock."""

    phase: Phase
    round: int
    vote: int
    revision: int
    told: int
    clock: int
    opened_at_ms: int
    """When the question was opened that was asked last; 0 before."""
    bell_at_ms: int
    paused_at_ms: int
    limit_ms: int
    now_ms: int
    switches: Switches
    code: str
    host: int
    door_secret: str
    archived: str
    stage: str

    @property
    def step(self) -> Step:
        """Phase, round and vote."""
        return Step(self.phase, self.round, 0, self.vote)

    @property
    def is_over(self) -> bool:
        """Is nothing more played in this room?"""
        return self.phase in (Phase.PODIUM, Phase.ENDED)


class AnswerReply(NamedTuple):
    """How an answer fared: `given` counts, now or from before."""

    given: Given
    answered: int
    all_in: bool
    """Nobody's answer is waited for any more."""
    all_here: bool
    """Everybody who is here has answered; somebody who left may come back in a moment."""


class Store:
    """The rooms of one Redis. `connect()` makes one; a process keeps it as long as its event loop."""

    def __init__(self, redis: Redis | RedisCluster, prefix: str) -> None:
        # redis-py's types say bytes or str; `connect` asks for str.
        self.redis: Any = redis
        self.prefix = prefix
        self.return_ms = RETURN_MS
        self._scripts = {name: redis.register_script(text) for name, text in SCRIPTS.items()}
        self.guesses = Guesses(redis, prefix)
        self._batches: dict[tuple[str, int, int], _Batch] = {}

    def channel(self, room: str) -> str:
        """Where a room's news is published. Pub/sub ignores database numbers, hence the prefix."""
        return self._key(room, "news")

    # Rooms

    async def answers(self) -> bool:
        """Is Redis there, and does it take what is written?"""
        return bool(await self.redis.set(f"{self.prefix}:ready", "1", ex=60))

    async def open_room(
        self,
        quiz: Quiz,
        chosen: RoomSettings,
        host: int,
        stage: str,
        roster: Mapping[str, RosterEntry] | None = None,
    ) -> str:
        """A new room in its lobby; returns its id. Its join code is free among live rooms."""
        room = secrets.token_hex(8)
        code = await self._claim_code(room)
        opened = int(time.time() * 1000)
        pipe = self.redis.pipeline(transaction=True)
        pipe.hset(
            self._key(room, "state"),
            mapping={
                "phase": Phase.LOBBY.value,
                "round": 0,
                "vote": 1,
                "revision": 0,
                "told": 0,
                "bell_at": 0,
                "opened_at": 0,
                "paused_at": 0,
                "limit_ms": 0,
                "clock": 0,
                "is_locked": 0,
                "has_standings": int(chosen.has_standings),
                "is_revoting": int(chosen.is_revoting),
                "has_sounds": int(chosen.has_sounds),
                "code": code,
                "host": host,
                "opened": opened,
                "late_join": int(chosen.late_join),
                "approves_seats": int(chosen.approves_seats),
                "door_secret": secrets.token_hex(16),
                "archived": "",
            },
        )
        pipe.expire(self._key(room, "state"), settings.ROOM_LIFETIME_S)
        for name, text in {
            "quiz": quiz.model_dump_json(),
            "settings": chosen.model_dump_json(),
            "stage": stage,
        }.items():
            pipe.set(self._key(room, name), text, ex=settings.ROOM_LIFETIME_S)
        if roster:
            entries = {code: entry.model_dump_json() for code, entry in roster.items()}
            pipe.hset(self._key(room, "roster"), mapping=entries)
            pipe.expire(self._key(room, "roster"), settings.ROOM_LIFETIME_S)
        await pipe.execute()
        await self.redis.zadd(f"{self.prefix}:rooms", {room: opened})
        return room

    async def _claim_code(self, room: str) -> str:
        for _ in range(100):
            code = f"{secrets.randbelow(900_000) + 100_000}"
            key = f"{self.prefix}:code:{code}"
            if await self.redis.set(key, room, nx=True, ex=settings.ROOM_LIFETIME_S):
                return code
        raise RuntimeError("No free join code after 100 tries.")

    async def find_room(self, code: str) -> str | None:
        """The live room of a join code."""
        found: str | None = await self.redis.get(f"{self.prefix}:code:{code}")
        return found

    async def live_rooms(self) -> list[str]:
        """Every room that may still be there, newest first; forgets those that expired."""
        oldest = int((time.time() - 7 * settings.ROOM_LIFETIME_S) * 1000)
        await self.redis.zremrangebyscore(f"{self.prefix}:rooms", 0, oldest)
        rooms: list[str] = await self.redis.zrevrange(f"{self.prefix}:rooms", 0, -1)
        return rooms

    async def read_state(self, room: str) -> State | None:
        """Where the room stands; None when it is gone."""
        keys = [self._key(room, name) for name in ("state", "stage")]
        listed, stage, seconds, micros = await self._run("read_state", keys, [])
        if not listed or stage is None:
            return None
        state = dict(zip(listed[::2], listed[1::2], strict=True))
        return State(
            phase=Phase(state["phase"]),
            round=int(state["round"]),
            vote=int(state["vote"]),
            revision=int(state["revision"]),
            told=int(state["told"]),
            clock=int(state["clock"]),
            opened_at_ms=int(state["opened_at"]),
            bell_at_ms=int(state["bell_at"]),
            paused_at_ms=int(state["paused_at"]),
            limit_ms=int(state["limit_ms"]),
            now_ms=int(seconds) * 1000 + int(micros) // 1000,
            switches=Switches(*(state[name] == "1" for name in Switches._fields)),
            code=state["code"],
            host=int(state["host"]),
            door_secret=state["door_secret"],
            archived=state["archived"],
            stage=stage,
        )

    async def read_game(self, room: str) -> tuple[Quiz, RoomSettings] | None:
        """What was fixed when the room opened."""
        quiz, chosen = await self.redis.mget(self._key(room, "quiz"), self._key(room, "settings"))
        if quiz is None or chosen is None:
            return None
        return Quiz.model_validate_json(quiz), RoomSettings.model_validate_json(chosen)

    async def move_on(
        self, room: str, at: Step, to: Step, is_bell: bool, rounds: int
    ) -> int | None:
        """Go from one phase to the next. The new revision; None if another was faster."""
        names = ["state", "present", "factors", "limits"]
        names += [f"answers:{at.round}", f"votes:{at.round}", f"there:{at.round}"]
        names += ["quiz", "settings", "roster", "seats", "waiting", "names", "tokens", "codes"]
        names += ["issued", "teams", "lines", "results", "stage"]
        names += [f"{kind}:{n}" for kind in ("answers", "votes", "there") for n in range(rounds)]
        who = "bell" if is_bell else "host"
        expected = [at.phase.value, at.round, at.vote]
        to_be = [to.phase.value, to.round, to.vote, to.lasts_ms]
        revision: int = await self._run(
            "move_on",
            [self._key(room, name) for name in names],
            [*expected, *to_be, who, settings.ROOM_LIFETIME_S],
        )
        return revision or None

    async def change_clock(
        self,
        room: str,
        verb: Literal["pause", "go_on", "extend"],
        phase: Phase,
        round: int,
        more_ms: int = 0,
    ) -> bool:
        """Stop the clock, let it go on, give more time; False if there was nothing to change."""
        keys = [self._key(room, name) for name in ("state", "news")]
        return bool(await self._run("change_clock", keys, [verb, phase.value, round, more_ms]))

    async def tell_stage(
        self,
        room: str,
        revision: int,
        round: int,
        stage: str,
        own: Mapping[str, str],
        lines: Mapping[str, Line],
        result: str = "",
    ) -> bool:
        """Store what everyone sees now and announce it; False if another did so before."""
        changed = [part for player, line in lines.items() for part in (player, json.dumps(line))]
        told = await self._run(
            "tell_stage",
            [self._key(room, name) for name in ("state", "stage", "lines", "results", "news")],
            [revision, stage, json.dumps(own), result, round, *changed],
        )
        # The code lives as long as the room. That may wait until the class has been told.
        code = await self.redis.hget(self._key(room, "state"), "code")
        await self.redis.expire(f"{self.prefix}:code:{code}", settings.ROOM_LIFETIME_S)
        return bool(told)

    async def retell_stage(self, room: str, revision: int, stage: str) -> bool:
        """Another form of the stage of that revision; False if the room has moved on since."""
        keys = [self._key(room, name) for name in ("state", "stage", "news")]
        return bool(await self._run("retell_stage", keys, [revision, stage]))

    async def turn_switch(self, room: str, switch: str, is_on: bool) -> None:
        """Turn one of `Switches`."""
        await self._run("set_state", [self._key(room, "state")], [switch, int(is_on)])

    async def note_archived(self, room: str) -> None:
        """The room's game is in the database, or there is none to keep."""
        await self._run("set_state", [self._key(room, "state")], ["archived", "done"])

    async def release_code(self, room: str, code: str) -> None:
        """Let the join code of an ended room go, if it is still this room's."""
        if await self.find_room(code) == room:
            await self.redis.delete(f"{self.prefix}:code:{code}")

    # Seats

    async def take_seat(
        self,
        room: str,
        player: str,
        seat: SeatRecord,
        fingerprint: str,
        teams: Sequence[str],
        code: str = "",
        time_factor: float = 1,
    ) -> SeatRecord:
        """Seat a newcomer, or let it wait; returns the seat with its team. Raises Refused.

        `seat.team` is the one asked for; None is any of `teams`. `code` is of the roster.
        """
        names = ("state", "seats", "waiting", "names", "tokens", "teams", "factors", "codes")
        stored = seat._asdict()
        stored.pop("team")
        verdict, what = await self._run(
            "take_seat",
            [self._key(room, name) for name in names],
            [
                player,
                seat.folded,
                fingerprint,
                json.dumps(stored),
                seat.team or "",
                settings.ROOM_CAPACITY,
                code,
                time_factor,
                *teams,
            ],
        )
        if verdict == "refused":
            raise Refused(Reason(what))
        return seat._replace(team=what or None)

    async def resume_seat(
        self, room: str, player: str, fingerprint: str, next_fingerprint: str, connection: str
    ) -> Resumed | None:
        """Sit down on a socket; None if the secret isn't that seat's."""
        names = ("state", "seats", "waiting", "tokens", "present", "lines", "factors", "news")
        verdict, *found = await self._run(
            "resume_seat",
            [self._key(room, name) for name in names],
            [player, fingerprint, next_fingerprint, connection, self._key(room, "answers:")],
        )
        if verdict == "refused":
            return None
        if verdict == "waiting":
            return Resumed(_seat(found[0]), is_waiting=True)
        seat, given, line, factor = found
        return Resumed(
            _seat(seat),
            False,
            Given.model_validate_json(given) if given else None,
            Line(*json.loads(line)) if line else None,
            float(factor),
        )

    async def leave_seat(self, room: str, player: str, connection: str) -> None:
        """The socket is gone; the seat stays."""
        names = ("state", "present", "left")
        keys = [self._key(room, name) for name in names]
        await self._run("leave_seat", keys, [player, connection])

    async def kick_player(self, room: str, player: str) -> None:
        """Send a player away for good, seated or waiting. Raises Refused."""
        names = (
            "state",
            "seats",
            "waiting",
            "tokens",
            "teams",
            "present",
            "lines",
            "factors",
            "news",
        )
        if not await self._run("kick_player", [self._key(room, n) for n in names], [player]):
            raise Refused(Reason.NO_SUCH_PLAYER)

    async def admit_player(self, room: str, player: str) -> SeatRecord:
        """Let in somebody who waits. Raises Refused."""
        names = ("state", "seats", "waiting", "news")
        seat = await self._run("admit_player", [self._key(room, n) for n in names], [player])
        if not seat:
            raise Refused(Reason.NO_SUCH_PLAYER)
        return _seat(seat)

    async def find_pupil(self, room: str, code: str) -> RosterEntry | None:
        """Whose personal code that is."""
        entry = await self.redis.hget(self._key(room, "roster"), code)
        return RosterEntry.model_validate_json(entry) if entry else None

    async def claim_seat(self, room: str, code: str, fingerprint: str) -> str | None:
        """The player whose seat that code takes over; the old phone's token is void."""
        names = ("seats", "waiting", "tokens", "issued", "codes")
        player: str | None = await self._run(
            "claim_seat", [self._key(room, name) for name in names], [code, fingerprint]
        )
        return player

    async def issue_code(self, room: str, player: str, code: str) -> None:
        """Let that code take the player's seat over, once. Raises Refused."""
        if not await self.redis.hexists(self._key(room, "seats"), player):
            raise Refused(Reason.NO_SUCH_PLAYER)
        await self.redis.hset(self._key(room, "issued"), code, player)
        await self.redis.expire(self._key(room, "issued"), settings.ROOM_LIFETIME_S)

    async def set_time_factor(self, room: str, player: str, factor: float) -> None:
        """Give a player so many times as long as others. Raises Refused."""
        names = ("state", "seats", "factors", "news")
        keys = [self._key(room, name) for name in names]
        if not await self._run("set_factor", keys, [player, factor]):
            raise Refused(Reason.NO_SUCH_PLAYER)

    async def read_time_factors(self, room: str) -> dict[str, float]:
        """By player, where it isn't 1."""
        factors = await self.redis.hgetall(self._key(room, "factors"))
        return {player: float(factor) for player, factor in factors.items()}

    async def read_waiting(self, room: str) -> dict[str, SeatRecord]:
        """Everyone who asks to be let in."""
        seats = await self.redis.hgetall(self._key(room, "waiting"))
        return {player: _seat(seat) for player, seat in seats.items()}

    async def read_seats(self, room: str) -> dict[str, SeatRecord]:
        """Everyone who is seated, present or not."""
        seats = await self.redis.hgetall(self._key(room, "seats"))
        return {player: _seat(seat) for player, seat in seats.items()}

    async def count(self, room: str, round: int) -> tuple[int, int]:
        """How many are present, and how many have answered the round."""
        pipe = self.redis.pipeline(transaction=False)
        pipe.hlen(self._key(room, "present"))
        pipe.hlen(self._key(room, f"answers:{round}"))
        present, answered = await pipe.execute()
        return present, answered

    # Answers and points

    async def submit_answer(
        self, room: str, round: int, vote: int, player: str, answer: str, lag_ms: int = 0
    ) -> AnswerReply:
        """Store an answer if the player is seated, the question open and none stored before.

        Answers that arrive in one turn of the event loop, or while a batch is on its way, go out
        together: one connection whatever the size of the class. Raises Refused, and StoreError
        when Redis stays away.
        """
        batch = self._batches.get((room, round, vote))
        if batch is None:
            batch = self._batches[room, round, vote] = _Batch()
            batch.task = asyncio.create_task(self._send_answers(room, round, vote, batch))
        reply: asyncio.Future[AnswerReply] = asyncio.get_running_loop().create_future()
        batch.waiting.append((player, answer, lag_ms, reply))
        return await reply

    async def _send_answers(self, room: str, round: int, vote: int, batch: "_Batch") -> None:
        keys = self._keys_of_answers(room, round)
        while batch.waiting:
            sent, batch.waiting = batch.waiting, []
            args: list[str | int] = [round, vote, self.return_ms]
            for player, answer, lag_ms, _ in sent:
                args += [player, answer, lag_ms]
            try:
                answered, all_in, *replies = await _insist(
                    lambda args=args: self._run("submit_answers", keys, args)  # type: ignore[misc]
                )
            except Exception as error:  # whoever waits for a reply gets it
                for *_, reply in sent:
                    if not reply.done():
                        reply.set_exception(error)
                continue
            pairs = zip(replies[::2], replies[1::2], strict=True)
            for (*_, reply), (verdict, stored) in zip(sent, pairs, strict=True):
                if reply.done():  # the phone vanished meanwhile
                    continue
                if verdict == "ok":
                    given = Given.model_validate_json(stored)
                    reply.set_result(AnswerReply(given, answered, all_in == 1, all_in > 0))
                else:
                    reply.set_exception(Refused(Reason(verdict)))
        del self._batches[room, round, vote]

    async def are_all_in(self, room: str, round: int, vote: int) -> bool:
        """Is the question open, and is nobody's answer waited for any more?"""
        args = [round, vote, self.return_ms]
        _, all_in = await self._run("submit_answers", self._keys_of_answers(room, round), args)
        return bool(all_in == 1)

    def _keys_of_answers(self, room: str, round: int) -> list[str]:
        names = ("state", "seats", "present", "left", "factors", f"answers:{round}")
        return [self._key(room, name) for name in names]

    async def read_answers(
        self, room: str, round: int, is_first_vote: bool = False
    ) -> dict[str, Given]:
        """Every answer stored for a round, kicked players' too."""
        kind = "votes" if is_first_vote else "answers"
        answers = await self.redis.hgetall(self._key(room, f"{kind}:{round}"))
        return {player: Given.model_validate_json(given) for player, given in answers.items()}

    async def read_there(self, room: str, round: int) -> frozenset[str]:
        """Who was connected when a round was closed."""
        return frozenset(await self.redis.hkeys(self._key(room, f"there:{round}")))

    async def read_lines(self, room: str) -> dict[str, Line]:
        """Everyone's line of the last closed round."""
        lines = await self.redis.hgetall(self._key(room, "lines"))
        return {player: Line(*json.loads(line)) for player, line in lines.items()}

    async def read_result(self, room: str, round: int) -> str | None:
        """The RoundResult of a closed round, as JSON."""
        result: str | None = await self.redis.hget(self._key(room, "results"), str(round))
        return result

    async def read_own_answers(
        self, room: str, player: str, rounds: Iterable[int]
    ) -> dict[int, Given]:
        """A player's answers by round, without those of first votes."""
        pipe = self.redis.pipeline(transaction=False)
        asked = list(rounds)
        for round in asked:
            pipe.hget(self._key(room, f"answers:{round}"), player)
        found = zip(asked, await pipe.execute() if asked else (), strict=True)
        return {round: Given.model_validate_json(given) for round, given in found if given}

    async def closed_rounds(self, room: str) -> dict[int, int]:
        """Each round that was closed, in order, and its time limit in ms; 0 for none."""
        limits = await self.redis.hgetall(self._key(room, "limits"))
        return {round: int(limits[str(round)]) for round in sorted(map(int, limits))}

    # Loudspeakers

    async def publish(self, room: str, to: str, frame: str) -> None:
        """A frame for `everyone`, the `front` (hosts and screens) or the `hosts`, in all processes.

        `knobs` is for everyone too, and for those who come later.
        """
        await self.redis.publish(self.channel(room), f"{to}\n{frame}")

    def _key(self, room: str, name: str) -> str:
        return f"{self.prefix}:{{{room}}}:{name}"

    async def _run(self, script: str, keys: Iterable[str], args: Iterable[str | float]) -> Any:
        with metrics.REDIS.labels(script).time():
            return await self._scripts[script](keys=list(keys), args=list(args))


class _Batch:
    """Answers to one round that go out together."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, str, int, asyncio.Future[AnswerReply]]] = []
        self.task: asyncio.Task[None] | None = None


async def _insist(call: Callable[[], Awaitable[Any]]) -> Any:
    """Try again over a second: storing an answer twice is harmless, losing it isn't."""
    for _ in range(ANSWER_TRIES - 1):
        try:
            return await call()
        except (RedisError, OSError):
            await asyncio.sleep(ANSWER_RETRY_S)
    return await call()


def _seat(text: str) -> SeatRecord:
    record = json.loads(text)
    return SeatRecord(
        **record | {"team": record["team"] or None, "members": tuple(record["members"])}
    )


def connect(max_connections: int = 32) -> Store:
    """A store on `settings.REDIS_URL` for the running event loop. Callers beyond the pool wait."""
    return Store(client(settings.REDIS_URL, max_connections), settings.REDIS_PREFIX)


@asynccontextmanager
async def connected() -> AsyncIterator[Store]:
    """A store for a few calls, closed afterwards: for pages and commands."""
    store = connect(max_connections=2)
    try:
        yield store
    finally:
        await store.redis.aclose()


__all__ = [
    "AnswerReply",
    "Resumed",
    "SeatRecord",
    "State",
    "Store",
    "StoreError",
    "Switches",
    "connect",
    "connected",
]
