"""What can happen in a room, each move from start to finish.

A move calls the rules, then the store, then the room, in that order; none of them calls the next.
The store decides who was first and in time; what is stored is told afterwards.
"""

import asyncio
import hmac
import logging
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import ValidationError

from games import metrics, seats, stages
from games.nicknames import clean_nickname, folded_nickname, is_decent
from games.protocol import (
    CodeIssued,
    ExplanationStage,
    KnobsTurned,
    LobbyStage,
    ReviewTold,
    SecondCodeTold,
    Switches,
    SwitchesTurned,
    TimeFactorSet,
)
from games.room import Room, seat_of
from games.rules import (
    Given,
    Phase,
    Quiz,
    Reason,
    Refused,
    RoomSettings,
    RosterEntry,
    Step,
    begun,
    next_step,
)
from games.store import SeatRecord, State, Store, StoreError
from games.store.overview import forgotten_rooms
from lessons import explanations, pictures
from lessons.questions import Answer, fits

logger = logging.getLogger(__name__)

EXTENSION_MS = 10_000
MOST_LAG_MS = 150
"""What a slow network may at most take off an answer's time: more would be worth faking."""
FORGOTTEN_S = 60 * 60
"""A room that nobody has moved on is ended so long before it expires."""
KNOBS_REST_S = 0.25
"""How long the host's hand rests before a picture is computed."""


async def open_room(
    store: Store,
    quiz: Quiz,
    chosen: RoomSettings,
    host: int,
    roster: Mapping[str, RosterEntry] | None = None,
) -> str:
    """A new room in its lobby; returns its id. `roster` goes by personal code."""
    return await store.open_room(quiz, chosen, host, LobbyStage().model_dump_json(), roster)


# At the door


async def take_seat(
    room: Room,
    nickname: str,
    team: str | None = None,
    members: Sequence[str] = (),
    second_code: str = "",
    offered: Sequence[str] = (),
    learner: str | None = None,
) -> tuple[str, str]:
    """Seat a newcomer, or let it wait; returns the player and the secret that resumes the seat.

    `offered` are the nicknames to choose from, where players don't type their own; `learner` is who
    studies on this phone. Raises Refused.
    """
    chosen = room.settings
    if chosen.has_roster:
        raise Refused(Reason.PERSONAL_CODE_WRONG)
    await _check_second_code(room, second_code)
    name = clean_nickname(nickname)
    # A team that shares a phone names itself, whatever names are offered to single players.
    if chosen.nicknames == "offered" and chosen.teams != "shared" and name not in offered:
        raise Refused(Reason.NICKNAME_UNFIT)
    if chosen.filters_nicknames and not is_decent(name):
        raise Refused(Reason.NICKNAME_UNFIT)
    shared_by = _members(room, members)
    seat = SeatRecord(
        name,
        _team(room, team),
        folded_nickname(name),
        shared_by,
        # What a whole team answers says of nobody what they know.
        learner=None if shared_by else learner,
    )
    player, secret = seats.new_player(), seats.new_secret()
    mark = seats.fingerprint(secret)
    await room.store.take_seat(room.id, player, seat, mark, chosen.team_names)
    return player, secret


async def use_personal_code(
    room: Room,
    code: str,
    team: str | None = None,
    second_code: str = "",
    learner: str | None = None,
) -> tuple[str, str, bool]:
    """Sit down by a code of the roster, or take a seat over from another phone.

    Returns the player, the secret that resumes the seat, and whether the seat is new. Raises Refused.
    """
    await _check_second_code(room, second_code)
    code, secret = seats.cleaned_code(code), seats.new_secret()
    mark = seats.fingerprint(secret)
    if player := await room.store.claim_seat(room.id, code, mark):
        return player, secret, False
    entry = await room.store.find_pupil(room.id, code)
    if entry is None:
        raise Refused(Reason.PERSONAL_CODE_WRONG)
    folded = folded_nickname(entry.name)
    seat = SeatRecord(entry.name, _team(room, team), folded, (), entry.pupil, learner)
    player = seats.new_player()
    names = room.settings.team_names
    await room.store.take_seat(room.id, player, seat, mark, names, code, entry.time_factor)
    return player, secret, True


def _team(room: Room, team: str | None) -> str | None:
    """The team asked for, where players choose; None is any."""
    if room.settings.teams != "chosen":
        return None
    if team not in room.settings.team_names:
        raise Refused(Reason.TEAM_UNKNOWN)
    return team


