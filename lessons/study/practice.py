"""Play Quiz alone: one go at a lesson's questions."""

from lessons.shown import Message

MESSAGES: tuple[type[Message], ...] = ()
