"""Sockets: frames in, moves on. A socket is a seat: who it is comes from its token, and each role
has a consumer that can parse only its own commands. Nothing is decided here.

Channels' own dispatch costs a thread hop for every frame (it closes old database connections, which
the live path never has), so a seat reads its socket in a loop of its own.
"""

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, assert_never
from weakref import WeakValueDictionary

from channels.consumer import AsyncConsumer
from django.conf import settings
from django.http import parse_cookie
from django.urls import path
from pydantic import BaseModel, TypeAdapter, ValidationError

from games import metrics, moves, protocol, seats
from games.nicknames import offered_nicknames
from games.protocol import SERVICE_RESTART, SUBPROTOCOL, CloseCode
from games.room import Room, hub, own_result, seat_of
from games.rules import Reason, Refused
from games.store import StoreError
from lessons.study.learners import COOKIE, key_in
from quizgame import logs
from quizgame.proxies import network_of
from quizgame.turnstile import FairPlaces

logger = logging.getLogger(__name__)

MAX_FRAME = 4096
"""Characters; the longest command of an honest browser has some hundreds."""
BUDGET, BUDGET_PER_S = 60, 30
"""Commands a seat may send at once, and each second for ever."""
BUDGET_OF_ADDRESS, BUDGET_OF_ADDRESS_PER_S = 20_000, 5_000
"""The same for an address, which may be a whole school's."""
SILENCE_S = 75
"""A browser pings three times in that; one that doesn't has lost its network without a word."""
LAGS_KEPT = 5
WRONG_CODES = 5
"""After so many at the door, one has to connect again."""
BUDGET_AT_DOOR, BUDGET_AT_DOOR_PER_S = 30, 1
"""Commands of somebody who types a name."""
Command = TypeVar("Command")


class Gone(Exception):
    """The socket is to be closed with a code; None when it has closed already."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Budget:
    """So many at once, and so many each second for ever."""

    def __init__(self, most: int, per_s: int) -> None:
        self.most, self.per_s = most, per_s
        self._left, self._paid = float(most), time.monotonic()

    def is_spent(self) -> bool:
        """Spend one; true if there was none."""
        now = time.monotonic()
        self._left = min(self.most, self._left + (now - self._paid) * self.per_s) - 1
        self._paid = now
        return self._left < 0


_budgets: WeakValueDictionary[str, Budget] = WeakValueDictionary()
"""Of the addresses that have a socket here."""


class Socket:
    """One websocket. Frames heard while it is held wait for its welcome."""

    def __init__(
        self,
        receive: Callable[[], Awaitable[Any]],
        send: Callable[..., Awaitable[None]],
        address: str = "",
    ) -> None:
        self.address = address
        self.time_factor = 1.0
        self.is_host = False
        self._ponged_at: float | None = None
        self._lags_ms: deque[int] = deque(maxlen=LAGS_KEPT)
        self._receive = receive
        self._send = send
        self._held: list[str] | None = []
        self._budget = Budget(BUDGET, BUDGET_PER_S)
        shared = Budget(BUDGET_OF_ADDRESS, BUDGET_OF_ADDRESS_PER_S)
        self._budget_of_address = _budgets.setdefault(address, shared)
        self.player = ""
        self.connection = secrets.token_hex(8)
        self.is_open = True
        self.is_moving = False
        """Is the phone about to come back, by another process?"""

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

    async def pong(self) -> None:
        """Say we are here, and begin to time the way."""
        self._ponged_at = time.monotonic()
        await self.say(protocol.Ponged())

    def echoed(self) -> None:
        """The browser's answer to a pong: there and back is what the network takes of an answer."""
        if self._ponged_at is not None:
            self._lags_ms.append(round((time.monotonic() - self._ponged_at) * 1000))
            self._ponged_at = None

    @property
    def lag_ms(self) -> int:
        """Of the last few round trips the smallest: the others waited for something else."""
        return min(self._lags_ms, default=0)

    async def dismiss(self, code: int) -> None:
        """Close the socket, saying why."""
        if self.is_open:
            self.is_open = False
            metrics.DISMISSALS.labels(code).inc()
            await self._send({"type": "websocket.close", "code": code})

    async def refuse(self, command: protocol.Message, reason: Reason) -> None:
        """Say no to a command."""
        metrics.REFUSALS.labels(reason).inc()
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
            self.is_moving = message.get("code") == SERVICE_RESTART
            raise Gone(None)
        text = message.get("text")
        if text is None or len(text) > MAX_FRAME:
            raise Gone(CloseCode.MALFORMED)
        if self._budget.is_spent() or self._budget_of_address.is_spent():
            raise Gone(CloseCode.TOO_FAST)
        try:
            return commands.validate_json(text)
        except ValidationError:
            raise Gone(CloseCode.MALFORMED) from None

    async def _write(self, frame: str) -> None:
        if self.is_open:
            await self._send({"type": "websocket.send", "text": frame})


