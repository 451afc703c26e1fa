"""What of a lesson a script is made from, and how that has changed since."""

import logging
from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext

from lessons import pictures
from lessons.drafts import LessonDraft
from lessons.models import Lesson
from lessons.questions import ExplanationRef

logger = logging.getLogger(__name__)


def for_everybody(lesson: Lesson) -> LessonDraft:
    """What a visitor without an account may see of the lesson, and so anybody who hears of it."""
    return lesson.as_draft().as_far_as(lesson.open_to(AnonymousUser()))


def changes(then: LessonDraft, now: LessonDraft) -> Sequence[str]:
    """In words, what of the lesson is another than it was when a script was made from it."""
    old = {section.title: section for section in then.sections}
    new = {section.title: section for section in now.sections}
    told = [gettext("“%s” is new.") % title for title in new if title not in old]
    told += [gettext("“%s” is gone.") % title for title in old if title not in new]
    told += [
        gettext("“%s” was edited.") % title
        for title, section in new.items()
        if title in old and section != old[title]
    ]
    if [*old] != [*new] and {*old} == {*new}:
        told.append(gettext("The sections are in another order."))
    if (then.title, then.summary, then.language) != (now.title, now.summary, now.language):
        told.append(gettext("Its title, summary or language is another."))
    if then.questions != now.questions:
        told.append(gettext("Its questions, or how many everybody may see, are others."))
    if then.flashcards != now.flashcards:
        told.append(gettext("Its flashcards, or how many everybody may see, are others."))
    return told


def caption_of(ref: ExplanationRef) -> str:
    """What a picture shows, with its numbers; nothing where it can't be computed."""
    try:
        return pictures.picture(ref.key, ref.params).caption
    except pictures.NotComputed:
        logger.exception("The podcast says nothing of the picture %s", ref.key)
        return ""
