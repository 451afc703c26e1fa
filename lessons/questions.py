"""The kinds of question, the answers one can give, and what a right answer is. Pure: no database, no clock.

A question here carries its key (right options, accepted texts, ...). What a player may see of it
before the bell is `games.protocol.question_view`.
"""

import hashlib
import random
import unicodedata
from typing import Annotated, Any, Literal, TypeVar, assert_never

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    TypeAdapter,
    model_validator,
)


def tidy(text: object) -> object:
    """The text without surrounding space and control characters; its lines end in one way."""
    if not isinstance(text, str):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def on_one_line(text: object) -> object:
    """The tidy text with every run of white space, line ends among them, as a single space."""
    tidied = tidy(text)
    return " ".join(tidied.split()) if isinstance(tidied, str) else tidied


def _ascending(indices: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(indices))


Text = Annotated[str, BeforeValidator(tidy)]
Line = Annotated[str, BeforeValidator(on_one_line)]
Option = Annotated[str, Field(min_length=1, max_length=120), BeforeValidator(on_one_line)]
Options = Annotated[tuple[Option, ...], Field(min_length=2, max_length=6)]
Index = Annotated[int, Field(ge=0, le=5)]
ChoiceQuestion = TypeVar("ChoiceQuestion", bound="SingleChoice | SeveralRight")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExplanationRef(_Frozen):
    """Which picture follows the question, and with which parameters."""

    key: str
    params: dict[str, Any] = {}


class _Question(_Frozen):
    prompt: Text = Field(min_length=1, max_length=500)
    limit_ms: int = Field(default=20_000, ge=5_000, le=240_000)
    points: Literal[0, 1000, 2000] = 1000
    explanation: ExplanationRef | None = None
    note: Text = Field(default="", max_length=500)
    """A sentence or two shown with the right answer."""


class SingleChoice(_Question):
    kind: Literal["single_choice"] = "single_choice"
    options: Options
    right: Index

    @model_validator(mode="after")
    def _right_is_an_option(self) -> "SingleChoice":
        if self.right >= len(self.options):
            raise ValueError("the right answer must be one of the options")
        return _with_distinct_options(self)


class SeveralRight(_Question):
    kind: Literal["several_right"] = "several_right"
    options: Options
    right: Annotated[tuple[Index, ...], AfterValidator(_ascending)] = Field(min_length=1)

    @model_validator(mode="after")
    def _right_are_options(self) -> "SeveralRight":
        if max(self.right) >= len(self.options) or len(set(self.right)) < len(self.right):
            raise ValueError("the right answers must be different options")
        return _with_distinct_options(self)


class TrueFalse(_Question):
    """Answered as a choice: 0 is true, 1 is false."""

    kind: Literal["true_false"] = "true_false"
    right: bool


