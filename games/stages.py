"""What everyone in a room sees, in each phase: worked out once, by whichever process moved the room."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, NamedTuple, assert_never

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
from lessons import explanations, pictures
from lessons.explanations import ClassAnswers, Picture
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
            _begin_picture(question, ClassAnswers())
            return Seen(GetReadyStage(round=round, points=question.points))
        case Phase.ASKING:
            _begin_picture(question, ClassAnswers())
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
    _begin_picture(question, class_answers(question, result))
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


def class_answers(question: Question, result: RoundResult) -> ClassAnswers:
    """What the class answered, as a picture may know it."""
    return ClassAnswers(
        n=result.answered,
        values=list(result.guesses),
        counts=list(result.counts),
        options=list(question_view(question).options) if result.counts else [],
    )


def _begin_picture(question: Question, answers: ClassAnswers) -> None:
    """Have the picture computed ahead of need: it is kept by its content."""
    if ref := question.explanation:
        asyncio.get_running_loop().run_in_executor(None, _begun, ref, answers).add_done_callback(
            _log_failure
        )


def _begun(ref: ExplanationRef, answers: ClassAnswers) -> None:
    pictures.soon(ref.key, explanations.answered(ref.key, ref.params, answers))


def _log_failure(future: "asyncio.Future[None]") -> None:
    if not future.cancelled() and (error := future.exception()):
        logger.error("A picture couldn't be begun", exc_info=error)


async def _explanation(room: Room, round: int, question: Question) -> ExplanationStage:
    """The picture with the class in it; without a picture if it can't be computed: play goes on."""
    stored = await room.store.read_result(room.id, round)
    result = RoundResult.model_validate_json(stored or "{}")
    picture = None
    if ref := question.explanation:
        try:
            picture = await _picture(ref.key, ref.params, class_answers(question, result))
        except Exception:
            logger.exception("Room %s: no picture for round %s", room.id, round)
    return ExplanationStage(
        round=round,
        question=question_view(question),
        result=result,
        note=question.note,
        picture=picture,
    )


async def _picture(key: str, params: Mapping[str, Any], answers: ClassAnswers) -> Picture:
    params = explanations.answered(key, params, answers)
    bare = await pictures.picture_async(key, params)
    return explanations.with_class(bare, answers)


async def turned(stage: ExplanationStage, params: Mapping[str, Any]) -> ExplanationStage:
    """The same stage with its picture computed for these parameters. Raises what `pictures` raises."""
    assert stage.picture
    picture = await _picture(stage.picture.id, params, stage.picture.class_)
    return stage.model_copy(update={"picture": picture})


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
