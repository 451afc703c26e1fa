"""What the two hosts say: the script that a teacher reads, edits and approves. Pure."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lessons.spans import Span

Speaker = Literal["a", "b"]
"""a asks and sums up, b explains."""

LONGEST_TURN = 1000
MOST_TURNS = 2000


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Frozen):
    """What one host says in one go."""

    speaker: Speaker
    text: str = Field(min_length=1, max_length=LONGEST_TURN)
    """To be read and to be spoken: plain, without Markdown, formulas in words."""
    span: Span | None = None
    """What in the lesson it rests on; None where a host only leads on."""


class Chapter(_Frozen):
    title: str = Field(min_length=1, max_length=120)
    section: int | None = None
    """Which of the lesson's sections, from 0; None for the opening and the end."""
    turns: tuple[Turn, ...] = Field(min_length=1)


class Script(_Frozen):
    language: str = "en"
    chapters: tuple[Chapter, ...] = Field(min_length=1)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All of them, in order."""
        return tuple(turn for chapter in self.chapters for turn in chapter.turns)
