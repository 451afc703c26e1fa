"""Play Quiz alone: one go at a lesson's questions."""

from datetime import datetime

from lessons.models import Lesson
from lessons.shown import Message
from lessons.study.models import Learner, Run

MESSAGES: tuple[type[Message], ...] = ()


def begin_run(
    learner: Learner,
    lesson: Lesson,
    at: datetime,
    *,
    first: int | None = None,
    is_homework: bool = False,
    closes_at: datetime | None = None,
) -> Run:
    """A new run with the lesson's questions as they are now.

    first  how many of them, from the first on; None is all
    """
    raise NotImplementedError
