"""Sockets: frames in, moves on. A socket is a seat: who it is comes from its token, and each role
has a consumer that can parse only its own commands. Nothing is decided here.

Channels' own dispatch costs a thread hop for every frame (it closes old database connections, which
the live path never has), so a seat reads its socket in a loop of its own.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, assert_never

from channels.consumer import AsyncConsumer
from django.urls import path
from pydantic import BaseModel, TypeAdapter, ValidationError

from games import moves, protocol, seats
from games.protocol import CloseCode
from games.room import Room, hub, own_result
from games.rules import Phase, Reason, Refused
from games.store import StoreError

logger = logging.getLogger(__name__)

MAX_FRAME = 4096
"""Characters; the longest command of an honest browser has some hundreds."""
BUDGET, BUDGET_PER_S = 60, 30
"""Commands a seat may send at once, and each second for ever."""
SILENCE_S = 75
"""A browser pings three times in that; one that doesn't has lost its network without a word."""
SUBPROTOCOL = "quizgame"
Command = TypeVar("Command")


class Gone(Exception):
    """The socket is to be closed with a code; None when it has closed already."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """One websocket. Frames heard while it is held wait for its welcome."""

    def __init__(self, receive: Callable[[], Awaitable[Any]], send: Callable[..., Awaitable[None]]):
        self._receive = receive
        self._send = send
        self._held: list[str] | None = []
        self._budget, self._paid = float(BUDGET), time.monotonic()
        self.player = ""
        self.connection = secrets.token_hex(8)
        self.is_open = True

    async def hear(self, frame: str) -> None:
        """Write a frame, or keep it until the welcome is out."""
        if self._held is not None:
            self._held.append(frame)
            return
        try:
            await self._write(frame)
        except Exception as error:
            # A phone that vanished this moment mustn't keep the news from the others; its own
            # loop is about to find out.
            logger.debug("A socket is gone: %s", error)
            self.is_open = False

    async def welcome(self, event: BaseModel) -> None:
        """Write the snapshot, then what has happened since it was taken."""
        await self.say(event)
        held, self._held = self._held or [], None
        for frame in held:
            await self._write(frame)

    async def say(self, event: BaseModel) -> None:
        """Write an event to this socket alone."""
        await self._write(event.model_dump_json(by_alias=True))

    async def dismiss(self, code: int) -> None:
        """Close the socket, saying why."""
        if self.is_open:
            self.is_open = False
            await self._send({"type": "websocket.close", "code": code})

    async def refuse(self, command: protocol.Message, reason: Reason) -> None:
        """Say no to a command."""
        name = command.model_dump(include={"type"})["type"]
        await self.say(protocol.CommandRefused(command=name, reason=reason))

    async def next(self, commands: TypeAdapter[Command]) -> Command:
        """The next command of this role. Raises Gone, also for anything that isn't one."""
        try:
            async with asyncio.timeout(SILENCE_S):
                message = await self._receive()
        except TimeoutError:
            raise Gone(CloseCode.TRY_AGAIN) from None
        if message["type"] == "websocket.disconnect":
            self.is_open = False
            raise Gone(None)
        text = message.get("text")
        if text is None or len(text) > MAX_FRAME:
            raise Gone(CloseCode.MALFORMED)
        now = time.monotonic()
        self._budget = min(BUDGET, self._budget + (now - self._paid) * BUDGET_PER_S) - 1
        self._paid = now
        if self._budget < 0:
            raise Gone(CloseCode.TOO_FAST)
        try:
            return commands.validate_json(text)
        except ValidationError:
            raise Gone(CloseCode.MALFORMED) from None

    async def _write(self, frame: str) -> None:
        if self.is_open:
            await self._send({"type": "websocket.send", "text": frame})