def _members(room: Room, members: Sequence[str]) -> tuple[str, ...]:
    """Who shares the phone, where teams do: at least one, no two alike, none indecent."""
    if room.settings.teams != "shared":
        return ()
    try:
        names = tuple(clean_nickname(member) for member in members)
    except Refused:
        raise Refused(Reason.MEMBERS_UNFIT) from None
    if not names or len({folded_nickname(name) for name in names}) < len(names):
        raise Refused(Reason.MEMBERS_UNFIT)
    if room.settings.filters_nicknames and not all(map(is_decent, names)):
        raise Refused(Reason.NICKNAME_UNFIT)
    return names


async def _check_second_code(room: Room, given: str) -> None:
    """The letters on the projector, or those shown just before."""
    if not room.settings.has_second_code:
        return
    state = await room.store.read_state(room.id)
    if state is None or not any(
        hmac.compare_digest(given.upper().encode(), shown.encode())
        for shown in (seats.second_code(state.door_secret, state.now_ms, ago) for ago in (0, 1))
    ):
        raise Refused(Reason.SECOND_CODE_WRONG)


async def second_code(room: Room) -> SecondCodeTold:
    """What the projector shows now, and for how long."""
    state = await room.store.read_state(room.id)
    if state is None:
        raise Refused(Reason.ROOM_OVER)
    turn_ms = seats.SECOND_CODE_S * 1000
    code = seats.second_code(state.door_secret, state.now_ms)
    return SecondCodeTold(code=code, remaining_ms=turn_ms - state.now_ms % turn_ms)


async def admit_player(room: Room, player: str) -> None:
    """Let in somebody who waits. Raises Refused."""
    record = await room.store.admit_player(room.id, player)
    room.count_seats(joined=seat_of(player, record))
    room.count_waiting()


async def issue_code(room: Room, player: str) -> CodeIssued:
    """A code with which that player goes on on another phone, once. Raises Refused."""
    code = seats.new_personal_code()
    await room.store.issue_code(room.id, player, code)
    return CodeIssued(player=player, code=code)


async def set_time_factor(room: Room, player: str, factor: float) -> None:
    """Give a player so many times as long as others. Raises Refused."""
    await room.store.set_time_factor(room.id, player, factor)
    await room.tell_hosts(TimeFactorSet(player=player, time_factor=factor))


async def kick_player(room: Room, player: str) -> None:
    """Send a player away for good, seated or waiting. Raises Refused."""
    await room.store.kick_player(room.id, player)
    room.count_seats(left=player)
    room.count_waiting()


# In a round


async def submit_answer(
    room: Room, player: str, round: int, answer: Answer, vote: int = 1, lag_ms: int = 0
) -> Given:
    """Store a player's answer; returns what counts, now or from before. Raises Refused."""
    if round >= len(room.quiz.questions) or not fits(room.quiz.questions[round], answer):
        raise Refused(Reason.ANSWER_UNFIT)
    lag_ms = min(lag_ms, MOST_LAG_MS)
    said = answer.model_dump_json()
    reply = await room.store.submit_answer(room.id, round, vote, player, said, lag_ms)
    metrics.ANSWERS.inc()
    room.count_answers(round, reply.answered)
    if reply.all_in:
        # The player is told first; and should closing fail, the answer counts all the same.
        at = Step(Phase.ASKING, round, 0, vote)
        room.in_background(_advance(room, at, is_bell=False))
    elif reply.all_here:
        _look_again(room)
    return reply.given


async def leave_seat(room: Room, player: str, connection: str) -> None:
    """A phone is gone, perhaps only for a moment: a question is open for it a little longer."""
    await room.store.leave_seat(room.id, player, connection)
    room.count_seats()
    _look_again(room)


def _look_again(room: Room) -> None:
    """When no answer is left to close the question, time does, once nobody is waited for."""
    if room.phase is Phase.ASKING and not room.is_looking_again:
        room.is_looking_again = True
        room.in_background(_close_when_all_are_in(room))


async def _close_when_all_are_in(room: Room) -> None:
    try:
        while room.phase is Phase.ASKING:
            await asyncio.sleep(room.store.return_ms / 1000)
            state = await room.store.read_state(room.id)
            if state is None:
                return
            if await room.store.are_all_in(room.id, state.round, state.vote):
                await _advance(room, state.step, is_bell=False)
    finally:
        room.is_looking_again = False


