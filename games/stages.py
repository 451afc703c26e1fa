"""What everyone in a room sees, in each phase: worked out once, by whichever process moved the room."""

import asyncio
import logging
from typing import NamedTuple, assert_never

from games.protocol import (
    AskingStage,
    ClosedStage,
    EndedStage,
    ExplanationStage,
    Fastest,
    GetReadyStage,
    LobbyStage,
    PodiumStage,
    RoundResult,
    Stage,
    Standing,
    StandingsStage,
    TeamStanding,
    question_view,
)
from games.room import Room, own_result
from games.rules import Given, Phase
from games.scoring import Line, places, score_round, team_places
from games.store import SeatRecord, State
from lessons import explanations
from lessons.questions import (
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
    shown_order,
)

logger = logging.getLogger(__name__)

TOP = 5


class Seen(NamedTuple):
    """A stage, and what a closed question brings besides."""

    stage: Stage
    own: dict[str, str] = {}
    """Each player's OwnResult as JSON, for that player alone."""
    lines: dict[str, Line] = {}
    result: str = ""
    """The RoundResult as JSON."""


async def worked_out(room: Room, state: State) -> Seen:
    """What everyone sees now. The same whoever asks and however often."""
    round, question = state.round, room.quiz.questions[state.round]
    match state.phase:
        case Phase.LOBBY:
            return Seen(LobbyStage())
        case Phase.GET_READY:
            _begin_picture(question)
            return Seen(GetReadyStage(round=round, points=question.points))
        case Phase.ASKING:
            _begin_picture(question)
            return Seen(AskingStage(round=round, question=question_view(question)))
        case Phase.CLOSED:
            return await _closed(room, round, question)
        case Phase.EXPLANATION:
            return Seen(await _explanation(room, round, question))
        case Phase.STANDINGS:
            top, teams, players = await _standings(room)
            return Seen(StandingsStage(round=round, top=top, teams=teams, players=players))
        case Phase.PODIUM:
            title = room.quiz.title
            top, teams, players = await _standings(room)
            return Seen(PodiumStage(title=title, top=top, teams=teams, players=players))
        case Phase.ENDED:
            return Seen(EndedStage())
        case _:
            assert_never(state.phase)


async def _closed(room: Room, round: int, question: Question) -> Seen:
    """Score the whole room."""
    seated = await room.store.read_seats(room.id)
    given = await room.store.read_answers(room.id, round)
    before = await room.store.read_lines(room.id)
    lines = score_round(question, room.settings, list(seated), given, before)
    result = round_result(question, seated, given, lines)
    own = {player: own_result(round, line).model_dump_json() for player, line in lines.items()}
    stage = ClosedStage(round=round, question=question_view(question), result=result)
    return Seen(stage, own, lines, result.model_dump_json())


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


async def _explanation(room: Room, round: int, question: Question) -> ExplanationStage:
    """The picture with the class in it; without a picture if it can't be computed: play goes on."""
    stored = await room.store.read_result(room.id, round)
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
            logger.exception("Room %s: no picture for round %s", room.id, round)
    return ExplanationStage(
        round=round, question=view, result=result, note=question.note, picture=picture
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
