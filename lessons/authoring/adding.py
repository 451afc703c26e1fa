"""A text becomes a lesson, or more sections of one."""

from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from lessons.authoring.uploads import LONGEST_TITLE, MOST_SECTIONS
from lessons.drafts import SectionDraft
from lessons.models import Lesson, Section

LONGEST_SLUG = 80


class TooMany(Exception):
    """The lesson can't take that many sections, in words."""


@transaction.atomic
def new_lesson(title: str, language: str, sections: Sequence[SectionDraft], owner: User) -> Lesson:
    """An unpublished lesson of these notes."""
    lesson = Lesson.objects.create(
        slug=_free_slug(title), title=title, language=language, owner=owner
    )
    add_sections(lesson, sections)
    return lesson


@transaction.atomic
def add_sections(lesson: Lesson, sections: Sequence[SectionDraft]) -> None:
    """At its end, each under a title of its own. Raises TooMany."""
    used = set(lesson.sections.values_list("title", flat=True))
    if len(used) + len(sections) > MOST_SECTIONS:
        raise TooMany(
            gettext("A lesson has at most %(most)d sections, and this one has %(there)d already.")
            % {"most": MOST_SECTIONS, "there": len(used)}
        )
    for section in sections:
        title = next(name for name in _numbered(section.title, LONGEST_TITLE) if name not in used)
        used.add(title)
        Section.objects.create(lesson=lesson, title=title, notes=section.notes)


def _free_slug(title: str) -> str:
    names = _numbered(slugify(title) or "lesson", LONGEST_SLUG, "-{}")
    return next(name for name in names if not Lesson.objects.filter(slug=name).exists())


def _numbered(name: str, longest: int, form: str = " ({})") -> Iterator[str]:
    """The name, then the same with 2, 3, … after it, never longer than that."""
    yield name[:longest]
    number = 2
    while True:
        end = form.format(number)
        yield name[: longest - len(end)] + end
        number += 1
