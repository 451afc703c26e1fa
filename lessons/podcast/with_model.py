"""A script that a language model writes: a stand-in."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from lessons.drafts import LessonDraft
from lessons.podcast.script import Script
from lessons.podcast.writing import script_of


class _Chapter(BaseModel):
    turns: list[Any]


def script_by_model(
    draft: LessonDraft, ask: Any, on_chapter: Callable[..., None] | None = None
) -> Script:
    for _section in draft.sections:
        ask("Write a chapter.", draft.title, _Chapter)
        if on_chapter:
            on_chapter()
    return script_of(draft)
