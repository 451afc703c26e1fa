"""Flashcards: flip, shuffle, know."""

from lessons.shown import Message

MESSAGES: tuple[type[Message], ...] = ()
