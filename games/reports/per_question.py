"""How the class did on each question."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple, assert_never

from games.models import Game, PlayerAnswer
from games.protocol import QuestionView, question_view
from games.rules import Quiz
from lessons.questions import (
    NumberGuess,
    OrderSteps,
    Question,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedText,
)

MOST_LISTED = 12


@dataclass(frozen=True)
class Option:
    """One answer that was given, or could have been chosen, and how often."""

    text: str
    count: int
    is_right: bool


class Row(NamedTuple):
    """A question; the percentage is of all players, also those who didn't answer."""

    number: int
    prompt: str
    kind: str
    right_percent: int
    answered: int
    mean_seconds: float | None
    options: list[Option]


def compute(game: Game) -> list[Row]:
    """In the order they were asked; those that weren't reached are left out."""
    quiz = Quiz.model_validate(game.quiz)
    players = game.players.count()
    by_round: dict[int, list[PlayerAnswer]] = {round: [] for round in range(game.rounds)}
    for answer in PlayerAnswer.objects.filter(player__game=game):
        by_round[answer.round].append(answer)
    rows = []
    for round, answers in by_round.items():
        question = quiz.questions[round]
        right = sum(answer.is_right for answer in answers)
        seconds = [answer.elapsed_ms / 1000 for answer in answers]
        rows.append(
            Row(
                number=round + 1,
                prompt=question.prompt,
                kind=question.kind,
                right_percent=_rounded(100 * right, players),
                answered=len(answers),
                mean_seconds=sum(seconds) / len(seconds) if seconds else None,
                options=_options(question, answers),
            )
        )
    return rows


def _rounded(part: int, whole: int) -> int:
    """The quotient to the nearest whole number; 0 of nothing."""
    return (2 * part + whole) // (2 * whole) if whole else 0


def _options(question: Question, answers: list[PlayerAnswer]) -> list[Option]:
    """Each option offered, in order; else each answer given, the commonest first."""
    view = question_view(question)
    match question:
        case SingleChoice() | TrueFalse() | SeveralRight():
            counts = Counter(choice for answer in answers for choice in _choices(answer.answer))
            key = _key(question)
            return [Option(text, counts[i], i in key) for i, text in enumerate(view.options)]
        case TypedText() | NumberGuess() | OrderSteps():
            given = Counter((_said(answer.answer, view), answer.is_right) for answer in answers)
            return [Option(text, n, right) for (text, right), n in given.most_common(MOST_LISTED)]
        case _:
            assert_never(question)


def _key(question: SingleChoice | TrueFalse | SeveralRight) -> set[int]:
    match question:
        case SingleChoice():
            return {question.right}
        case TrueFalse():
            return {0 if question.right else 1}
        case SeveralRight():
            return set(question.right)
        case _:
            assert_never(question)


def _choices(answer: dict[str, Any]) -> list[int]:
    return answer["choices"] if answer["kind"] == "choices" else [answer["choice"]]


def _said(answer: dict[str, Any], view: QuestionView) -> str:
    """A typed, guessed or ordered answer as text."""
    if answer["kind"] == "order":
        return " → ".join(view.options[place] for place in answer["order"])
    if answer["kind"] == "number":
        return f"{answer['number']:g}{view.scale.unit if view.scale else ''}"
    return str(answer["text"])