class TypedText(_Question):
    kind: Literal["typed_text"] = "typed_text"
    accepted: tuple[Option, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _accepted_can_be_typed(self) -> "TypedText":
        if not all(folded(text) for text in self.accepted):
            raise ValueError("an accepted answer needs a letter or a digit")
        return self


class NumberGuess(_Question):
    kind: Literal["number_guess"] = "number_guess"
    right: FiniteFloat
    tolerance: FiniteFloat = Field(ge=0)
    low: FiniteFloat
    high: FiniteFloat
    unit: Line = Field(default="", max_length=20)

    @model_validator(mode="after")
    def _right_is_on_the_scale(self) -> "NumberGuess":
        if not self.low <= self.right <= self.high or self.low == self.high:
            raise ValueError("the right number must lie between low and high")
        return self


class OrderSteps(_Question):
    """`steps` stand in the right order; players see them in `shown_order`."""

    kind: Literal["order_steps"] = "order_steps"
    steps: tuple[Option, ...] = Field(min_length=3, max_length=6)

    @model_validator(mode="after")
    def _steps_differ(self) -> "OrderSteps":
        if len(set(self.steps)) < len(self.steps):
            raise ValueError("two steps are the same")
        return self


Question = Annotated[
    SingleChoice | SeveralRight | TrueFalse | TypedText | NumberGuess | OrderSteps,
    Field(discriminator="kind"),
]
any_question: TypeAdapter[Question] = TypeAdapter(Question)


class ChoiceAnswer(_Frozen):
    kind: Literal["choice"] = "choice"
    choice: Index


class ChoicesAnswer(_Frozen):
    kind: Literal["choices"] = "choices"
    choices: tuple[Index, ...] = Field(min_length=1, max_length=6)


class TextAnswer(_Frozen):
    kind: Literal["text"] = "text"
    text: str = Field(min_length=1, max_length=200)


class NumberAnswer(_Frozen):
    kind: Literal["number"] = "number"
    number: FiniteFloat


class OrderAnswer(_Frozen):
    """Positions in the list as it was shown, in the order the player put them."""

    kind: Literal["order"] = "order"
    order: tuple[Index, ...] = Field(min_length=3, max_length=6)


Answer = Annotated[
    ChoiceAnswer | ChoicesAnswer | TextAnswer | NumberAnswer | OrderAnswer,
    Field(discriminator="kind"),
]


def fits(question: Question, answer: Answer) -> bool:
    """Is that an answer one could give to this question, right or wrong?"""
    match question, answer:
        case SingleChoice(), ChoiceAnswer():
            return answer.choice < len(question.options)
        case TrueFalse(), ChoiceAnswer():
            return answer.choice < 2
        case SeveralRight(), ChoicesAnswer():
            chosen = answer.choices
            return max(chosen) < len(question.options) and len(set(chosen)) == len(chosen)
        case TypedText(), TextAnswer():
            return folded(answer.text) != ""
        case NumberGuess(), NumberAnswer():
            return question.low <= answer.number <= question.high
        case OrderSteps(), OrderAnswer():
            return sorted(answer.order) == list(range(len(question.steps)))
        case _:
            return False


def is_right(question: Question, answer: Answer) -> bool:
    """Did this answer, which `fits`, hit the key? Several right options count all or nothing."""
    match question:
        case SingleChoice():
            return isinstance(answer, ChoiceAnswer) and answer.choice == question.right
        case TrueFalse():
            return isinstance(answer, ChoiceAnswer) and (answer.choice == 0) == question.right
        case SeveralRight():
            return isinstance(answer, ChoicesAnswer) and set(answer.choices) == set(question.right)
        case TypedText():
            return isinstance(answer, TextAnswer) and folded(answer.text) in {
                folded(text) for text in question.accepted
            }
        case NumberGuess():
            # The slack is for binary fractions: 0.3 is within 0.1 of 0.2.
            reach = question.tolerance + 1e-9 * max(1.0, abs(question.right))
            return isinstance(answer, NumberAnswer) and abs(answer.number - question.right) <= reach
        case OrderSteps():
            shown = shown_order(question)
            return isinstance(answer, OrderAnswer) and [shown[i] for i in answer.order] == list(
                range(len(question.steps))
            )
        case _:
            assert_never(question)


def right_answers(question: Question) -> tuple[str, ...]:
    """The key in words: the right options, the accepted texts, the number, or the steps in order."""
    match question:
        case SingleChoice():
            return (question.options[question.right],)
        case SeveralRight():
            return tuple(question.options[i] for i in sorted(question.right))
        case TrueFalse():
            return ("True",) if question.right else ("False",)
        case TypedText():
            return question.accepted
        case NumberGuess():
            return (_measured(question.right, question.unit),)
        case OrderSteps():
            return question.steps
        case _:
            assert_never(question)


def _measured(number: float, unit: str) -> str:
    """A number and its unit, apart unless the unit is a sign such as ° or %."""
    space = " " if unit[:1].isalnum() else ""
    return f"{number:.12g}{space}{unit}"


def shown_order(question: OrderSteps) -> tuple[int, ...]:
    """Which step stands at each place of the list that players see: shuffled, never already right."""
    # Seeded by the content, so that every process and a resumed phone show the same list.
    seed = hashlib.sha256("\n".join(question.steps).encode()).digest()
    order = list(range(len(question.steps)))
    chance = random.Random(seed)
    while order == sorted(order):
        chance.shuffle(order)
    return tuple(order)


def folded(text: str) -> str:
    """What two typed answers are compared by: no case, accents of width, punctuation or article.

    NFKC, case fold, hyphens and punctuation to spaces, one leading "a", "an" or "the" dropped.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    spaced = "".join(_kept(c) for c in plain)
    words = spaced.split()
    if len(words) > 1 and words[0] in {"a", "an", "the"}:
        words = words[1:]
    return " ".join(words)


def _kept(character: str) -> str:
    """The character itself, nothing for an invisible one, a space for punctuation."""
    category = unicodedata.category(character)
    if category in {"Cf", "Cc"} and not character.isspace():
        return ""
    # A minus or a decimal point would change a number, but numbers have a kind of their own.
    return " " if category[0] in "PZ" or character.isspace() else character


def _with_distinct_options(question: ChoiceQuestion) -> ChoiceQuestion:
    if len({option.strip() for option in question.options}) < len(question.options):
        raise ValueError("two options are the same")
    return question