at_the_door: FairPlaces[Socket] = FairPlaces(2 * settings.ROOM_CAPACITY)
"""Who has no seat yet: the largest class there may be, and as many strangers who type nothing."""


class _SeatConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """What all sockets have in common: connect, sit down, take commands, leave."""

    role: str

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        address, _ = scope.get("client") or ("", 0)
        socket = Socket(receive, send, network_of(address))
        await receive()  # websocket.connect
        offered = scope.get("subprotocols", [])
        chosen = SUBPROTOCOL if SUBPROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": chosen})
        token = next((text for text in offered if text != SUBPROTOCOL), None)
        try:
            with metrics.SOCKETS.labels(self.role).track_inprogress():
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

    role = "player"

    async def live(self, scope: Any, socket: Socket, token: str | None) -> None:
        id = await _find_room(scope["url_route"]["kwargs"]["code"], socket, token)
        room = await _room(id)
        is_new = False
        if token is None:
            async with _place_at_the_door(socket):
                player, secret, is_new = await _at_the_door(room, socket, _learner(scope))
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
            await _sit_down(room, socket, secret, is_new)
            await socket.pong()
            while True:
                await _obey_player(room, socket, await socket.next(protocol.player_commands))
        finally:
            room.arriving.discard(socket)
            room.waiting.discard(socket)
            if room.players.get(player) is socket:
                del room.players[player]
            # A class that moves is still here: else a question would close while most are on the way.
            if not socket.is_moving:
                await moves.leave_seat(room, player, socket.connection)


async def _find_room(code: str, socket: Socket, token: str | None) -> str:
    """The room of a join code. Raises Gone, with one answer whatever the reason."""
    store = hub().store
    # Whoever was let in before isn't guessing.
    is_known = token is not None and seats.read(token) is not None
    if not is_known and await store.guesses.is_barred(socket.address):
        raise Gone(CloseCode.NO_SUCH_ROOM)
    id = await store.find_room(code)
    if id is None:
        if not is_known:
            await store.guesses.count(socket.address)
        raise Gone(CloseCode.NO_SUCH_ROOM)
    return id


