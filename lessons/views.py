"""Pages of lessons."""

import itertools
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lessons import faces, images, pictures, search
from lessons.gallery import link_to
from lessons.markdown import inline, rendered
from lessons.models import Excerpt, Flashcard, Lesson, Part, Question, Section
from lessons.podcast.listening import heard
from lessons.questions import (
    InfoSlide,
    OrderSteps,
    Poll,
    SeveralRight,
    SingleChoice,
    TrueFalse,
    TypedText,
    is_asked,
    is_scored,
    right_answers,
    shown_steps,
)
from lessons.study.learners import learner_of, locked_lessons
from lessons.study.queue import Counts, counts
from lessons.throttles import SEARCHES, address_of, too_many

LONGEST_QUERY = 200
logger = logging.getLogger(__name__)


@require_safe
def lesson_list(request: HttpRequest) -> HttpResponse:
    """Published lessons, and one's own drafts; or what is found in them."""
    lessons = Lesson.objects.visible_to(request.user)
    asked = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    if asked:
        if wait_s := SEARCHES.wait_s(address_of(request)):
            return too_many(request, wait_s)
        SEARCHES.count(address_of(request))
        readable = lessons.exclude(pk__in=locked_lessons(request))
        found = search.find(asked, search.texts_of(readable, request.user))
        return render(request, "lessons/found.html", {"asked": asked, "found": found})
    return render(request, "lessons/lesson_list.html", {"lessons": lessons.with_counts()})


@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """One lesson to study: its modes, questions with answers, flashcards, notes with their pictures."""
    found = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    questions = list(found.questions_in_order())
    cards = list(found.flashcards.all())
    open_to = found.open_to(request.user)
    open_questions, open_cards = questions[:open_to], cards[:open_to]
    parts: list[Excerpt] = [*open_questions, *open_cards]
    sections = [told(section, parts) for section in found.sections.all()]
    shown = [
        asked(question, is_open=at < len(open_questions)) for at, question in enumerate(questions)
    ]
    numbers = itertools.count(1)
    for question in shown:
        question["number"] = next(numbers) if question["is_asked"] else None
    due = due_in(request, found)
    podcast = heard(found, request.user)
    return render(
        request,
        "lessons/lesson.html",
        {
            "lesson": found,
            "may_edit": request.user.is_staff
            and (request.user.is_superuser or found.owner_id == request.user.pk),
            "sections": sections,
            "has_pictures": any(section["picture"] for section in sections),
            "questions": shown,
            "asked_count": next(numbers) - 1,
            "has_answers": any(q["is_scored"] and q["is_open"] for q in shown),
            "has_hidden_answers": any(q["is_scored"] and not q["is_open"] for q in shown),
            "flashcards": [
                shown_card(card, is_open=at < len(open_cards)) for at, card in enumerate(cards)
            ],
            "hidden_cards": len(cards) - len(open_cards),
            "can_be_asked": bool(sections or open_questions or open_cards),
            "podcast": podcast,
            "podcast_minutes": podcast and podcast.minutes,
            "due": due,
            "due_now": due.due + due.learning,
        },
    )


def due_in(request: HttpRequest, lesson: Lesson) -> Counts:
    """How many cards of the lesson wait for this visitor."""
    learner = learner_of(request)
    sight = lesson.open_to(request.user)
    return counts(learner, timezone.now(), lesson, sight=sight)


def told(section: Section, parts: list[Excerpt]) -> dict[str, Any]:
    """A section with its picture, and links to those of what is asked about it."""
    about = [section, *(part for part in parts if part.section_id == section.pk)]
    links = {part.explanation: link for part in reversed(about) if (link := picture_link(part))}
    picture = picture_of(section)
    if picture:
        links.pop(section.explanation)
    return {
        "title": section.title,
        "anchor": section.anchor,
        "notes": rendered(section.notes, below=3),
        "picture": picture,
        "more_pictures": list(reversed(links.values())),
    }


def picture_link(part: Part) -> dict[str, str] | None:
    """Where the picture of a part is explored."""
    ref = part.explanation_ref
    return link_to(ref) if ref else None


def picture_of(section: Section) -> dict[str, Any] | None:
    """The section's picture; None without one, or where it can't be computed."""
    ref = section.explanation_ref
    if ref is None:
        return None
    try:
        picture = pictures.picture(ref.key, ref.params)
    except pictures.NotComputed:
        logger.exception("Section %s has no picture", section.pk)
        return None
    return picture.model_dump(mode="json", by_alias=True)


def asked(question: Question, *, is_open: bool) -> dict[str, Any]:
    """A question with its answers, or what a slide tells; the bare question for who may see no more."""
    played = question.as_question()
    options: tuple[str, ...] = ()
    match played:
        case SingleChoice() | SeveralRight() | Poll():
            options = played.options
        case OrderSteps():
            options = shown_steps(played)
        case _:
            pass
    bare = {
        "anchor": f"question-{question.pk}",
        "kind": question.kind,
        "is_open": is_open,
        "is_asked": is_asked(played),
        "is_scored": is_scored(played),
        "prompt": inline(played.prompt),
        "body": rendered(played.body) if isinstance(played, InfoSlide) else "",
        "image": played.image,
        "image_address": played.image and images.image_address(played.image.file),
        "options": [inline(option) for option in options],
    }
    if not is_open:
        return bare
    answers = right_answers(played)
    if isinstance(played, TrueFalse):
        answers = (_("True") if played.right else _("False"),)
    return bare | {
        # What was typed is compared as it stands, a star in it too.
        "answers": answers if isinstance(played, TypedText) else [inline(a) for a in answers],
        "note": inline(played.note),
        "picture": picture_link(question),
    }


def shown_card(card: Flashcard, *, is_open: bool) -> dict[str, Any]:
    """A flashcard with both sides; its term alone for who may see no more."""
    bare = {"anchor": f"card-{card.pk}", "term": inline(card.term), "is_open": is_open}
    if not is_open:
        return bare
    return bare | {
        "definition": faces.lines(card.definition),
        "image": card.image,
        "image_address": card.image and images.image_address(card.image.file),
        "picture": picture_link(card),
    }


@require_safe
def kept_image(request: HttpRequest, file: str) -> HttpResponse:
    """An uploaded image. Its name is its content, so no browser need ask twice."""
    data = images.kept_bytes(file)
    if data is None:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    headers["X-Content-Type-Options"] = "nosniff"
    return HttpResponse(data, content_type="image/webp", headers=headers)
