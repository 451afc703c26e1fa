"""A web process that is asked to end: its phones are told, and no answer is lost."""

import asyncio
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from games import moves
from games.protocol import AnswerAccepted, CloseCode, MoveOn, StageChanged, SubmitAnswer
from games.rules import Phase, RoomSettings
from games.store import Store
from quizgame.daphne import DRAIN_S
from tests.fleet import Web, environment, until
from tests.scale.servers import QUIZ, RIGHT, Wire, host_token

PHONES = 40
MakeWire = Callable[..., Wire]


@pytest.fixture
def webs(
    own_rooms: str, tmp_path: Path, free_ports: Callable[[], int]
) -> Iterator[tuple[Web, Web]]:
    both = environment(tmp_path, own_rooms)
    with Web(free_ports(), both) as leaving, Web(free_ports(), both) as staying:
        until(lambda: leaving.is_up() and staying.is_up())
        yield leaving, staying


async def test_a_process_that_is_asked_to_end_loses_no_answer(
    webs: tuple[Web, Web], store: Store, wire: MakeWire
) -> None:
    leaving, staying = webs
    room = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=0), host=1)
    state = await store.read_state(room)
    assert state
    phones = [wire(leaving.url, f"/ws/play/{state.code}/") for _ in range(PHONES)]
    await asyncio.gather(*(phone.joins(f"Phone {i}") for i, phone in enumerate(phones)))
    host = wire(staying.url, "/ws/host/", host_token(room))
    await host.connect()
    await host.says(MoveOn(phase=Phase.LOBBY, round=0))
    await asyncio.gather(*(phone.hears(StageChanged, Phase.ASKING) for phone in phones))

    chance = random.Random(1)
    drains = asyncio.Event()

    async def answers_meanwhile(phone: Wire) -> tuple[bool, int | None]:
        """Whether the answer was accepted before the end, and how the socket was closed."""
        await asyncio.sleep(chance.random() * DRAIN_S)
        accepted = False
        try:
            await phone.says(SubmitAnswer(round=0, answer=RIGHT))
            while True:
                accepted |= isinstance(await phone.hears_next(), AnswerAccepted)
        except ConnectionClosed as closed:
            drains.set()
            return accepted, closed.rcvd.code if closed.rcvd else None

    async def a_newcomer_finds_the_door_shut() -> None:
        await drains.wait()
        with pytest.raises(ConnectionRefusedError):
            await wire(leaving.url, phones[0].path).connect()

    newcomer = asyncio.create_task(a_newcomer_finds_the_door_shut())
    answering = [answers_meanwhile(phone) for phone in phones]
    leaving.is_asked_to_end()
    fates = await asyncio.gather(*answering)
    await newcomer
    assert {code for _, code in fates} == {CloseCode.LOOK_AGAIN}
    accepted = [phone for phone, (is_accepted, _) in zip(phones, fates, strict=True) if is_accepted]
    assert accepted
    assert len(await store.read_answers(room, 0)) >= len(accepted)
    assert leaving.process.wait(timeout=10) == 0

    # The question has waited for those on the way. By the other process they are told what they had
    # answered, and whose answer nobody took gives it again.
    for phone in phones:
        phone.url = staying.url
    welcomes = dict(
        zip(phones, await asyncio.gather(*(phone.comes_back() for phone in phones)), strict=True)
    )
    assert {welcome.stage.phase for welcome in welcomes.values()} == {Phase.ASKING}
    assert {welcomes[phone].answer for phone in accepted} == {RIGHT}
    late = [phone for phone, welcome in welcomes.items() if welcome.answer is None]
    await asyncio.gather(*(phone.answers(0) for phone in late))
    assert len(await store.read_answers(room, 0)) == PHONES