def _learner(scope: Any) -> str | None:
    """The key of who studies on this phone, by its signed cookie: no database is asked."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    return key_in(parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE))


@asynccontextmanager
async def _place_at_the_door(socket: Socket) -> AsyncIterator[None]:
    """Where all places are taken, somebody goes. Raises Gone if it is this one."""
    leaving = at_the_door.take(socket, socket.address)
    if leaving is socket:
        raise Gone(CloseCode.TOO_FAST)
    try:
        if leaving is not None:
            await leaving.dismiss(CloseCode.TOO_FAST)
        yield
    finally:
        at_the_door.leave(socket)


async def _at_the_door(room: Room, socket: Socket, learner: str | None) -> tuple[str, str, bool]:
    """Let a newcomer try until it has a seat; returns player, secret, and whether the seat is new."""
    chosen = room.settings
    offers = chosen.nicknames == "offered" and chosen.teams != "shared" and not chosen.has_roster
    offered = offered_nicknames() if offers else ()
    await socket.say(
        protocol.DoorOpened(
            teams=chosen.team_names if chosen.teams == "chosen" else (),
            shares_phone=chosen.teams == "shared",
            nicknames=offered,
            asks_personal_code=chosen.has_roster,
            asks_second_code=chosen.has_second_code,
        )
    )
    wrong_codes = 0
    budget = Budget(BUDGET_AT_DOOR, BUDGET_AT_DOOR_PER_S)
    while True:
        command = await socket.next(protocol.door_commands)
        if budget.is_spent():
            raise Gone(CloseCode.TOO_FAST)
        try:
            match command:
                case protocol.TakeSeat(nickname=name, team=team, members=members):
                    code = command.second_code
                    seat = await moves.take_seat(room, name, team, members, code, offered, learner)
                    return *seat, True
                case protocol.UsePersonalCode(code=code, team=team, second_code=second):
                    return await moves.use_personal_code(room, code, team, second, learner)
                case protocol.OfferNicknames():
                    offered = offered_nicknames() if offers else ()
                    await socket.say(protocol.NicknamesOffered(nicknames=offered))
                case protocol.Ping():
                    await socket.say(protocol.Ponged())
                case _:
                    assert_never(command)
        except Refused as no:
            await socket.refuse(command, no.reason)
            if no.reason in (Reason.SECOND_CODE_WRONG, Reason.PERSONAL_CODE_WRONG):
                wrong_codes += 1
                await room.store.guesses.count(socket.address)
            # Codes are short: whoever guesses begins anew, at the end of the queue.
            if wrong_codes == WRONG_CODES:
                raise Gone(CloseCode.TOO_FAST) from None


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
    seat = seat_of(socket.player, found.seat)
    token = seats.sign(
        seats.SeatToken(room=room.id, role="player", player=seat.player, secret=next_secret)
    )
    if found.is_waiting:
        room.waiting.add(socket)
        room.arriving.discard(socket)
        room.count_waiting()
        await socket.say(protocol.SeatAwaited(seat=seat, token=token))
        while True:  # until the host's nod closes the socket
            await socket.next(protocol.waiting_commands)
            await socket.say(protocol.Ponged())
    # Only now is the other phone's place taken: whoever is refused leaves it where it is.
    before = room.players.get(socket.player)
    room.players[socket.player] = socket
    room.arriving.discard(socket)
    if before:
        await before.dismiss(CloseCode.TAKEN_OVER)
    socket.time_factor = found.time_factor
    room.count_seats(joined=seat if is_new else None)
    await socket.welcome(
        protocol.PlayerWelcomed(
            seat=seat,
            token=token,
            rounds=len(room.quiz.questions),
            stage=room.stage,
            remaining_ms=room.remaining_ms(socket.time_factor),
            is_paused=room.is_paused,
            time_factor=socket.time_factor,
            shuffles_options=room.settings.shuffles_options,
            knobs=room.knobs,
            answer=found.given.answer if found.given else None,
            own=own_result(found.line) if found.line else None,
        )
    )


async def _obey_player(room: Room, socket: Socket, command: protocol.PlayerCommand) -> None:
    async with _refusals_told(room, socket, command):
        match command:
            case protocol.SubmitAnswer(round=round, vote=vote, answer=answer):
                given = await moves.submit_answer(
                    room, socket.player, round, answer, vote, socket.lag_ms
                )
                await socket.say(
                    protocol.AnswerAccepted(round=round, vote=vote, answer=given.answer)
                )
            case protocol.AskReview():
                await socket.say(await moves.review(room, socket.player))
            case protocol.Echo():
                socket.echoed()
            case protocol.Ping():
                await socket.pong()
            case _:
                assert_never(command)


class HostConsumer(_SeatConsumer):
    """The host's page: sees all, moves the room on."""

    role = "host"

    async def live(self, scope: Any, socket: Socket, token: str | None) -> None:
        room = await _room_in_front(token, "host")
        socket.is_host = True
        room.front.add(socket)
        try:
            view = await _view_from_the_front(room)
            waiting = await room.store.read_waiting(room.id)
            await socket.welcome(
                protocol.HostWelcomed(
                    title=room.quiz.title,
                    waiting=tuple(seat_of(player, seat) for player, seat in waiting.items()),
                    time_factors=await room.store.read_time_factors(room.id),
                    **view,
                )
            )
            while True:
                await _obey_host(room, socket, await socket.next(protocol.host_commands))
        finally:
            room.front.discard(socket)


