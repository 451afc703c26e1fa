"""What can happen in a room, each move from start to finish.

A move calls the rules, then the store, then the room, in that order; none of them calls the next.
The store decides who was first and in time; what is stored is told afterwards.
"""

import asyncio
import logging

from games import archive, seats
from games.protocol import (
    AskingStage,
    ClosedStage,
    EndedStage,
    ExplanationStage,
    Fastest,
    GetReadyStage,
    KnobsTurned,
    LobbyStage,
    Message,
    PodiumStage,
    RoomLocked,
    RoundResult,
    Seat,
    Standing,
    StandingsStage,
    TeamStanding,
    question_view,
)
from games.room import Room, own_result
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
from games.scoring import Line, places, score_round, team_places
from games.store import SeatRecord, State, Store
from lessons import explanations
from lessons.questions import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    ExplanationRef,
    NumberAnswer,
    NumberGuess,
    OrderSteps,
    Question,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedText,
    fits,
    shown_order,
)

logger = logging.getLogger(__name__)

TOP = 5


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
    """Turn the picture's knobs on every phone and screen."""
    if (room.phase, room.round) != (Phase.EXPLANATION, round):
        raise Refused(Reason.WRONG_ROUND)
    await room.tell_everyone(KnobsTurned(round=round, knobs=knobs))


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
    question = room.quiz.questions[state.round]
    own: dict[str, str] = {}
    lines: dict[str, Line] = {}
    result = ""
    stage: Message
    match state.phase:
        case Phase.LOBBY:
            stage = LobbyStage()
        case Phase.GET_READY:
            stage = GetReadyStage(round=state.round, points=question.points)
            _begin_picture(question)
        case Phase.ASKING:
            stage = AskingStage(round=state.round, question=question_view(question))
            _begin_picture(question)
        case Phase.CLOSED:
            seated = await room.store.read_seats(room.id)
            given = await room.store.read_answers(room.id, state.round)
            before = await room.store.read_lines(room.id)
            lines = score_round(question, room.settings, list(seated), given, before)
            own = {
                player: own_result(state.round, line).model_dump_json()
                for player, line in lines.items()
            }
            found = round_result(question, seated, given, lines)
            result = found.model_dump_json()
            stage = ClosedStage(round=state.round, question=question_view(question), result=found)
        case Phase.EXPLANATION:
            stage = await _explanation_stage(room, state, question)
        case Phase.STANDINGS:
            top, teams, players = await _standings(room)
            stage = StandingsStage(round=state.round, top=top, teams=teams, players=players)
        case Phase.PODIUM:
            top, teams, players = await _standings(room)
            stage = PodiumStage(title=room.quiz.title, top=top, teams=teams, players=players)
        case Phase.ENDED:
            stage = EndedStage()
    await room.store.tell_stage(
        room.id,
        state.revision,
        state.round,
        stage.model_dump_json(by_alias=True),
        own,
        lines,
        result,
    )
    if state.phase in (Phase.PODIUM, Phase.ENDED):
        await archive.queue(room.store, room.id)


