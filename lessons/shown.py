"""A question as those who answer it see it: before, without its key; after, with it.

What may go to a browser is a `Message`; TypeScript's types are generated from these classes.
"""

from typing import Literal, assert_never

from pydantic import BaseModel, ConfigDict

from lessons.images import image_address
from lessons.markdown import enriched, rendered
from lessons.questions import (
    Image,
    InfoSlide,
    NumberGuess,
    OrderSteps,
    Poll,
    Question,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedNumber,
    TypedText,
    WordCloud,
    right_options,
    shown_order,
    shown_steps,
)


class Message(BaseModel):
    """Anything else than the fields named is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Link(Message):
    """Another page, such as where the picture of an idea can be explored."""

    title: str
    address: str


class Scale(Message):
    """The line a number is guessed on."""

    low: float
    high: float
    unit: str


class ImageView(Message):
    """A question's picture; `width` and `height` in pixels keep its place while it loads."""

    url: str
    alt: str
    width: int
    height: int


class QuestionView(Message):
    """A question without its key. `options` are the choices, or the steps in shuffled order."""

    kind: Literal[
        "single_choice",
        "several_right",
        "true_false",
        "typed_text",
        "typed_number",
        "number_guess",
        "order_steps",
        "poll",
        "word_cloud",
        "info_slide",
    ]
    prompt: str
    points: int
    limit_ms: int | None
    """None is until the host closes the question."""
    options: tuple[str, ...] = ()
    scale: Scale | None = None
    unit: str = ""
    """Of a typed number; a scale has its own."""
    per_option: bool = False
    body: str = ""
    """What an info slide tells."""
    image: ImageView | None = None
    rich: dict[str, str] = {}
    """For each of these texts that isn't plain: the same as HTML that is safe to show."""


class KeyView(Message):
    """What is right."""

    right: tuple[int, ...] = ()
    """Right options; for steps, the options in their right order."""
    accepted: tuple[str, ...] = ()
    number: float | None = None
    tolerance: float = 0
    rich: dict[str, str] = {}
    """As in QuestionView, for the accepted texts."""


def question_view(question: Question) -> QuestionView:
    """The one serialiser of a question for players and screens: nothing of the key is in it."""
    options: tuple[str, ...] = ()
    scale, unit, body = None, "", ""
    match question:
        case SingleChoice() | SeveralRight() | Poll():
            options = question.options
        case TrueFalse():
            options = ("True", "False")
        case OrderSteps():
            options = shown_steps(question)
        case NumberGuess():
            scale = Scale(low=question.low, high=question.high, unit=question.unit)
        case TypedNumber():
            unit = question.unit
        case InfoSlide():
            body = question.body
        case TypedText() | WordCloud():
            pass
        case _:
            assert_never(question)
    return QuestionView(
        kind=question.kind,
        prompt=question.prompt,
        points=question.points,
        limit_ms=question.limit_ms,
        options=options,
        scale=scale,
        unit=unit,
        per_option=isinstance(question, SeveralRight) and question.per_option,
        body=body,
        image=question.image and image_view(question.image),
        rich=enriched(question.prompt, *options) | ({body: rendered(body)} if body else {}),
    )


def image_view(image: Image) -> ImageView:
    return ImageView(
        url=image_address(image.file), alt=image.alt, width=image.width, height=image.height
    )


def key_view(question: Question) -> KeyView:
    """For those who have answered."""
    match question:
        case SingleChoice() | TrueFalse() | SeveralRight():
            return KeyView(right=right_options(question))
        case OrderSteps():
            shown = shown_order(question)
            return KeyView(right=tuple(shown.index(step) for step in range(len(shown))))
        case TypedText():
            return KeyView(accepted=question.accepted, rich=enriched(*question.accepted))
        case TypedNumber() | NumberGuess():
            return KeyView(number=question.right, tolerance=question.tolerance)
        case Poll() | WordCloud() | InfoSlide():
            return KeyView()
        case _:
            assert_never(question)