async def move_on(room: Room, phase: Phase, round: int, vote: int = 1) -> None:
    """The host goes on, from the phase the host sees. Raises Refused if the room is elsewhere."""
    at = Step(phase, round, 0, vote)
    if round >= len(room.quiz.questions) or not await _advance(room, at, is_bell=False):
        raise Refused(Reason.MOVED_ALREADY)


async def skip_question(room: Room, round: int) -> None:
    """Leave out the question that is shown: it isn't scored. Raises Refused."""
    state = await room.store.read_state(room.id)
    shown = (Phase.GET_READY, Phase.TALK, Phase.ASKING)
    if state is None or state.round != round or state.phase not in shown:
        raise Refused(Reason.MOVED_ALREADY)
    to = begun(round + 1, room.quiz, room.settings)
    if not await _move(room, state.step, to, is_bell=False):
        raise Refused(Reason.MOVED_ALREADY)


async def pause_clock(room: Room, is_paused: bool) -> None:
    """Stop the clock of this phase, or let it go on. Raises Refused."""
    verb: Literal["pause", "go_on"] = "pause" if is_paused else "go_on"
    if not await room.store.change_clock(room.id, verb, room.phase, room.round):
        raise Refused(Reason.NO_CLOCK)


async def extend_clock(room: Room, phase: Phase, round: int) -> None:
    """Ten seconds more in this phase. Raises Refused."""
    if not await room.store.change_clock(room.id, "extend", phase, round, EXTENSION_MS):
        raise Refused(Reason.NO_CLOCK)


async def turn_switch(room: Room, switch: str, is_on: bool) -> None:
    """Turn one of the room's switches."""
    await room.store.turn_switch(room.id, switch, is_on)
    if state := await room.store.read_state(room.id):
        await room.tell_front(SwitchesTurned(switches=switches_of(state)))


async def end_room(room: Room) -> None:
    """Close the room for everybody, wherever it stands. Its join code is free again."""
    for _ in range(5):  # the room may move under our hands
        state = await room.catch_up()
        if state is None or state.phase is Phase.ENDED:
            return
        to, rounds = Step(Phase.ENDED, state.round, 0), len(room.quiz.questions)
        if await room.store.move_on(room.id, state.step, to, is_bell=False, rounds=rounds):
            await room.store.release_code(room.id, state.code)
            await finish(room)
            return
        await ring(room)
    raise Refused(Reason.TRY_AGAIN)


async def end_forgotten_rooms(store: Store) -> None:
    """A class that went home before the podium, and whose room is about to expire, has results too."""
    for id in await forgotten_rooms(store, FORGOTTEN_S):
        try:
            if game := await store.read_game(id):
                await end_room(Room(id, store, *game))
        except StoreError:
            raise
        except Exception:
            logger.exception("The forgotten room %s can't be ended", id)


async def review(room: Room, player: str) -> ReviewTold:
    """What a player looks back on at the end. Raises Refused before."""
    state = await room.store.read_state(room.id)
    if state is None or not state.is_over:
        raise Refused(Reason.NOT_OVER)
    return await stages.review(room, player)


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
        return
    is_due = state.bell_at_ms and not state.paused_at_ms and state.now_ms >= state.bell_at_ms
    if is_due and await _advance(room, state.step, is_bell=True):
        metrics.BELL_DELAY.observe((state.now_ms - state.bell_at_ms) / 1000)


async def _advance(room: Room, at: Step, is_bell: bool) -> bool:
    """Go to what follows that phase; False if the room has left it, or it isn't time."""
    state = await room.store.read_state(room.id)
    if state is None:
        return False
    is_revoting, has_standings = state.switches.is_revoting, state.switches.has_standings
    step = next_step(at, room.quiz, room.settings, is_revoting, has_standings)
    return step is not None and await _move(room, at, step, is_bell)


async def _move(room: Room, at: Step, to: Step, is_bell: bool) -> bool:
    rounds = len(room.quiz.questions)
    if not await room.store.move_on(room.id, at, to, is_bell, rounds):
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


def switches_of(state: State) -> Switches:
    """The room's switches as hosts and screens are told."""
    return Switches(**state.switches._asdict())