def round_result(
    question: Question,
    seated: dict[str, SeatRecord],
    given: dict[str, Given],
    lines: dict[str, Line],
) -> RoundResult:
    """The key, how many chose what, and who was fastest. No names but that one."""
    counted = [(player, given[player]) for player in seated if player in given]
    right = [(player, found) for player, found in counted if lines[player].is_right]
    fastest = min(right, key=lambda pair: pair[1].elapsed_ms, default=None)
    answers = [found.answer for _, found in counted]
    key: tuple[int, ...] = ()
    options = 0
    accepted: tuple[str, ...] = ()
    number, tolerance = None, 0.0
    match question:
        case SingleChoice():
            key, options = (question.right,), len(question.options)
        case TrueFalse():
            key, options = (0 if question.right else 1,), 2
        case SeveralRight():
            key, options = question.right, len(question.options)
        case OrderSteps():
            shown = shown_order(question)
            key = tuple(shown.index(step) for step in range(len(shown)))
        case TypedText():
            accepted = question.accepted
        case NumberGuess():
            number, tolerance = question.right, question.tolerance
    counts = [0] * options
    for answer in answers:
        if isinstance(answer, ChoiceAnswer):
            counts[answer.choice] += 1
        elif isinstance(answer, ChoicesAnswer):
            for choice in answer.choices:
                counts[choice] += 1
    return RoundResult(
        right=key,
        accepted=accepted,
        number=number,
        tolerance=tolerance,
        counts=tuple(counts),
        guesses=tuple(sorted(a.number for a in answers if isinstance(a, NumberAnswer))),
        players=len(seated),
        answered=len(counted),
        right_count=len(right),
        fastest=fastest
        and Fastest(nickname=seated[fastest[0]].nickname, elapsed_ms=fastest[1].elapsed_ms),
    )


def _begin_picture(question: Question) -> None:
    """Compute the picture ahead of need, in a thread: it is kept by its content."""
    if question.explanation:
        picture = question.explanation
        asyncio.get_running_loop().run_in_executor(
            None, explanations.picture, picture.key, picture.params
        ).add_done_callback(_log_failure)


def _log_failure(future: "asyncio.Future[explanations.Picture]") -> None:
    if not future.cancelled() and (error := future.exception()):
        logger.error("A picture couldn't be computed", exc_info=error)


async def _explanation_stage(room: Room, state: State, question: Question) -> ExplanationStage:
    """The picture with the class in it; without a picture if it can't be computed: play goes on."""
    stored = await room.store.read_result(room.id, state.round)
    result = RoundResult.model_validate_json(stored or "{}")
    view = question_view(question)
    picture = None
    if ref := question.explanation:
        try:
            answers = explanations.ClassAnswers(
                n=result.answered,
                values=list(result.guesses),
                counts=list(result.counts),
                options=list(view.options) if result.counts else [],
            )
            picture = await asyncio.to_thread(_picture_with_class, ref, answers)
        except Exception:
            logger.exception("Room %s: no picture for round %s", room.id, state.round)
    return ExplanationStage(
        round=state.round, question=view, result=result, note=question.note, picture=picture
    )


def _picture_with_class(
    ref: ExplanationRef, answers: explanations.ClassAnswers
) -> explanations.Picture:
    return explanations.with_class(explanations.picture(ref.key, ref.params), answers)


async def _standings(
    room: Room,
) -> tuple[tuple[Standing, ...], tuple[TeamStanding, ...], int]:
    """The first five, the teams, and how many play."""
    seated = await room.store.read_seats(room.id)
    known = await room.store.read_lines(room.id)
    lines = {player: line for player, line in known.items() if player in seated}
    ranked = sorted(
        (rank, seated[player].nickname, player) for player, rank in places(lines).items()
    )
    top = tuple(
        Standing(
            nickname=nickname,
            team=seated[player].team,
            points=lines[player].total,
            rank=rank,
            rank_before=lines[player].rank_before,
        )
        for rank, nickname, player in ranked[:TOP]
    )
    team_of = {player: seat.team for player, seat in seated.items()}
    now = {player: line.total for player, line in lines.items()}
    before = {player: line.total - line.points for player, line in lines.items()}
    names = room.settings.team_names
    ranks_before = {place.name: place.rank for place in team_places(names, team_of, before)}
    teams = tuple(
        TeamStanding(
            name=place.name,
            points=place.points,
            members=place.members,
            rank=place.rank,
            rank_before=ranks_before[place.name] if any(before.values()) else None,
        )
        for place in team_places(names, team_of, now)
    )
    return top, teams, len(seated)


def seat_of(player: str, record: SeatRecord) -> Seat:
    """A seat as others know it."""
    return Seat(player=player, nickname=record.nickname, team=record.team)
