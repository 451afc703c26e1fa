"""What can happen in a room, each move from start to finish.

A move calls the rules, then the store, then the room, in that order; none of them calls the next.
The store decides who was first and in time; what is stored is told afterwards.
"""

import asyncio

from pydantic import ValidationError

from games import archive, seats, stages
from games.protocol import ExplanationStage, KnobsTurned, LobbyStage, RoomLocked, Seat
from games.room import Room
from games.rules import (
    Given,
    Phase,
    Quiz,
    Reason,
    Refused,
    RoomSettings,
    clean_nickname,
    folded_nickname,
    next_step,
)
from games.store import SeatRecord, Store
from lessons import explanations, pictures
from lessons.questions import Answer, fits

KNOBS_REST_S = 0.25
"""How long the host's hand rests before a picture is computed."""


async def open_room(store: Store, quiz: Quiz, chosen: RoomSettings, host: int) -> str:
    """A new room in its lobby; returns its id."""
    return await store.open_room(quiz, chosen, host, LobbyStage().model_dump_json())


async def take_seat(room: Room, nickname: str, team: str | None) -> tuple[str, str]:
    """Seat a newcomer; returns the player and the secret that resumes the seat. Raises Refused."""
    name = clean_nickname(nickname)
    teams = room.settings.team_names
    if room.settings.teams == "chosen" and team not in teams:
        raise Refused(Reason.TEAM_UNKNOWN)
    chosen = team if room.settings.teams == "chosen" else None
    player, secret = seats.new_player(), seats.new_secret()
    await room.store.take_seat(
        room.id, player, name, folded_nickname(name), seats.fingerprint(secret), chosen, teams
    )
    return player, secret


async def submit_answer(room: Room, player: str, round: int, answer: Answer) -> Given:
    """Store a player's answer; returns what counts, now or from before. Raises Refused."""
    if round >= len(room.quiz.questions) or not fits(room.quiz.questions[round], answer):
        raise Refused(Reason.ANSWER_UNFIT)
    reply = await room.store.submit_answer(room.id, round, player, answer.model_dump_json())
    room.count_answers(round, reply.answered)
    if reply.all_in:
        # The player is told first; and should closing fail, the answer counts all the same.
        room.in_background(_advance(room, Phase.ASKING, round, is_bell=False))
    return reply.given


async def move_on(room: Room, phase: Phase, round: int) -> None:
    """The host goes on, from the phase the host sees. Raises Refused if the room is elsewhere."""
    if round >= len(room.quiz.questions) or not await _advance(room, phase, round, is_bell=False):
        raise Refused(Reason.MOVED_ALREADY)


async def end_room(room: Room) -> None:
    """Close the room for everybody, wherever it stands. Its join code is free again."""
    for _ in range(5):  # the room may move under our hands
        state = await room.catch_up()
        if state is None or state.phase is Phase.ENDED:
            return
        at, to = (state.phase, state.round), (Phase.ENDED, state.round)
        rounds = len(room.quiz.questions)
        if await room.store.move_on(room.id, at, to, 0, is_bell=False, rounds=rounds):
            await room.store.release_code(room.id, state.code)
            await finish(room)
            return
        await ring(room)
    raise Refused(Reason.TRY_AGAIN)


async def kick_player(room: Room, player: str) -> None:
    """Send a player away for good. Raises Refused."""
    await room.store.kick_player(room.id, player)
    room.count_seats(left=player)


async def lock_room(room: Room, is_locked: bool) -> None:
    """Close the door to newcomers, or open it."""
    await room.store.lock(room.id, is_locked)
    await room.tell_front(RoomLocked(is_locked=is_locked))


