"""What a process does for a room: pass on, count, ring, and let go."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable

import pytest

from games import moves
from games import room as rooms
from games.protocol import AnswersCounted, Seat, SeatsChanged, SecondCodeTold
from games.room import Hub, Room
from games.rules import Phase, RoomSettings
from games.store import Store
from tests.games.conftest import QUIZ


class Ear:
    """A socket that only listens."""

    is_host = False
    time_factor = 1.0

    def __init__(self, player: str = "") -> None:
        self.player = player
        self.connection = secrets.token_hex(4)
        self.heard: list[str] = []
        self.dismissed: list[int] = []

    async def hear(self, frame: str) -> None:
        self.heard.append(frame)

    async def dismiss(self, code: int) -> None:
        self.dismissed.append(code)

    def types(self) -> list[str]:
        return [json.loads(frame)["type"] for frame in self.heard]


@pytest.fixture
async def hub(store: Store) -> AsyncIterator[Hub]:
    hub = Hub(store)
    yield hub
    await hub.close()


@pytest.fixture
async def room(store: Store, hub: Hub) -> Room:
    id = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=0), host=1)
    found = await hub.room(id, moves.ring)
    assert found
    return found


async def eventually(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(3):
        while not holds():  # noqa: ASYNC110  # what is heard sets no event
            await asyncio.sleep(0.01)


async def test_a_room_is_opened_once_however_many_come(store: Store, hub: Hub) -> None:
    id = await moves.open_room(store, QUIZ, RoomSettings(), host=1)

    found = await asyncio.gather(*(hub.room(id, moves.ring) for _ in range(10)))

    assert {id_of is found[0] for id_of in found} == {True}
    assert await hub.room("nowhere", moves.ring) is None


async def test_the_front_alone_hears_what_is_for_the_front(room: Room) -> None:
    ada, hana = Ear("ada"), Ear()
    room.players["ada"] = ada
    room.front.add(hana)

    await room.tell_front(SecondCodeTold(code="ABCD", remaining_ms=1))
    await moves.move_on(room, Phase.LOBBY, 0)
    await eventually(lambda: len(hana.heard) == 2)

    assert hana.types() == ["second_code_told", "stage_changed"]
    assert ada.types() == ["stage_changed"]


async def test_a_flood_of_counts_reaches_the_front_ten_times_a_second(room: Room) -> None:
    hana = Ear()
    room.front.add(hana)

    for answered in range(1, 501):
        room.count_answers(0, answered)
        if answered % 10 == 0:
            await asyncio.sleep(0.01)
    last = AnswersCounted(round=0, answered=500).model_dump_json()
    await eventually(lambda: last in hana.heard)

    assert 2 <= len(hana.heard) <= 9  # of half a second and a bit
    counts = [json.loads(frame)["answered"] for frame in hana.heard]
    assert counts == sorted(counts)


async def test_all_who_came_in_a_tenth_of_a_second_are_told_together(room: Room) -> None:
    hana = Ear()
    room.front.add(hana)
    people = [Seat(player=f"p{n}", nickname=f"P{n}", team=None) for n in range(4)]

    for person in people:
        room.count_seats(joined=person)
    room.count_seats(left="p9")
    await eventually(lambda: hana.heard)

    assert hana.heard == [
        SeatsChanged(joined=tuple(people), left=("p9",), present=0).model_dump_json()
    ]


async def test_news_that_come_late_or_twice_are_no_news(room: Room) -> None:
    ada = Ear("ada")
    room.players["ada"] = ada
    asking = 'stage 2 asking 0 0 0 0 1 0\n{"phase":"asking"}\n{}'

    await room.hear(asking)
    await room.hear(asking)
    await room.hear('stage 1 get_ready 0 0 0 0 1 0\n{"phase":"get_ready"}\n{}')

    assert ada.heard == [
        '{"type":"stage_changed","remaining_ms":null,"stage":{"phase":"asking"},"own":null}'
    ]
    assert (room.phase, room.told) == (Phase.ASKING, 2)


async def test_each_player_hears_the_own_line_only(room: Room) -> None:
    ada, ben, screen = Ear("ada"), Ear("ben"), Ear()
    room.players["ada"] = ada
    room.arriving.add(ben)
    room.front.add(screen)
    own = json.dumps({"ada": '{"total":1}', "ben": '{"total":2}'})

    await room.hear(f'stage 1 closed 0 0 0 0 1 0\n{{"phase":"closed"}}\n{own}')

    lines = [json.loads(ear.heard[0])["own"] for ear in (ada, ben, screen)]
    assert lines == [{"total": 1}, {"total": 2}, None]


async def test_a_room_is_let_go_when_nobody_has_been_there_for_a_while(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "WATCH_S", 0.02)
    ada = Ear("ada")
    room.players["ada"] = ada
    room.changed.set()

    await asyncio.sleep(0.2)
    assert hub.rooms == {room.id: room}
    del room.players["ada"]
    await eventually(lambda: not hub.rooms)

    again = await hub.room(room.id, moves.ring)
    assert again is not room


async def test_who_comes_at_the_last_moment_keeps_the_room(
    store: Store, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "WATCH_S", 0.02)
    id = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=0), host=1)
    ada = Ear("ada")
    rings = 0

    async def ring(room: Room) -> None:
        nonlocal rings
        rings += 1
        if rings == 3:  # the last look before an empty room is let go
            room.players["ada"] = ada
        await moves.ring(room)

    room = await hub.room(id, ring)
    assert room
    await eventually(lambda: rings > 5)

    assert hub.rooms == {id: room}
    await moves.move_on(room, Phase.LOBBY, 0)
    await eventually(lambda: ada.heard)


async def test_two_processes_are_one_room(store: Store, hub: Hub, room: Room) -> None:
    other_hub = Hub(store)
    other = await other_hub.room(room.id, moves.ring)
    assert other
    assert other is not room
    ada, ben = Ear("ada"), Ear("ben")
    room.players["ada"], other.players["ben"] = ada, ben

    moved = await asyncio.gather(
        moves.move_on(room, Phase.LOBBY, 0),
        moves.move_on(other, Phase.LOBBY, 0),
        return_exceptions=True,
    )
    await eventually(lambda: ada.heard and ben.heard)

    assert sorted(error is None for error in moved) == [False, True]
    assert ada.types() == ben.types() == ["stage_changed"]
    await hub.close()
    await other_hub.close()
