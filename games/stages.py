"""What everyone in a room sees, in each phase: worked out once, by whichever process moved the room."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple, assert_never

from games.nicknames import is_decent
from games.protocol import (
    AskingStage,
    ClosedStage,
    CloudWord,
    EndedStage,
    ExplanationStage,
    Fastest,
    FirstVote,
    GetReadyStage,
    LobbyStage,
    PodiumStage,
    ReviewedRound,
    ReviewTold,
    RoundResult,
    Stage,
    Standing,
    StandingsStage,
    TalkStage,
    TeamStanding,
)
from games.room import Room, own_result
from games.rules import Given, Phase, RoomSettings
from games.scoring import Line, places, score_round, team_places
from games.store import SeatRecord, State
from lessons import explanations, pictures
from lessons.explanations import ClassAnswers, Picture
from lessons.gallery import link_to
from lessons.markdown import enriched
from lessons.questions import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    ExplanationRef,
    NumberAnswer,
    Poll,
    Question,
    SeveralRight,
    SingleChoice,
    TextAnswer,
    TrueFalse,
    WordCloud,
    folded,
    is_right,
    is_scored,
)
from lessons.shown import Link, key_view, question_view

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
        case Phase.TALK:
            view, vote = question_view(question), _vote(state)
            return Seen(TalkStage(round=round, vote=vote, question=view))
        case Phase.ASKING:
            _begin_picture(question, ClassAnswers())
            view, vote = question_view(question), _vote(state)
            return Seen(AskingStage(round=round, vote=vote, question=view))
        case Phase.CLOSED:
            return await _closed(room, state, question)
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


def _vote(state: State) -> Literal[1, 2]:
    return 2 if state.vote == 2 else 1


async def _closed(room: Room, state: State, question: Question) -> Seen:
    """Score the whole room."""
    round, store = state.round, room.store
    seated, given, first, before, limits = await asyncio.gather(
        store.read_seats(room.id),
        store.read_answers(room.id, round),
        store.read_answers(room.id, round, is_first_vote=True),
        store.read_lines(room.id),
        store.closed_rounds(room.id),
    )
    scored = room.quiz.scored_rounds
    lines = score_round(
        question, room.settings, list(seated), given, before, limits[round], scored, round
    )
    result = round_result(question, seated, given, lines, first)
    own = {player: own_result(line).model_dump_json() for player, line in lines.items()}
    _begin_picture(question, class_answers(question, result))
    stage = ClosedStage(
        round=round,
        question=question_view(question),
        result=result,
        has_standings=state.switches.has_standings,
        teams=team_standings(room.settings, seated, lines) if state.switches.has_standings else (),
    )
    return Seen(stage, own, lines, result.model_dump_json())


def round_result(
    question: Question,
    seated: Mapping[str, SeatRecord],
    given: Mapping[str, Given],
    lines: Mapping[str, Line],
    first: Mapping[str, Given],
) -> RoundResult:
    """The key, how many chose what, and who was fastest. No names but that one."""
    counted = [(player, given[player]) for player in seated if player in given]
    right = [(player, found) for player, found in counted if lines[player].is_right]
    fastest = min(right, key=lambda pair: pair[1].elapsed_ms, default=None)
    answers = [found.answer for _, found in counted]
    firsts = [first[player].answer for player in seated if player in first]
    words = _cloud(answers) if isinstance(question, WordCloud) else ()
    return RoundResult(
        **dict(key_view(question)),
        counts=_counts(question, answers),
        guesses=tuple(sorted(a.number for a in answers if isinstance(a, NumberAnswer))),
        words=words,
        players=len(seated),
        answered=len(counted),
        right_count=len(right),
        fastest=fastest
        and Fastest(nickname=seated[fastest[0]].nickname, elapsed_ms=fastest[1].elapsed_ms),
        first=FirstVote(
            counts=_counts(question, firsts),
            answered=len(firsts),
            right_count=sum(is_right(question, answer) for answer in firsts),
        )
        if firsts
        else None,
    )


def _counts(question: Question, answers: Sequence[Answer]) -> tuple[int, ...]:
    """How many chose each option; nothing where there are none to choose."""
    match question:
        case SingleChoice() | SeveralRight() | Poll():
            counts = [0] * len(question.options)
        case TrueFalse():
            counts = [0, 0]
        case _:
            return ()
    for answer in answers:
        if isinstance(answer, ChoiceAnswer):
            counts[answer.choice] += 1
        elif isinstance(answer, ChoicesAnswer):
            for choice in answer.choices:
                counts[choice] += 1
    return tuple(counts)


MOST_WORDS = 40


def _cloud(answers: Sequence[Answer]) -> tuple[CloudWord, ...]:
    """The commonest words, each as most wrote it; none that a class would giggle at."""
    written: dict[str, Counter[str]] = {}
    for answer in answers:
        if isinstance(answer, TextAnswer):
            text = " ".join(answer.text.split())
            written.setdefault(folded(text), Counter())[text] += 1
    ranked = sorted(written.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    words = (CloudWord(text=forms.most_common(1)[0][0], count=forms.total()) for _, forms in ranked)
    # Looked at last, and only as many as are shown: a large class' words would take a tenth of a second.
    return tuple(islice((word for word in words if is_decent(word.text)), MOST_WORDS))


def class_answers(question: Question, result: RoundResult) -> ClassAnswers:
    """What the class answered, as a picture may know it."""
    return ClassAnswers(
        n=result.answered,
        values=list(result.guesses),
        counts=list(result.counts),
        options=list(question_view(question).options) if result.counts else [],
    )


PICTURE_AFTER_S = 0.5
"""Once the class has been told: computing takes a core."""


def _begin_picture(question: Question, answers: ClassAnswers) -> None:
    """Have the picture computed ahead of need: it is kept by its content."""
    if ref := question.explanation:
        loop = asyncio.get_running_loop()
        loop.call_later(
            PICTURE_AFTER_S,
            lambda: loop.run_in_executor(None, _begun, ref, answers).add_done_callback(
                _log_failure
            ),
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
            logger.exception("No picture for round %s", round)
    return ExplanationStage(
        round=round,
        question=question_view(question),
        result=result,
        note=question.note,
        picture=picture,
        rich=enriched(question.note),
    )


async def review(room: Room, player: str) -> ReviewTold:
    """Every scored question that was closed, with its key and that player's own answer."""
    limits = await room.store.closed_rounds(room.id)
    given = await room.store.read_own_answers(room.id, player, limits)
    scored = room.quiz.scored_rounds
    lines: dict[str, Line] = {}
    rounds = []
    for round, limit_ms in limits.items():
        question = room.quiz.questions[round]
        own = {player: given[round]} if round in given else {}
        lines = score_round(question, room.settings, [player], own, lines, limit_ms, scored, round)
        if not is_scored(question):
            continue
        ref = question.explanation
        rounds.append(
            ReviewedRound(
                round=round,
                question=question_view(question),
                result=RoundResult(**dict(key_view(question))),
                note=question.note,
                rich=enriched(question.note),
                answer=given[round].answer if round in given else None,
                is_right=lines[player].is_right,
                points=lines[player].points,
                picture=Link(**link_to(ref)) if ref else None,
            )
        )
    return ReviewTold(rounds=tuple(rounds))


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
    return top, team_standings(room.settings, seated, lines), len(seated)


def team_standings(
    settings: RoomSettings, seated: Mapping[str, SeatRecord], lines: Mapping[str, Line]
) -> tuple[TeamStanding, ...]:
    """The teams by place, after a round; empty where nobody plays in teams."""
    team_of = {player: seat.team for player, seat in seated.items()}
    now = {player: line.total for player, line in lines.items()}
    before = {player: line.total - line.points for player, line in lines.items()}
    names, how = settings.team_names, settings.team_score
    ranks_before = {place.name: place.rank for place in team_places(names, team_of, before, how)}
    return tuple(
        TeamStanding(
            name=place.name,
            points=place.points,
            members=place.members,
            rank=place.rank,
            rank_before=ranks_before[place.name] if any(before.values()) else None,
        )
        for place in team_places(names, team_of, now, how)
    )
