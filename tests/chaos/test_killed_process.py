"""One of two web processes dies in mid-question: the round closes, nobody loses points."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from pydantic import TypeAdapter
from pytest_django.fixtures import Settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from games import moves, protocol, seats
from games.protocol import AnswerAccepted, MoveOn, PlayerWelcomed, SubmitAnswer, TakeSeat
from games.rules import Phase, Quiz, RoomSettings
from games.store import Store
from games.store import connect as connect_store
from lessons.questions import ChoiceAnswer, SingleChoice

QUESTION = SingleChoice(prompt="Two and two?", options=("three", "four"), right=1, limit_ms=6000)
QUIZ = Quiz(lesson=1, slug="sums", title="Sums", questions=(QUESTION, QUESTION))
events: TypeAdapter[protocol.RoomEvent] = TypeAdapter(protocol.RoomEvent)
Event = TypeVar("Event", bound=protocol.Message)


class Web:
    """One Daphne process on a port of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        daphne = [sys.executable, "-m", "quizgame.daphne", "-b", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(
            [*daphne, "quizgame.asgi:application"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def is_up(self) -> None:
        for _ in range(300):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
        raise AssertionError("Daphne didn't start")

    async def connects(self, path: str, token: str | None = None) -> ClientConnection:
        offered = [protocols for protocols in ("quizgame", token) if protocols]
        url = f"ws://127.0.0.1:{self.port}{path}"
        return await connect(url, subprotocols=offered)  # type: ignore[arg-type]  # a NewType of str

    def dies(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def webs(redis_url: str, settings: Settings, tmp_path: Path) -> Iterator[tuple[Web, Web]]:
    prefix = f"test-{seats.new_player()}"
    settings.REDIS_PREFIX = prefix
    environment = {
        **os.environ,
        "REDIS_URL": redis_url,
        "REDIS_PREFIX": prefix,
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    pair = Web(environment), Web(environment)
    yield pair
    for web in pair:
        web.process.kill()
        web.process.wait()


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
    webs: tuple[Web, Web],
) -> None:
    doomed, other = webs
    await asyncio.gather(doomed.is_up(), other.is_up())
    store: Store = connect_store()
    room = await moves.open_room(store, QUIZ, RoomSettings(get_ready_s=0), host=1)
    state = await store.read_state(room)
    assert state
    door = f"/ws/play/{state.code}/"

    async def joins(web: Web, nickname: str) -> tuple[ClientConnection, str]:
        wire = await web.connects(door)
        await wire.send(TakeSeat(nickname=nickname).model_dump_json())
        welcome = await hears(wire, PlayerWelcomed)
        return wire, welcome.token

    host_token = seats.sign(seats.SeatToken(room=room, role="host"))
    host = await doomed.connects("/ws/host/", host_token)
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
    ben = await other.connects(door, ben_token)
    welcome = await hears(ben, PlayerWelcomed)
    assert welcome.stage.phase == Phase.ASKING
    assert welcome.answer is None
    await ben.send(right)
    await hears(ben, AnswerAccepted)

    # Cy never answers, so it is the surviving process' bell that closes the round.
    closed = await hears(cy, protocol.StageChanged, Phase.CLOSED)
    assert isinstance(closed.stage, protocol.ClosedStage)
    assert (closed.stage.result.answered, closed.stage.result.right_count) == (2, 2)

    ada = await other.connects(door, ada_token)
    welcome = await hears(ada, PlayerWelcomed)
    assert welcome.own
    assert welcome.own.is_right
    assert welcome.own.total > 900
    host = await other.connects("/ws/host/", host_token)
    await host.send(MoveOn(phase=Phase.CLOSED, round=0).model_dump_json())
    await hears(ada, protocol.StageChanged, Phase.STANDINGS)
    for wire in (host, ada, ben, cy):
        await wire.close()
    await store.redis.aclose()
