"""Whose rooms are on, and which are over: few round trips to Redis, however many rooms there are."""

import json
from typing import Any, NamedTuple

from games.rules import Phase
from games.store import Store

OVER = {Phase.PODIUM.value, Phase.ENDED.value}
NOT_PLAYING = {Phase.LOBBY.value, *OVER}


class LiveRoom(NamedTuple):
    """A room as its host finds it again."""

    room: str
    code: str
    phase: Phase
    round: int
    rounds: int
    title: str
    players: int
    opened_ms: int


async def live_rooms_of(store: Store, host: int) -> list[LiveRoom]:
    """The host's rooms that haven't ended, newest first."""
    states = await _read(store, "host", "phase", "round", "code", "opened")
    mine = {
        room: state
        for room, state in states.items()
        if state[0] == str(host) and state[1] != Phase.ENDED.value
    }
    pipe = store.redis.pipeline(transaction=False)
    for room in mine:
        pipe.get(store._key(room, "quiz"))
        pipe.hlen(store._key(room, "seats"))
    found = await pipe.execute()
    live = []
    for (room, state), quiz, players in zip(mine.items(), found[::2], found[1::2], strict=True):
        if quiz is None:  # expired since
            continue
        _, phase, round, code, opened = state
        told = json.loads(quiz)
        live.append(
            LiveRoom(
                room,
                code,
                Phase(phase),
                int(round),
                len(told["questions"]),
                told["title"],
                players,
                int(opened),
            )
        )
    return live


async def finished_rooms(store: Store) -> list[str]:
    """The rooms where nothing more is played and whose game isn't in the database, oldest first."""
    states = await _read(store, "phase", "archived")
    left = [room for room, state in states.items() if state[0] in OVER and state[1] != "done"]
    return left[::-1]


async def forgotten_rooms(store: Store, left_s: int) -> list[str]:
    """The rooms where a game was begun and not ended, and that expire within so many seconds."""
    states = await _read(store, "phase")
    begun = [room for room, [phase] in states.items() if phase not in (None, *NOT_PLAYING)]
    pipe = store.redis.pipeline(transaction=False)
    for room in begun:
        pipe.ttl(store._key(room, "state"))
    return [
        room for room, ttl in zip(begun, await pipe.execute(), strict=True) if 0 <= ttl < left_s
    ]


async def _read(store: Store, *fields: str) -> dict[str, list[Any]]:
    """These fields of every room's state, newest first; of a room that expired each is None."""
    rooms = await store.live_rooms()
    pipe = store.redis.pipeline(transaction=False)
    for room in rooms:
        pipe.hmget(store._key(room, "state"), *fields)
    return dict(zip(rooms, await pipe.execute(), strict=True))
