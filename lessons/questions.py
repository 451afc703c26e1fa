"""The kinds of question, the answers one can give, and what a right answer is. Pure: no database, no clock.

A question here carries its key (right options, accepted texts, ...). What a player may see of it
before the bell is `lessons.shown.question_view`.
"""

import hashlib
import random
import re
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
    ValidationInfo,
    field_validator,
    model_validator,
)
from rapidfuzz.distance import OSA

# All of Unicode's control characters but tab and line feed. Searching tidies every question there is.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")


def tidy(text: object) -> object:
    """The text without surrounding space and control characters; its lines end in one way."""
    if not isinstance(text, str):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", lines).strip()


def storable(text: object) -> object:
    """The text without control characters: PostgreSQL keeps no zero, and a game with one nowhere."""
    return _CONTROL.sub("", text) if isinstance(text, str) else text


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
ChoiceQuestion = TypeVar("ChoiceQuestion", bound="SingleChoice | SeveralRight | Poll")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExplanationRef(_Frozen):
    """Which picture follows the question, and with which parameters."""

    key: str
    params: dict[str, Any] = {}


class Image(_Frozen):
    """An uploaded picture, named by its content, and what it shows in words."""

    file: str = Field(pattern=r"^[0-9a-f]{32}\.webp$")
    alt: Line = Field(min_length=1, max_length=300)
    width: int = Field(ge=1, le=4000)
    height: int = Field(ge=1, le=4000)


class _Question(_Frozen):
    """Texts are Markdown on one line, with LaTeX between dollar signs."""

    prompt: Text = Field(min_length=1, max_length=500)
    image: Image | None = None
    limit_ms: Annotated[int, Field(ge=5_000, le=240_000)] | None = 20_000
    """None is until the host closes the question, or all have answered."""
    points: Literal[0, 1000, 2000] = 1000
    explanation: ExplanationRef | None = None
    note: Text = Field(default="", max_length=500)
    """A sentence or two shown with the right answer."""


class SingleChoice(_Question):
    kind: Literal["single_choice"] = "single_choice"
    options: Options
    right: Index
    also_right: Annotated[tuple[Index, ...], AfterValidator(_ascending)] = ()
    """Found to be right as well when a played game was regraded; lessons have one right option."""

    @model_validator(mode="after")
    def _right_is_an_option(self) -> "SingleChoice":
        right = (self.right, *self.also_right)
        if max(right) >= len(self.options) or len(set(right)) < len(right):
            raise ValueError("the right answer must be one of the options")
        return _with_distinct_options(self)


class SeveralRight(_Question):
    kind: Literal["several_right"] = "several_right"
    options: Options
    right: Annotated[tuple[Index, ...], AfterValidator(_ascending)] = Field(min_length=1)
    per_option: bool = False
    """Each right option earns its part and each wrong one takes one, instead of all or nothing."""

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
    typos: bool = False
    """A slip of the finger in a long word still counts."""

    @model_validator(mode="after")
    def _accepted_can_be_typed(self) -> "TypedText":
        if not all(folded(text) for text in self.accepted):
            raise ValueError("an accepted answer needs a letter or a digit")
        return self


class TypedNumber(_Question):
    """A number that one works out."""

    kind: Literal["typed_number"] = "typed_number"
    right: FiniteFloat
    tolerance: FiniteFloat = Field(default=0, ge=0)
    unit: Line = Field(default="", max_length=20)


class NumberGuess(_Question):
    """A number guessed on a scale."""

    kind: Literal["number_guess"] = "number_guess"
    right: FiniteFloat
    tolerance: FiniteFloat = Field(ge=0)
    low: FiniteFloat
    high: FiniteFloat
    unit: Line = Field(default="", max_length=20)
    zero_at: FiniteFloat | None = None
    """How far off earns nothing; from the tolerance to there, points fall evenly. None: at once."""

    @model_validator(mode="after")
    def _right_is_on_the_scale(self) -> "NumberGuess":
        if not self.low <= self.right <= self.high or self.low == self.high:
            raise ValueError("the right number must lie between low and high")
        return self

    @field_validator("zero_at")
    @classmethod
    def _points_fall_beyond_the_tolerance(
        cls, zero_at: float | None, info: ValidationInfo
    ) -> float | None:
        if zero_at is not None and zero_at <= info.data.get("tolerance", 0):
            raise ValueError("points must fall to zero beyond the tolerance")
        return zero_at


class OrderSteps(_Question):
    """`steps` stand in the right order; players see them in `shown_order`."""

    kind: Literal["order_steps"] = "order_steps"
    steps: tuple[Option, ...] = Field(min_length=3, max_length=6)

    @model_validator(mode="after")
    def _steps_differ(self) -> "OrderSteps":
        if len(set(self.steps)) < len(self.steps):
            raise ValueError("two steps are the same")
        return self


class Poll(_Question):
    """What do you think? Nothing is right."""

    kind: Literal["poll"] = "poll"
    options: Options
    points: Literal[0] = 0

    @model_validator(mode="after")
    def _options_differ(self) -> "Poll":
        return _with_distinct_options(self)


class WordCloud(_Question):
    """What comes to mind? A word or two from everyone."""

    kind: Literal["word_cloud"] = "word_cloud"
    points: Literal[0] = 0


class InfoSlide(_Question):
    """Something to tell between two questions. Its prompt is its title; nobody answers."""

    kind: Literal["info_slide"] = "info_slide"
    body: Text = Field(default="", max_length=1000)
    """Markdown."""
    points: Literal[0] = 0
    limit_ms: Annotated[int, Field(ge=5_000, le=240_000)] | None = None


