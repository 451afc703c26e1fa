"""Flashcards to flip, and to take away."""

import pydantic
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from lessons.drafts import LessonDraft
from lessons.formats import anki, cards_csv
from lessons.models import Lesson
from lessons.study.flashcards import KnowFlashcard, KnownFlashcards, deck_of
from lessons.study.learners import learner_of, learner_to_keep
from lessons.study.models import KnownCard


@require_safe
@ensure_csrf_cookie
def deck(request: HttpRequest, slug: str) -> HttpResponse:
    """All cards that this visitor may see, on one page that then needs no network."""
    lesson = _lesson(request, slug)
    cards = list(lesson.flashcards.select_related("section"))
    shown = cards[: lesson.open_to(request.user)]
    told = deck_of(lesson, shown, len(cards) - len(shown), settings.SIGN_UP_OPEN)
    context = {"lesson": lesson, "deck": told.model_dump(mode="json")}
    return render(request, "study/flashcards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def know(request: HttpRequest, slug: str) -> HttpResponse:
    """Which cards the learner knows; or that they know one, or no longer."""
    lesson = _lesson(request, slug)
    if request.method != "POST":
        learner = learner_of(request)
        known = (
            learner.known_cards.filter(flashcard__lesson=lesson)
            if learner
            else KnownCard.objects.none()
        )
        told_known = KnownFlashcards(known=tuple(known.values_list("flashcard", flat=True)))
        return JsonResponse(told_known.model_dump(), headers={"Cache-Control": "no-store"})
    try:
        told = KnowFlashcard.model_validate_json(request.body)
    except pydantic.ValidationError:
        return JsonResponse({"problem": _("That isn’t a card to know.")}, status=400)
    open_to = lesson.open_to(request.user)
    if told.flashcard not in lesson.flashcards.values_list("pk", flat=True)[:open_to]:
        return JsonResponse({"problem": _("That card is gone.")}, status=404)
    if told.is_known:
        learner = learner_to_keep(request)
        KnownCard.objects.get_or_create(learner=learner, flashcard_id=told.flashcard)
    else:
        KnownCard.objects.filter(learner=learner_of(request), flashcard=told.flashcard).delete()
    return JsonResponse({})


@require_safe
def apkg(request: HttpRequest, slug: str) -> HttpResponse:
    data, _losses = anki.write(_cards_of(request, slug), timezone.now())
    return _download(data, "application/octet-stream", f"{slug}.apkg")


@require_safe
def csv(request: HttpRequest, slug: str) -> HttpResponse:
    data, _losses = cards_csv.write(_cards_of(request, slug))
    return _download(data, "text/csv; charset=utf-8", f"{slug}-flashcards.csv")


def _lesson(request: HttpRequest, slug: str) -> Lesson:
    return get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)


def _cards_of(request: HttpRequest, slug: str) -> LessonDraft:
    """The lesson with the cards that this visitor may take away."""
    lesson = _lesson(request, slug)
    return lesson.as_draft().as_far_as(lesson.open_to(request.user))


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        data, content_type=content_type, headers={"Content-Disposition": disposition}
    )
