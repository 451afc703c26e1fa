"""Ways in and out of lessons: one file here is one format, with `read` and `write`.

read(data: bytes) -> (LessonDraft, list[Loss])    raises Unreadable
write(draft: LessonDraft) -> (bytes, list[Loss])
"""

from typing import NamedTuple


class Loss(NamedTuple):
    """What the other side has no place for, and where it stood."""

    place: str
    dropped: str


class Unreadable(ValueError):
    """The data isn't a lesson in this format; every problem names its place."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