async def _obey_host(room: Room, socket: Socket, command: protocol.HostCommand) -> None:
    async with _refusals_told(room, socket, command):
        match command:
            case protocol.MoveOn(phase=phase, round=round, vote=vote):
                await moves.move_on(room, phase, round, vote)
            case protocol.SkipQuestion(round=round):
                await moves.skip_question(room, round)
            case protocol.PauseClock(is_paused=is_paused):
                await moves.pause_clock(room, is_paused)
            case protocol.ExtendClock(phase=phase, round=round):
                await moves.extend_clock(room, phase, round)
            case protocol.KickPlayer(player=player):
                await moves.kick_player(room, player)
            case protocol.AdmitPlayer(player=player):
                await moves.admit_player(room, player)
            case protocol.IssueCode(player=player):
                await socket.say(await moves.issue_code(room, player))
            case protocol.SetTimeFactor(player=player, time_factor=factor):
                await moves.set_time_factor(room, player, factor)
            case protocol.TurnSwitch(switch=switch, is_on=is_on):
                await moves.turn_switch(room, switch, is_on)
            case protocol.TurnKnobs(round=round, knobs=knobs):
                await moves.turn_knobs(room, round, knobs)
            case protocol.AskSecondCode():
                await socket.say(await moves.second_code(room))
            case protocol.EndRoom():
                await moves.end_room(room)
            case protocol.Ping():
                await socket.say(protocol.Ponged())
            case _:
                assert_never(command)


class ScreenConsumer(_SeatConsumer):
    """A projector: sees what everyone may see, commands nothing."""

    role = "screen"

    async def live(self, scope: Any, socket: Socket, token: str | None) -> None:
        room = await _room_in_front(token, "screen")
        room.front.add(socket)
        try:
            view = await _view_from_the_front(room)
            await socket.welcome(protocol.ScreenWelcomed(**view))
            while True:
                await _obey_screen(room, socket, await socket.next(protocol.screen_commands))
        finally:
            room.front.discard(socket)


async def _obey_screen(room: Room, socket: Socket, command: protocol.ScreenCommand) -> None:
    async with _refusals_told(room, socket, command):
        match command:
            case protocol.AskSecondCode():
                await socket.say(await moves.second_code(room))
            case protocol.Ping():
                await socket.say(protocol.Ponged())
            case _:
                assert_never(command)


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
        logger.warning("A command found no Redis: %s", error)
        await socket.refuse(command, Reason.TRY_AGAIN)


async def _room(id: str) -> Room:
    logs.room_id.set(id)
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
        "settings": room.settings,
        "switches": moves.switches_of(state),
        "seats": tuple(seat_of(player, record) for player, record in seated.items()),
        "present": present,
        "answered": answered,
        "stage": room.stage,
        "remaining_ms": room.remaining_ms(),
        "is_paused": room.is_paused,
        "knobs": room.knobs,
    }


websocket_urlpatterns = [
    path("ws/play/<str:code>/", PlayerConsumer.as_asgi()),
    path("ws/host/", HostConsumer.as_asgi()),
    path("ws/screen/", ScreenConsumer.as_asgi()),
]