class _SeatConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """What all sockets have in common: connect, sit down, take commands, leave."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        socket = Socket(receive, send)
        await receive()  # websocket.connect
        offered = scope.get("subprotocols", [])
        chosen = SUBPROTOCOL if SUBPROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": chosen})
        token = next((text for text in offered if text != SUBPROTOCOL), None)
        try:
            await self.live(scope, socket, token)
        except Gone as gone:
            if gone.code is not None:
                await socket.dismiss(gone.code)
        except StoreError as error:
            logger.warning("A socket lost its room: %s", error)
            await socket.dismiss(CloseCode.TRY_AGAIN)
        except Exception:
            logger.exception("A socket failed")
            await socket.dismiss(CloseCode.BROKEN)

    async def live(self, scope: Any, socket: Socket, token: str | None) -> None:
        """From the first frame to the last."""
        raise NotImplementedError


class PlayerConsumer(_SeatConsumer):
    """A phone: first at the door, then on its seat."""

    async def live(self, scope: Any, socket: Socket, token: str | None) -> None:
        id = await hub().store.find_room(scope["url_route"]["kwargs"]["code"])
        if id is None:
            raise Gone(CloseCode.NO_SUCH_ROOM)
        room = await _room(id)
        if token is None:
            player, secret = await _at_the_door(room, socket)
            room = await _room(id)  # one may hesitate for longer than an empty room is kept
        else:
            seat = seats.read(token)
            if seat is None or (seat.room, seat.role) != (id, "player"):
                raise Gone(CloseCode.NO_SEAT)
            player, secret = seat.player, seat.secret
        socket.player = player
        # Listen first, then take the snapshot: what is told in between waits for the welcome.
        room.arriving.add(socket)
        try:
            await _sit_down(room, socket, secret, is_new=token is None)
            while True:
                await _obey_player(room, socket, await socket.next(protocol.player_commands))
        finally:
            room.arriving.discard(socket)
            if room.players.get(player) is socket:
                del room.players[player]
            await room.store.leave_seat(room.id, player, socket.connection)
            room.count_seats()


async def _at_the_door(room: Room, socket: Socket) -> tuple[str, str]:
    """Let a newcomer choose a nickname until one is good; returns player and secret."""
    teams = room.settings.team_names if room.settings.teams == "chosen" else ()
    await socket.say(protocol.DoorOpened(teams=teams))
    while True:
        command = await socket.next(protocol.door_commands)
        match command:
            case protocol.TakeSeat():
                try:
                    return await moves.take_seat(room, command.nickname, command.team)
                except Refused as no:
                    await socket.refuse(command, no.reason)
            case protocol.Ping():
                await socket.say(protocol.Ponged())
            case _:
                assert_never(command)


async def _sit_down(room: Room, socket: Socket, secret: str, is_new: bool) -> None:
    next_secret = seats.new_secret()
    found = await room.store.resume_seat(
        room.id,
        socket.player,
        seats.fingerprint(secret),
        seats.fingerprint(next_secret),
        socket.connection,
    )
    if found is None:
        raise Gone(CloseCode.NO_SEAT)
    # Only now is the other phone's place taken: whoever is refused leaves it where it is.
    before = room.players.get(socket.player)
    room.players[socket.player] = socket
    room.arriving.discard(socket)
    if before:
        await before.dismiss(CloseCode.TAKEN_OVER)
    seat = moves.seat_of(socket.player, found.seat)
    token = seats.SeatToken(room=room.id, role="player", player=seat.player, secret=next_secret)
    last_closed = room.round - (room.phase in (Phase.GET_READY, Phase.ASKING))
    room.count_seats(joined=seat if is_new else None)
    await socket.welcome(
        protocol.PlayerWelcomed(
            seat=seat,
            token=seats.sign(token),
            rounds=len(room.quiz.questions),
            stage=room.stage,
            remaining_ms=room.remaining_ms(),
            knobs=room.knobs,
            answer=found.given.answer if found.given else None,
            own=own_result(last_closed, found.line) if found.line else None,
        )
    )


async def _obey_player(
    room: Room, socket: Socket, command: protocol.SubmitAnswer | protocol.Ping
) -> None:
    async with _refusals_told(room, socket, command):
        match command:
            case protocol.SubmitAnswer(round=round, answer=answer):
                given = await moves.submit_answer(room, socket.player, round, answer)
                await socket.say(protocol.AnswerAccepted(round=round, answer=given.answer))
            case protocol.Ping():
                await socket.say(protocol.Ponged())
            case _:
                assert_never(command)


class HostConsumer(_SeatConsumer):
    """The host's page: sees all, moves the room on."""

    async def live(self, scope: Any, socket: Socket, token: str | None) -> None:
        room = await _room_in_front(token, "host")
        room.front.add(socket)
        try:
            view = await _view_from_the_front(room)
            title, chosen = room.quiz.title, room.settings
            await socket.welcome(protocol.HostWelcomed(title=title, settings=chosen, **view))
            while True:
                await _obey_host(room, socket, await socket.next(protocol.host_commands))
        finally:
            room.front.discard(socket)


