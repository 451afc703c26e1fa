"""The door in front of web processes, and the phones that come through it."""

import asyncio
import os
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from pydantic import BaseModel, TypeAdapter
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from games import protocol, seats
from games.protocol import (
    AnswerAccepted,
    CloseCode,
    CommandRefused,
    HostWelcomed,
    MoveOn,
    PlayerWelcomed,
    StageChanged,
    SubmitAnswer,
    TakeSeat,
)
from games.rules import Phase, Quiz
from lessons.questions import ChoiceAnswer, SingleChoice
from tests.fleet import until

CADDYFILE = settings.BASE_DIR / "deploy" / "Caddyfile"
QUESTION = SingleChoice(prompt="Two and two?", options=("three", "four"), right=1, limit_ms=120_000)
QUIZ = Quiz(lesson=1, slug="sums", title="Sums", questions=(QUESTION, QUESTION))
RIGHT = ChoiceAnswer(choice=1)
events: TypeAdapter[protocol.RoomEvent] = TypeAdapter(protocol.RoomEvent)
Event = TypeVar("Event", bound=BaseModel)


class Door(NamedTuple):
    """Where visitors come in, and whom they trust there."""

    site: str
    trust: ssl.SSLContext

    @property
    def url(self) -> str:
        return self.site.replace("http", "ws", 1)


@contextmanager
def caddy(folder: Path, port: int, other_port: int, **upstreams: str) -> Iterator[Door]:
    """The proxy with the configuration that is deployed, and certificates of its own making."""
    site = f"https://localhost:{port}"
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(
            ["caddy", "run", "--config", CADDYFILE, "--adapter", "caddyfile"],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "SITE": site,
                "HTTP_PORT": str(other_port),
                "HTTPS_PORT": str(port),
            }
            | upstreams,
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: "certificate obtained" in (folder / "caddy.log").read_text())
        root = folder / ".local/share/caddy/pki/authorities/local/root.crt"
        yield Door(site, ssl.create_default_context(cafile=root))
    finally:
        process.terminate()
        process.wait()


class Wire:
    """One websocket that comes back when it is told to, as the browsers do."""

    def __init__(self, url: str, path: str, token: str | None = None, **options: Any) -> None:
        self.url, self.path, self.token, self.options = url, path, token, options
        self.socket: ClientConnection | None = None

    async def connect(self) -> None:
        """Raises OSError where nobody listens."""
        offered = ["quizgame", self.token] if self.token else ["quizgame"]
        self.socket = await connect(
            self.url + self.path,
            subprotocols=offered,  # type: ignore[arg-type]  # a NewType of str
            **self.options,
        )

    async def says(self, command: BaseModel) -> None:
        assert self.socket
        await self.socket.send(command.model_dump_json())

    async def hears_next(self) -> protocol.RoomEvent:
        assert self.socket
        return events.validate_json(await self.socket.recv())

    async def hears(self, kind: type[Event], phase: Phase | None = None) -> Event:
        """The next event of that kind (and phase); what it passes over and each new seat is noted."""
        async with asyncio.timeout(20):
            while True:
                event = await self.hears_next()
                if isinstance(event, PlayerWelcomed):
                    self.token = event.token
                stage = getattr(event, "stage", None)
                if isinstance(event, kind) and phase in (None, getattr(stage, "phase", None)):
                    return event

    async def is_closed_with(self) -> int:
        async with asyncio.timeout(20):
            try:
                while True:
                    await self.hears_next()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else CloseCode.BROKEN

    async def joins(self, nickname: str) -> PlayerWelcomed:
        await self.connect()
        await self.says(TakeSeat(nickname=nickname))
        return await self.hears(PlayerWelcomed)

    async def comes_back(self) -> PlayerWelcomed:
        await self.connect()
        return await self.hears(PlayerWelcomed)

    async def answers(self, round: int) -> AnswerAccepted:
        await self.says(SubmitAnswer(round=round, answer=RIGHT))
        return await self.hears(AnswerAccepted)

    async def insists(self, round: int) -> bool:
        """Answer as browsers do: again after “try again”, and by another socket when one is lost.

        Says whether one was.
        """
        is_lost = False
        async with asyncio.timeout(30):
            while True:
                try:
                    if is_lost:
                        await self.comes_back()
                    await self.says(SubmitAnswer(round=round, answer=RIGHT))
                    reply = await self.hears_next()
                    while not isinstance(reply, AnswerAccepted | CommandRefused):
                        reply = await self.hears_next()
                    if isinstance(reply, AnswerAccepted):
                        return is_lost
                except ConnectionClosed:
                    is_lost = True
                await asyncio.sleep(0.2)


async def play_to_the_podium(host: Wire, phones: Sequence[Wire]) -> None:
    """From wherever the room is: the host moves on, and the phones answer what is still to come."""
    await host.connect()
    stage = (await host.hears(HostWelcomed)).stage
    while stage.phase != Phase.PODIUM:
        if stage.phase in (Phase.CLOSED, Phase.STANDINGS):
            await host.says(MoveOn(phase=stage.phase, round=stage.round))
        if stage.phase == Phase.ASKING and stage.round == 1:
            await asyncio.gather(*(phone.answers(1) for phone in phones))
        stage = (await host.hears(StageChanged)).stage
    await asyncio.gather(*(phone.hears(StageChanged, Phase.PODIUM) for phone in phones))


def host_token(room: str) -> str:
    return seats.sign(seats.SeatToken(room=room, role="host"))
