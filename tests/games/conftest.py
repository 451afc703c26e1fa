"""The cast: ada and ben play, hana is their host, noor is not in the room.

Sockets are played against the real ASGI application and a real Redis, without a database: the live
path never needs one, and pytest-django fails the test that touches it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal, TypeVar

import pytest
from channels.testing import WebsocketCommunicator
from pydantic import BaseModel, TypeAdapter
from pytest_django import Settings

from games import consumers, moves, protocol, room, seats
from games.protocol import HostWelcomed, PlayerWelcomed, ScreenWelcomed, SubmitAnswer, TakeSeat
from games.rules import Phase, Quiz, RoomSettings, RosterEntry
from games.store import Store, connect
from lessons.questions import ChoiceAnswer, NumberGuess, SingleChoice, TypedText
from quizgame.asgi import application

events: TypeAdapter[Any] = TypeAdapter(protocol.RoomEvent)
Event = TypeVar("Event", bound=BaseModel)

CAPITAL = SingleChoice(
    prompt="Which angle do two random directions of many dimensions make?",
    options=("about 45°", "about 90°", "about 135°"),
    right=1,
    note="They pile up at a right angle.",
)
RELU = TypedText(prompt="Which function cuts negatives to zero?", accepted=("ReLU", "rectifier"))
GUESS = NumberGuess(
    prompt="How many degrees?", right=90, tolerance=5, low=0, high=180, unit="°", points=2000
)
QUIZ = Quiz(lesson=1, slug="vectors", title="Secrets of vectors", questions=(CAPITAL, RELU, GUESS))


class Socket:
    """One websocket of the cast, to speak and listen with."""

    def __init__(
        self, path: str, token: str | None = None, address: str = "192.0.2.1", cookie: str = ""
    ) -> None:
        offered = ["quizgame", token] if token else ["quizgame"]
        headers = [(b"cookie", cookie.encode())] if cookie else []
        self._wire = WebsocketCommunicator(application, path, headers, subprotocols=offered)
        self._wire.scope["client"] = [address, 50_000]
        self.frames: list[str] = []

    async def connect(self) -> "Socket":
        accepted, subprotocol = await self._wire.connect(timeout=5)
        assert accepted
        assert subprotocol == "quizgame"
        return self

    async def says(self, command: BaseModel) -> None:
        await self._wire.send_to(text_data=command.model_dump_json())

    async def says_raw(self, text: str) -> None:
        await self._wire.send_to(text_data=text)

    async def says_bytes(self, data: bytes) -> None:
        await self._wire.send_to(bytes_data=data)

    async def hears_next(self, within_s: float = 5) -> Any:
        message = await self._wire.receive_output(timeout=within_s)
        assert message["type"] == "websocket.send", message
        self.frames.append(message["text"])
        return events.validate_json(message["text"])

    async def hears(self, kind: type[Event], **fields: Any) -> Event:
        """The next event of that kind, passing over others."""
        for _ in range(200):
            event = await self.hears_next()
            if isinstance(event, kind) and all(
                getattr(event, name) == value for name, value in fields.items()
            ):
                return event
        raise AssertionError(f"never heard {kind.__name__}")

    async def sees(self, phase: Phase, round: int | None = None) -> protocol.StageChanged:
        """The stage changes to that phase (of that round), passing over others."""
        while True:
            event = await self.hears(protocol.StageChanged)
            if event.stage.phase == phase and round in (None, getattr(event.stage, "round", None)):
                return event

    async def hears_nothing(self, for_s: float = 0.3) -> bool:
        return bool(await self._wire.receive_nothing(timeout=for_s))

    async def is_closed_with(self) -> int:
        """The code the server closes the socket with, passing over what it still says."""
        while True:
            message = await self._wire.receive_output(timeout=5)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def leaves(self) -> None:
        await self._wire.disconnect(timeout=5)


class Phone(Socket):
    """A player's phone, seated."""

    welcome: PlayerWelcomed

    @property
    def player(self) -> str:
        return self.welcome.seat.player

    async def answers(self, choice: int, round: int = 0, vote: Literal[1, 2] = 1) -> None:
        await self.says(SubmitAnswer(round=round, vote=vote, answer=ChoiceAnswer(choice=choice)))