Question = Annotated[
    SingleChoice
    | SeveralRight
    | TrueFalse
    | TypedText
    | TypedNumber
    | NumberGuess
    | OrderSteps
    | Poll
    | WordCloud
    | InfoSlide,
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
    text: Annotated[str, BeforeValidator(storable)] = Field(min_length=1, max_length=200)


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


LONGEST_CLOUD_WORD = 30


UNSCORED_KINDS = frozenset({"poll", "word_cloud", "info_slide"})
"""Nothing is right and nothing wrong about these."""


def is_scored(question: Question) -> bool:
    """Is there something right and something wrong about it?"""
    return question.kind not in UNSCORED_KINDS


def is_asked(question: Question) -> bool:
    """Does one answer it?"""
    return not isinstance(question, InfoSlide)


def fits(question: Question, answer: Answer) -> bool:
    """Is that an answer one could give to this question, right or wrong?"""
    match question, answer:
        case ((SingleChoice() | Poll()), ChoiceAnswer()):
            return answer.choice < len(question.options)
        case TrueFalse(), ChoiceAnswer():
            return answer.choice < 2
        case SeveralRight(), ChoicesAnswer():
            chosen = answer.choices
            return max(chosen) < len(question.options) and len(set(chosen)) == len(chosen)
        case TypedText(), TextAnswer():
            return folded(answer.text) != ""
        case WordCloud(), TextAnswer():
            return folded(answer.text) != "" and len(answer.text) <= LONGEST_CLOUD_WORD
        case TypedNumber(), NumberAnswer():
            return True
        case NumberGuess(), NumberAnswer():
            return question.low <= answer.number <= question.high
        case OrderSteps(), OrderAnswer():
            return sorted(answer.order) == list(range(len(question.steps)))
        case _:
            return False


FULL_CREDIT = 60_000
"""Of a right answer. Every part that an option can be, up to a sixth, is a whole number of it."""


def credit(question: Question, answer: Answer) -> int:
    """How much of a right answer this answer, which `fits`, is: from 0 to FULL_CREDIT."""
    match question, answer:
        case SingleChoice(), ChoiceAnswer():
            return _whole(answer.choice in right_options(question))
        case TrueFalse(), ChoiceAnswer():
            return _whole((answer.choice == 0) == question.right)
        case SeveralRight(per_option=False), ChoicesAnswer():
            return _whole(set(answer.choices) == set(question.right))
        case SeveralRight(), ChoicesAnswer():
            hit = len(set(answer.choices) & set(question.right))
            missed = len(answer.choices) - hit
            return max(0, hit - missed) * FULL_CREDIT // len(question.right)
        case TypedText(), TextAnswer():
            return _whole(_is_accepted(question, answer.text))
        case ((TypedNumber() | NumberGuess()), NumberAnswer()):
            return _closeness(question, answer.number)
        case OrderSteps(), OrderAnswer():
            shown = shown_order(question)
            return _whole([shown[i] for i in answer.order] == list(range(len(question.steps))))
        case _:
            return 0


def is_right(question: Question, answer: Answer) -> bool:
    """Did this answer, which `fits`, hit the whole key?"""
    return credit(question, answer) == FULL_CREDIT


def _whole(is_hit: bool) -> int:
    return FULL_CREDIT if is_hit else 0


def _closeness(question: "TypedNumber | NumberGuess", number: float) -> int:
    """Full within the tolerance, then falling evenly to nothing at `zero_at`."""
    off = abs(number - question.right)
    # The slack is for binary fractions: 0.3 is within 0.1 of 0.2.
    if off <= question.tolerance + 1e-9 * max(1.0, abs(question.right)):
        return FULL_CREDIT
    if isinstance(question, TypedNumber) or question.zero_at is None:
        return 0
    part = (question.zero_at - off) / (question.zero_at - question.tolerance)
    # Below full, however close: right is only what lies within the tolerance.
    return min(FULL_CREDIT - 1, max(0, round(FULL_CREDIT * part)))


def _is_accepted(question: TypedText, text: str) -> bool:
    given = folded(text)
    accepted = {folded(other) for other in question.accepted}
    if given in accepted:
        return True
    return question.typos and any(
        OSA.distance(given, other) <= _slips_allowed(other) for other in accepted
    )


def _slips_allowed(text: str) -> int:
    """None in a short word or where a digit would change it, one from five letters, two from nine."""
    if any(c.isdigit() for c in text):
        return 0
    return 0 if len(text) < 5 else 1 if len(text) < 9 else 2


def right_options(question: Question) -> tuple[int, ...]:
    """Which of the options are right; none where nothing is, or nothing is chosen."""
    match question:
        case SingleChoice():
            return (question.right, *question.also_right)
        case TrueFalse():
            return (0 if question.right else 1,)
        case SeveralRight():
            return question.right
        case _:
            return ()


def right_answers(question: Question) -> tuple[str, ...]:
    """The key in words: the right options, the accepted texts, the number, or the steps in order."""
    match question:
        case SingleChoice():
            return tuple(question.options[i] for i in right_options(question))
        case SeveralRight():
            return tuple(question.options[i] for i in sorted(question.right))
        case TrueFalse():
            return ("True",) if question.right else ("False",)
        case TypedText():
            return question.accepted
        case TypedNumber() | NumberGuess():
            return (measured(question.right, question.unit),)
        case OrderSteps():
            return question.steps
        case Poll() | WordCloud() | InfoSlide():
            return ()
        case _:
            assert_never(question)


def measured(number: float, unit: str) -> str:
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


def shown_steps(question: OrderSteps) -> tuple[str, ...]:
    """The steps as players see them."""
    return tuple(question.steps[i] for i in shown_order(question))


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
