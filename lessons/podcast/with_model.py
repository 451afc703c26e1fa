"""A script that a language model writes: a stand-in."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel

from lessons.drafts import LessonDraft
from lessons.language_model import ModelFailed
from lessons.podcast.script import Script
from lessons.podcast.writing import script_of


class Written(NamedTuple):
    problem: str


class _Chapter(BaseModel):
    turns: list[Any]


def script_by_model(draft: LessonDraft, ask: Any, on_chapter: Callable[[Written], None]) -> Script:
    for _section in draft.sections:
        problem = ""
        try:
            ask("Write a chapter.", draft.title, _Chapter)
        except ModelFailed as error:
            problem = str(error)
        on_chapter(Written(problem))
    return script_of(draft)
