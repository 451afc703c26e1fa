"""Flashcards as a table (RFC 4180): front, back and section of each, for spreadsheets and Quizlet.

Texts are as their author wrote them, in Markdown and LaTeX. A cloze text has a row for each of its
numbers, the gap as a blank on its front. The first bytes say UTF-8 (a byte order mark), without
which Excel takes the file for its own country's letters.
"""

import csv
import io

from django.utils.translation import gettext

from lessons.cloze import asked, cloze_numbers, without_braces
from lessons.drafts import CardDraft, LessonDraft
from lessons.formats import Loss
from lessons.spreadsheets import inert


def write(draft: LessonDraft) -> tuple[bytes, list[Loss]]:
    """The lesson's cards; what else is in it stays here, and so do pictures."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([gettext("Front"), gettext("Back"), gettext("Section")])
    for card in draft.flashcards:
        table.writerows([inert(cell) for cell in row] for row in _rows(card))
    losses = [
        Loss(f"flashcard {n}", "its image")
        for n, card in enumerate(draft.flashcards, start=1)
        if card.image
    ]
    return text.getvalue().encode("utf-8-sig"), losses


def _rows(card: CardDraft) -> list[list[str]]:
    section = card.section or ""
    numbers = cloze_numbers(card.definition)
    if not numbers:
        return [[card.term, card.definition, section]]
    filled = without_braces(card.definition)
    return [[f"{card.term}: {asked(card.definition, n)}", filled, section] for n in numbers]
