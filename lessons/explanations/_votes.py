"""The class' choice between 2 to 6 options, as data that a picture is computed from."""

import math
from typing import Annotated

from pydantic import Field

from lessons.explanations import ClassAnswers

Option = Annotated[str, Field(min_length=1, max_length=120)]
Options = Annotated[list[Option], Field(min_length=2, max_length=6)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Counts = Annotated[list[Count], Field(min_length=2, max_length=6)]


def require_a_count_for_each(options: list[str], counts: list[int]) -> None:
    """Raises ValueError unless every option has its count, and somebody chose something."""
    if len(counts) != len(options):
        raise ValueError(f"{len(options)} options need as many vote counts, not {len(counts)}")
    if not any(counts):
        raise ValueError("somebody must have voted")


def votes_in(answers: ClassAnswers) -> tuple[list[str], list[int]] | None:
    """What was chosen and how often; nothing where the question was of another kind, or unanswered."""
    options, counts = list(answers.options), list(answers.counts)
    fits = 2 <= len(options) <= 6 and len(counts) == len(options)
    if not fits or not any(counts) or max(counts) > 100_000:
        return None
    return options, counts


def listed(options: list[str], counts: list[int]) -> str:
    """“basketball” 17, “golf” 3"""
    return ", ".join(f"“{o}” {count:,}" for o, count in zip(options, counts, strict=True))


def percent(share: float) -> str:
    """Whole, but neither 0 nor 100 unless it is none or all."""
    if 0 < share < 0.005:
        return "less than 0.5\u00a0%"
    if 0.995 < share < 1:
        return "more than 99.5\u00a0%"
    # Halves go up, as in the browser; the little more is for halves that rounding made smaller.
    return f"{math.floor(100 * share + 0.501)}\u00a0%"


def six_digits(chance: float) -> float:
    """Rounded, but what is unlikely stays possible, and what is likely uncertain."""
    if chance > 0.5:
        return round(1 - float(f"{1 - chance:.6g}"), 12)
    return float(f"{chance:.6g}")
