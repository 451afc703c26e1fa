"""How well a tutor does on questions whose answers are known.

One question per line, as JSON: `question`; `expected`, a sentence of the lesson or "unanswerable";
`also_accept`, other sentences that answer it as well.
"""

import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from lessons.tutor.tutor import Tutor

UNANSWERABLE = "unanswerable"


class Example(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    expected: str
    also_accept: tuple[str, ...] = ()

    @property
    def is_answerable(self) -> bool:
        return self.expected != UNANSWERABLE

    def is_told_by(self, text: str) -> bool:
        """Is one of the accepted sentences, or a part of one, in that text, or the other way round?"""
        return any(s in text or text in s for s in (self.expected, *self.also_accept))


class Outcome(NamedTuple):
    example: Example
    rank: int | None
    """The place of the first passage that answers it, from 0; None if there is none."""
    verdict: str
    """answered, closest or not_in_lesson"""
    is_led_right: bool
    """Is the first sentence of the answer an accepted one?"""
    is_right: bool
    """Is any of them?"""
    took_ms: float

    def is_within(self, places: int) -> bool:
        return self.rank is not None and self.rank < places


class UnreadableExamples(ValueError):
    """As text, it says which line is wrong and why."""


def read_examples(lines: Iterable[str]) -> list[Example]:
    """Raises UnreadableExamples."""
    examples = []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                examples.append(Example.model_validate_json(line))
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"])) or "the line"
            raise UnreadableExamples(f"Line {number}: {where}: {problem['msg']}.") from error
    return examples


def outcomes(tutor: Tutor, examples: Sequence[Example]) -> list[Outcome]:
    """What the tutor makes of each question, one after the other."""
    tutor.ask(examples[0].question)  # what is loaded once isn't timed
    return [_outcome(tutor, example) for example in examples]


def _outcome(tutor: Tutor, example: Example) -> Outcome:
    started = time.perf_counter()
    reply = tutor.ask(example.question)
    took_ms = (time.perf_counter() - started) * 1000
    told = [sentence.text for sentence in reply.told] if reply.type == "answered" else []
    hits = [example.is_told_by(text) for text in told]
    order = tutor.index.search(example.question).best(len(tutor.index.passages))
    ranks = (
        rank
        for rank, i in enumerate(order)
        if any(example.is_told_by(s.text) for s in tutor.index.passages[i].sentences)
    )
    return Outcome(
        example=example,
        rank=next(ranks, None) if example.is_answerable else None,
        verdict=reply.type,
        is_led_right=bool(hits) and hits[0],
        is_right=any(hits),
        took_ms=took_ms,
    )