async def turn_knobs(room: Room, round: int, knobs: dict[str, float]) -> None:
    """Turn the picture's knobs on every phone and screen. Raises Refused.

    For knobs that the server turns a new picture follows, once they rest.
    """
    stage = room.stage
    if not isinstance(stage, ExplanationStage) or stage.round != round or stage.picture is None:
        raise Refused(Reason.WRONG_ROUND)
    known = {knob.key: knob for knob in stage.picture.knobs}
    for key, value in knobs.items():
        if key not in known or not known[key].min <= value <= known[key].max:
            raise Refused(Reason.KNOBS_UNFIT)
    by_server = {key: value for key, value in knobs.items() if known[key].where == "server"}
    try:
        explanations.validated(stage.picture.id, stage.picture.params | by_server)
    except ValidationError:
        raise Refused(Reason.KNOBS_UNFIT) from None
    await room.tell_knobs(KnobsTurned(round=round, knobs=knobs))
    is_under_way = bool(room.wanted_knobs)
    if any(value != stage.picture.params[key] for key, value in by_server.items()) or is_under_way:
        room.wanted_knobs |= by_server
    if room.wanted_knobs and not is_under_way:
        room.in_background(_recompute(room, round))


async def _recompute(room: Room, round: int) -> None:
    """Tell the room the picture for its newest knobs, until no newer are wanted."""
    try:
        while knobs := dict(room.wanted_knobs):
            await asyncio.sleep(KNOBS_REST_S)
            if knobs != room.wanted_knobs:
                continue
            await _retell(room, round, knobs)
            # Turned meanwhile, it is computed again.
            if knobs == room.wanted_knobs:
                room.wanted_knobs = {}
    finally:
        # A picture that failed mustn't leave wishes that nobody works at: the next turn starts anew.
        room.wanted_knobs = {}


async def _retell(room: Room, round: int, knobs: dict[str, float]) -> None:
    stage, revision = room.stage, room.told
    if not isinstance(stage, ExplanationStage) or stage.round != round or stage.picture is None:
        return
    try:
        new = await stages.turned(stage, stage.picture.params | knobs)
    except pictures.NotComputed:
        # The knobs go back to what is on show.
        back = {key: stage.picture.params[key] for key in knobs}
        await room.tell_knobs(KnobsTurned(round=round, knobs=back))
        raise
    await room.store.retell_stage(room.id, revision, new.model_dump_json(by_alias=True))


async def ring(room: Room) -> None:
    """The bell, and every two seconds a look: do what is due, whoever began it.

    Every process with a seat in the room calls this; the store lets one win and the rest change
    nothing.
    """
    state = await room.catch_up()
    if state is None:
        return
    if state.told < state.revision:
        await finish(room)
    elif state.bell_at_ms and state.now_ms >= state.bell_at_ms:
        await _advance(room, state.phase, state.round, is_bell=True)
    elif state.phase in (Phase.PODIUM, Phase.ENDED) and not state.archived:
        await archive.queue(room.store, room.id)


async def _advance(room: Room, phase: Phase, round: int, is_bell: bool) -> bool:
    """Go to what follows that phase; False if the room has left it, or it isn't time."""
    step = next_step(phase, round, room.quiz, room.settings)
    if step is None:
        return False
    rounds = len(room.quiz.questions)
    at, to = (phase, round), (step.phase, step.round)
    if not await room.store.move_on(room.id, at, to, step.lasts_ms, is_bell, rounds):
        return False
    await finish(room)
    return True


async def finish(room: Room) -> None:
    """Complete a move: work out what everyone sees now, store it, tell it.

    Repeating it is harmless: of all who do, one tells.
    """
    state = await room.store.read_state(room.id)
    if state is None or state.told == state.revision:
        return
    seen = await stages.worked_out(room, state)
    await room.store.tell_stage(
        room.id,
        state.revision,
        state.round,
        seen.stage.model_dump_json(by_alias=True),
        seen.own,
        seen.lines,
        seen.result,
    )
    if state.phase in (Phase.PODIUM, Phase.ENDED):
        await archive.queue(room.store, room.id)


def seat_of(player: str, record: SeatRecord) -> Seat:
    """A seat as others know it."""
    return Seat(player=player, nickname=record.nickname, team=record.team)
