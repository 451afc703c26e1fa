"""Finished games for the reports, written as the archive writes them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User

from games.archive import Facts, write_game
from games.models import Game
from games.reports.played import PlayedGame, load
from games.rules import Given, Quiz, RoomSettings
from games.store import SeatRecord
from lessons.questions import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    InfoSlide,
    NumberAnswer,
    NumberGuess,
    OrderAnswer,
    OrderSteps,
    Poll,
    Question,
    SeveralRight,
    SingleChoice,
    TextAnswer,
    TrueFalse,
    TypedNumber,
    TypedText,
    WordCloud,
    shown_order,
)

ANGLE = SingleChoice(
    prompt="Which angle do two random directions of many dimensions make?",
    options=("about 45°", "about 90°", "about 135°"),
    right=1,
    note="They pile up at a right angle.",
)
PARTS = SeveralRight(
    prompt="What is part of an MLP?",
    options=("a matrix", "a bias", "an attention head", "a ReLU"),
    right=(0, 1, 3),
    per_option=True,
)
LINEAR = TrueFalse(prompt="Two linear layers in a row are one.", right=True)
RELU = TypedText(prompt="Which function cuts negatives to zero?", accepted=("ReLU", "rectifier"))
COUNT = TypedNumber(prompt="How many layers has GPT-3?", right=96, unit="layers")
GUESS = NumberGuess(
    prompt="How many degrees?", right=90, tolerance=5, low=0, high=180, unit="°", points=2000
)
STEPS = OrderSteps(
    prompt="What comes first?", steps=("multiply", "add the bias", "ReLU", "multiply again")
)
MOOD = Poll(prompt="How was it?", options=("easy", "just right", "hard"))
CLOUD = WordCloud(prompt="What comes to mind?")
SLIDE = InfoSlide(prompt="A breath", body="Now it gets harder.")
EVERY_KIND: tuple[Question, ...] = (
    ANGLE,
    PARTS,
    LINEAR,
    RELU,
    SLIDE,
    COUNT,
    GUESS,
    STEPS,
    MOOD,
    CLOUD,
)

GivenAfter = Answer | tuple[Answer, int]
WriteGame = Callable[..., Game]


def quiz_of(*questions: Question) -> Quiz:
    return Quiz(lesson=1, slug="vectors", title="Secrets of vectors", questions=questions)


def choice(n: int) -> ChoiceAnswer:
    return ChoiceAnswer(choice=n)


def choices(*ns: int) -> ChoicesAnswer:
    return ChoicesAnswer(choices=ns)


def text(said: str) -> TextAnswer:
    return TextAnswer(text=said)


def number(n: float) -> NumberAnswer:
    return NumberAnswer(number=n)


def order(*places: int) -> OrderAnswer:
    return OrderAnswer(order=places)


def given(answer: GivenAfter) -> Given:
    """After two seconds, unless it says when (in ms)."""
    said, elapsed_ms = answer if isinstance(answer, tuple) else (answer, 2_000)
    return Given(answer=said, elapsed_ms=elapsed_ms)


@pytest.fixture
def hana(db: None) -> User:
    return User.objects.create_user("hana")


@pytest.fixture
def write(hana: User) -> WriteGame:
    """Writes a game of these questions; answers by round, then by nickname."""

    def written(
        questions: Sequence[Question],
        players: Sequence[str | SeatRecord],
        answers: Mapping[int, Mapping[str, GivenAfter]],
        first: Mapping[int, Mapping[str, GivenAfter]] | None = None,
        closed: Sequence[int] | None = None,
        room: str = "r1",
        **chosen: Any,
    ) -> Game:
        quiz = quiz_of(*questions)
        records = [p if isinstance(p, SeatRecord) else SeatRecord(p, None, p) for p in players]
        asked = [n for n, q in enumerate(questions) if not isinstance(q, InfoSlide)]
        return write_game(
            room,
            Facts(
                quiz=quiz,
                settings=RoomSettings(**chosen),
                host=hana.pk,
                seated={record.nickname: record for record in records},
                limits={
                    n: questions[n].limit_ms or 0 for n in (asked if closed is None else closed)
                },
                rounds=_given(answers),
                first_votes=_given(first or {}),
            ),
        )

    return written


@pytest.fixture
def play(write: WriteGame) -> Callable[..., PlayedGame]:
    """The same, loaded as the reports read it."""

    def played(*args: Any, **options: Any) -> PlayedGame:
        return load(write(*args, **options))

    return played


def _given(answers: Mapping[int, Mapping[str, GivenAfter]]) -> dict[int, dict[str, Given]]:
    return {n: {p: given(a) for p, a in by.items()} for n, by in answers.items()}


def class_of(
    many: int, rng: np.random.Generator, questions: Sequence[Question] = EVERY_KIND
) -> tuple[list[str], dict[int, dict[str, GivenAfter]]]:
    """So many players, each with an ability, and what they answered; the abler the more right."""
    names = [f"Player {n:04}" for n in range(many)]
    ability = rng.normal(size=many)
    answers: dict[int, dict[str, GivenAfter]] = {}
    for round, question in enumerate(questions):
        if isinstance(question, InfoSlide):
            continue
        knows = ability + rng.normal(size=many) > 0
        silent = rng.random(many) < 0.06
        ms = rng.integers(600, 19_000, many)
        answers[round] = {
            name: (_said(question, bool(knows[n]), rng), int(ms[n]))
            for n, name in enumerate(names)
            if not silent[n]
        }
    return names, answers


def _said(question: Question, knows: bool, rng: np.random.Generator) -> Answer:
    match question:
        case SingleChoice():
            n = len(question.options)
            return choice(question.right if knows else int(rng.integers(n)))
        case SeveralRight():
            return choices(*question.right) if knows else choices(int(rng.integers(4)))
        case TrueFalse():
            return choice(int(question.right != knows))
        case TypedText():
            return text(str(rng.choice(["ReLU", "the relu", "Rectifier"] if knows else WRONG)))
        case TypedNumber():
            return number(96 if knows else float(rng.choice([12, 48, 1000])))
        case NumberGuess():
            return number(float(np.clip(rng.normal(90, 3 if knows else 40), 0, 180).round()))
        case OrderSteps():
            return rightly_ordered(question) if knows else order(*rng.permutation(4).tolist())
        case Poll():
            return choice(int(rng.integers(len(question.options))))
        case _:
            return text(str(rng.choice(["vectors", "Vectors", "angles", "why", "space"])))


WRONG = ["sigmoid", "Sigmoid!", "softmax", "=1+1", "tanh", "<b>max</b>"]


def rightly_ordered(question: OrderSteps) -> OrderAnswer:
    shown = shown_order(question)
    return order(*(shown.index(step) for step in range(len(question.steps))))
