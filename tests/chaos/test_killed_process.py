"""One of two web processes dies in mid-question: the round closes, nobody loses points."""

import asyncio
from typing import TypeVar

import pytest
from pydantic import TypeAdapter
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from games import moves, protocol, seats
from games.protocol import AnswerAccepted, MoveOn, PlayerWelcomed, SubmitAnswer, TakeSeat
from games.rules import Phase, Quiz, RoomSettings
from games.store import Store
from lessons.questions import ChoiceAnswer, SingleChoice
from tests.fleet import Web

QUESTION = SingleChoice(prompt="Two and two?", options=("three", "four"), right=1, limit_ms=5000)
QUIZ = Quiz(lesson=1, slug="sums", title="Sums", questions=(QUESTION, QUESTION))
events: TypeAdapter[protocol.RoomEvent] = TypeAdapter(protocol.RoomEvent)
Event = TypeVar("Event", bound=protocol.Message)


async def connects(web: Web, path: str, token: str | None = None) -> ClientConnection:
    offered = [protocols for protocols in ("quizgame", token) if protocols]
    return await connect(web.url + path, subprotocols=offered)  # type: ignore[arg-type]  # a NewType


async def hears(wire: ClientConnection, kind: type[Event], phase: Phase | None = None) -> Event:
    """The next event of that kind (and phase), passing over others."""
    async with asyncio.timeout(15):
        while True:
            event = events.validate_json(await wire.recv())
            stage = getattr(event, "stage", None)
            if isinstance(event, kind) and phase in (None, getattr(stage, "phase", None)):
                return event


async def hangs_up(wire: ClientConnection) -> None:
    """Everything until the other end is gone."""
    while True:
        await wire.recv()


async def test_a_process_killed_in_mid_question_costs_nobody_anything(
    webs: list[Web], store: Store
) -> None:
    doomed, other = webs
    room = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=0), host=1)
    state = await store.read_state(room)
    assert state
    door = f"/ws/play/{state.code}/"

    async def joins(web: Web, nickname: str) -> tuple[ClientConnection, str]:
        wire = await connects(web, door)
        await wire.send(TakeSeat(nickname=nickname).model_dump_json())
        welcome = await hears(wire, PlayerWelcomed)
        return wire, welcome.token

    host_token = seats.sign(seats.SeatToken(room=room, role="host"))
    host = await connects(doomed, "/ws/host/", host_token)
    ada, ada_token = await joins(doomed, "Ada")
    ben, ben_token = await joins(doomed, "Ben")
    cy, _ = await joins(other, "Cy")
    right = SubmitAnswer(round=0, answer=ChoiceAnswer(choice=1)).model_dump_json()

    await host.send(MoveOn(phase=Phase.LOBBY, round=0).model_dump_json())
    await hears(ada, protocol.StageChanged, Phase.ASKING)
    await ada.send(right)
    await hears(ada, AnswerAccepted)
    doomed.dies()
    with pytest.raises(ConnectionClosed):
        await hangs_up(ben)

    # Ben's phone comes back by the other process and answers; Ada's stays dark until the result.
    ben = await connects(other, door, ben_token)
    welcome = await hears(ben, PlayerWelcomed)
    assert welcome.stage.phase == Phase.ASKING
    assert welcome.answer is None
    await ben.send(right)
    await hears(ben, AnswerAccepted)

    # Cy never answers, so it is the surviving process' bell that closes the round.
    closed = await hears(cy, protocol.StageChanged, Phase.CLOSED)
    assert isinstance(closed.stage, protocol.ClosedStage)
    assert (closed.stage.result.answered, closed.stage.result.right_count) == (2, 2)

    ada = await connects(other, door, ada_token)
    welcome = await hears(ada, PlayerWelcomed)
    assert welcome.own
    assert welcome.own.is_right
    assert welcome.own.total > 900
    host = await connects(other, "/ws/host/", host_token)
    await host.send(MoveOn(phase=Phase.CLOSED, round=0).model_dump_json())
    await hears(ada, protocol.StageChanged, Phase.STANDINGS)
    for wire in (host, ada, ben, cy):
        await wire.close()
