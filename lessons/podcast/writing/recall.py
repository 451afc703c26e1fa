"""A lesson's questions as moments to think: asked aloud, and answered. English. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lessons.authoring.words import are_related, capitalised
from lessons.drafts import LessonDraft, QuestionDraft
from lessons.podcast.spoken import spoken_line
from lessons.podcast.writing.sentences import MOST_CHARACTERS, listed, word_count
from lessons.podcast.writing.wording import Wording, roots
from lessons.questions import (
    NumberGuess,
    OrderSteps,
    Question,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedNumber,
    TypedText,
    is_scored,
    right_answers,
    shown_steps,
)
from lessons.spans import Span


class Recall(NamedTuple):
    """A question of the lesson as the hosts ask and answer it."""

    asked: str
    answered: str
    span: Span
    section: str | None
    is_open: bool
    """Asked without options or a blank, as one person asks another."""
    told: float
    """How much of it, 0 to 1, the notes tell."""
    content: frozenset[str]
    """The roots of its words and of its answer's."""


LONGEST_ASKED, LONGEST_ANSWERED = 45, 52
"""In words; a phrase of the host comes before."""


def recalls(lesson: LessonDraft, notes: Mapping[str, str], wording: Wording) -> list[Recall]:
    """All questions that can be asked aloud, in order; `notes` are each section's texts."""
    known = {section: roots(text) for section, text in notes.items()}
    everything = frozenset[str]().union(*known.values())
    found = (
        _recall(draft, place, known.get(draft.section or "", everything), wording)
        for place, draft in enumerate(lesson.questions)
    )
    return [recall for recall in found if recall]


def share(of: frozenset[str], told: frozenset[str]) -> float:
    """How many of the words stand, in some form, among those that were told: 0 to 1."""
    if not of:
        return 0.0
    return sum(a in told or any(are_related(a, b) for b in told) for a in of) / len(of)


def _recall(
    draft: QuestionDraft, place: int, told: frozenset[str], wording: Wording
) -> Recall | None:
    question = draft.question
    if not is_scored(question) or question.image:
        return None
    asked, answer = _asked(question, wording), _answer(question, wording)
    note = spoken_line(question.note)
    answered = f"{answer} {note}".strip()
    if word_count(answered) > LONGEST_ANSWERED:
        answered = answer
    if word_count(asked) > LONGEST_ASKED or word_count(answered) > LONGEST_ANSWERED:
        return None
    if max(len(asked), len(answered)) > MOST_CHARACTERS:
        return None
    content = roots(f"{asked} {answer}")
    span = Span("question", place, 0, len(question.note))
    return Recall(
        asked, answered, span, draft.section, _is_open(question), share(content, told), content
    )


def _prompt(question: Question) -> str:
    prompt = spoken_line(re.sub(r"_{3,}", "“blank”", question.prompt))
    return re.sub("^“blank”", "“Blank”", prompt)


_POINTS_AT_OPTIONS = re.compile(
    r"\bwhich\b|\bof these\b|\bfollowing\b|\bbelow\b|\b(?:is|are) (?:true|right|false|wrong)\b",
    re.IGNORECASE,
)


def _is_open(question: Question) -> bool:
    match question:
        case SingleChoice() | SeveralRight():
            return not _POINTS_AT_OPTIONS.search(question.prompt) and question.prompt.endswith("?")
        case NumberGuess() | TypedNumber() | TypedText():
            return "___" not in question.prompt and question.prompt.endswith("?")
        case _:
            return False


def _asked(question: Question, wording: Wording) -> str:
    prompt = _prompt(question)
    match question:
        case TrueFalse():
            return f"True or false? {prompt}"
        case TypedText() if "___" in question.prompt:
            return f"Fill in the blank. {prompt}"
        case SingleChoice() | SeveralRight() if not _is_open(question):
            options = [spoken_line(option).rstrip(".") for option in question.options]
            return f"{prompt} {capitalised(_joined(options, 'or', wording))}?"
        case OrderSteps():
            return (
                f"{prompt} In no order, they are: {'; '.join(map(_step, shown_steps(question)))}."
            )
        case _:
            return prompt


LONGEST_OPTION_WORDS = 3


def _joined(options: Sequence[str], last: str, wording: Wording) -> str:
    """“Blue, red or green”; sentences are kept apart."""
    *others, final = options
    if others and any(word_count(option) > LONGEST_OPTION_WORDS for option in options):
        return f"{'; '.join(others)}; {last} {final}"
    return listed([wording.inside(option) for option in options], last)


def _step(step: str) -> str:
    return spoken_line(step).rstrip(" .")


def _answer(question: Question, wording: Wording) -> str:
    right = [spoken_line(text).rstrip(".") for text in right_answers(question)]
    match question:
        case TypedText():
            text = right[0]
        case OrderSteps():
            first, *middle, last = right
            text = (
                f"First: {first}. {' '.join(f'Then: {step}.' for step in middle)} And last: {last}"
            )
        case _:
            text = _joined(right, "and", wording)
    return capitalised(text if text[-1:] in "!?…" else f"{text}.")