async def _obey_host(
    room: Room,
    socket: Socket,
    command: protocol.MoveOn
    | protocol.KickPlayer
    | protocol.LockRoom
    | protocol.TurnKnobs
    | protocol.EndRoom
    | protocol.Ping,
) -> None:
    async with _refusals_told(room, socket, command):
        match command:
            case protocol.MoveOn(phase=phase, round=round):
                await moves.move_on(room, phase, round)
            case protocol.KickPlayer(player=player):
                await moves.kick_player(room, player)
            case protocol.LockRoom(is_locked=is_locked):
                await moves.lock_room(room, is_locked)
            case protocol.TurnKnobs(round=round, knobs=knobs):
                await moves.turn_knobs(room, round, knobs)
            case protocol.EndRoom():
                await moves.end_room(room)
            case protocol.Ping():
                await socket.say(protocol.Ponged())
            case _:
                assert_never(command)


class ScreenConsumer(_SeatConsumer):
    """A projector: sees what everyone may see, commands nothing."""

    async def live(self, scope: Any, socket: Socket, token: str | None) -> None:
        room = await _room_in_front(token, "screen")
        room.front.add(socket)
        try:
            view = await _view_from_the_front(room)
            await socket.welcome(protocol.ScreenWelcomed(**view))
            while True:
                await socket.next(protocol.screen_commands)
                await socket.say(protocol.Ponged())
        finally:
            room.front.discard(socket)


@asynccontextmanager
async def _refusals_told(
    room: Room, socket: Socket, command: protocol.Message
) -> AsyncIterator[None]:
    """Say no where the game says no, and "try again" where Redis is away."""
    try:
        yield
    except Refused as no:
        await socket.refuse(command, no.reason)
    except StoreError as error:
        logger.warning("Room %s: a command found no Redis: %s", room.id, error)
        await socket.refuse(command, Reason.TRY_AGAIN)


async def _room(id: str) -> Room:
    room = await hub().room(id, moves.ring)
    if room is None:
        raise Gone(CloseCode.NO_SUCH_ROOM)
    return room


async def _room_in_front(token: str | None, role: str) -> Room:
    """The room of a host's or screen's token. Raises Gone."""
    seat = seats.read(token) if token else None
    if seat is None or seat.role != role:
        raise Gone(CloseCode.NO_SEAT)
    return await _room(seat.room)


async def _view_from_the_front(room: Room) -> dict[str, Any]:
    """What the welcomes of hosts and screens have in common. Raises Gone."""
    seated = await room.store.read_seats(room.id)
    present, answered = await room.store.count(room.id, room.round)
    state = await room.store.read_state(room.id)
    if state is None:
        raise Gone(CloseCode.NO_SUCH_ROOM)
    return {
        "code": state.code,
        "rounds": len(room.quiz.questions),
        "is_locked": state.is_locked,
        "seats": tuple(moves.seat_of(player, record) for player, record in seated.items()),
        "present": present,
        "answered": answered,
        "stage": room.stage,
        "remaining_ms": room.remaining_ms(),
        "knobs": room.knobs,
    }


websocket_urlpatterns = [
    path("ws/play/<str:code>/", PlayerConsumer.as_asgi()),
    path("ws/host/", HostConsumer.as_asgi()),
    path("ws/screen/", ScreenConsumer.as_asgi()),
]