class Class:
    """A room with people in it, and how to bring more."""

    def __init__(self, store: Store, id: str, code: str) -> None:
        self.store, self.id, self.code = store, id, code
        self.sockets: list[Socket] = []

    async def joins(
        self,
        nickname: str,
        team: str | None = None,
        members: tuple[str, ...] = (),
        cookie: str = "",
    ) -> Phone:
        phone = Phone(f"/ws/play/{self.code}/", cookie=cookie)
        await phone.connect()
        self.sockets.append(phone)
        await phone.hears(protocol.DoorOpened)
        await phone.says(TakeSeat(nickname=nickname, team=team, members=members))
        phone.welcome = await phone.hears(PlayerWelcomed)
        await phone.hears(protocol.Ponged)
        return phone

    async def resumes(self, token: str) -> Phone:
        phone = Phone(f"/ws/play/{self.code}/", token)
        await phone.connect()
        self.sockets.append(phone)
        phone.welcome = await phone.hears(PlayerWelcomed)
        await phone.hears(protocol.Ponged)
        return phone

    async def stands_at_the_door(self) -> Socket:
        socket = await Socket(f"/ws/play/{self.code}/").connect()
        self.sockets.append(socket)
        await socket.hears(protocol.DoorOpened)
        return socket

    async def hosts(self) -> tuple[Socket, HostWelcomed]:
        host = await self.in_front("host")
        return host, await host.hears(HostWelcomed)

    async def projects(self) -> tuple[Socket, ScreenWelcomed]:
        screen = await self.in_front("screen")
        return screen, await screen.hears(ScreenWelcomed)

    async def in_front(self, role: Any) -> Socket:
        token = seats.sign(seats.SeatToken(room=self.id, role=role))
        socket = await Socket(f"/ws/{role}/", token).connect()
        self.sockets.append(socket)
        return socket

    async def leave_all(self) -> None:
        for socket in self.sockets:
            await socket.leaves()


OpenRoom = Callable[..., Awaitable[Class]]


@pytest.fixture
async def store(redis_url: str, settings: Settings) -> AsyncIterator[Store]:
    settings.REDIS_PREFIX = f"test-{seats.new_player()}"
    consumers._budgets.clear()  # every test's phones come from an address of their own
    store = connect()
    yield store
    await store.redis.aclose()


@pytest.fixture
async def open_room(store: Store) -> AsyncIterator[OpenRoom]:
    """Opens a room on QUIZ, or on another quiz, with these settings."""
    rooms: list[Class] = []

    async def opened(
        quiz: Quiz = QUIZ, roster: dict[str, RosterEntry] | None = None, **chosen: Any
    ) -> Class:
        chosen.setdefault("get_ready_s", 0)
        id = await moves.open_room(store, quiz, RoomSettings(**chosen), 1, roster)
        state = await store.read_state(id)
        assert state
        rooms.append(Class(store, id, state.code))
        return rooms[-1]

    yield opened
    for found in rooms:
        await found.leave_all()
    await room.hub().close()


@pytest.fixture
async def klass(open_room: OpenRoom) -> Class:
    """A room on QUIZ, with nobody in it yet."""
    return await open_room()


@pytest.fixture
async def hana(klass: Class) -> Socket:
    return (await klass.hosts())[0]


@pytest.fixture
async def ada(klass: Class) -> Phone:
    return await klass.joins("Ada")


@pytest.fixture
async def ben(klass: Class) -> Phone:
    return await klass.joins("Ben")


async def opens_question(host: Socket, round: int = 0) -> None:
    """The host goes on until that question is asked; get-ready ends by itself."""
    if round == 0:
        await host.says(protocol.MoveOn(phase=Phase.LOBBY, round=0))
    else:
        await host.says(protocol.MoveOn(phase=Phase.STANDINGS, round=round - 1))
    await host.sees(Phase.ASKING, round)
