"""Spaced repetition: its two pages, and what their script asks while cards go by."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Literal, TypeVar

import pydantic
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, ConfigDict, Field

from lessons.faces import face_of
from lessons.markdown import inline
from lessons.models import Excerpt, Flashcard, Lesson, Question
from lessons.questions import UNSCORED_KINDS, Image, TypedText, is_scored
from lessons.shown import Link, image_view, key_view, question_view
from lessons.study import spaced_repetition
from lessons.study.learners import learner_of, learner_to_keep, locked_lessons
from lessons.study.models import Learner, Memory, Review, check_zone
from lessons.study.queue import Waiting, queue
from lessons.study.scheduling import Rating, State, intervals
from lessons.study.spaced_repetition import (
    AskedCard,
    AskedFace,
    AskedQuestion,
    CountsView,
    Finished,
    Item,
    RatedElsewhere,
    Turn,
)
from lessons.views import picture_link

LONGEST_MS = 10 * 60 * 1000
"""Who was at lunch in between didn't think that long."""


@require_safe
@ensure_csrf_cookie
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """The cards of one lesson."""
    found = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    return _page(request, found)


@require_safe
@ensure_csrf_cookie
def due(request: HttpRequest) -> HttpResponse:
    """All cards of the lessons that the learner has begun."""
    return _page(request, None)


class Refused(Exception):
    """No, in words for the learner."""

    def __init__(self, problem: str, status: int) -> None:
        super().__init__(problem)
        self.status = status


View = Callable[[HttpRequest], Turn]


def answers_with_json(view: View) -> Callable[[HttpRequest], HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            response = JsonResponse(view(request).model_dump(mode="json"))
        except Refused as refused:
            response = JsonResponse({"problem": str(refused)}, status=refused.status)
        response["Cache-Control"] = "no-store"
        return response

    return answer


@require_safe
@answers_with_json
def next_card(request: HttpRequest) -> Turn:
    return _turn(request, _lesson(request, request.GET.get("lesson")), timezone.now())


class About(BaseModel):
    """What the page's script asks; `lesson` is the one its page is about, None all of them."""

    model_config = ConfigDict(extra="forbid")
    lesson: str | None = Field(default=None, max_length=80)


class Rated(About):
    card: str = Field(max_length=60)
    rating: int = Field(ge=1, le=4)
    seen: int = Field(ge=0)
    duration_ms: int = Field(ge=0)
    zone: str = Field(default="UTC", max_length=60)
    """The browser's."""


@require_POST
@answers_with_json
def rate(request: HttpRequest) -> Turn:
    told, now = _read(request, Rated), timezone.now()
    lesson = _lesson(request, told.lesson)
    item = _item(request, told.card)
    learner = _learner_in(request, told.zone)
    duration_ms = min(told.duration_ms, LONGEST_MS)
    try:
        memory = spaced_repetition.rate(
            learner, item, Rating(told.rating), now, duration_ms, told.seen
        )
    except RatedElsewhere:
        raise Refused(_("This card was rated already. Here is what comes next."), 409) from None
    turn = _turn(request, lesson, now)
    if not memory.is_suspended:
        return turn
    part = memory.flashcard or memory.question
    return turn.model_copy(
        update={
            "leech": _(
                "You have forgotten this card %d times, so it is set aside. "
                "Read about it again, or bring it back from its page."
            )
            % memory.lapses,
            "leech_notes": part and _notes(part),
        }
    )


@require_POST
@answers_with_json
def undo(request: HttpRequest) -> Turn:
    told, now = _read(request, About), timezone.now()
    lesson = _lesson(request, told.lesson)
    learner = learner_of(request)
    item = spaced_repetition.undo(learner, now) if learner else None
    if item is None:
        raise Refused(_("There is no review of today to take back."), 409)
    return _turn(request, lesson, now, first=item)


class PutAside(About):
    card: str = Field(max_length=60)
    what: Literal["bury", "suspend", "bring_back"]
    zone: str = Field(default="UTC", max_length=60)


@require_POST
@answers_with_json
def put_aside(request: HttpRequest) -> Turn:
    told, now = _read(request, PutAside), timezone.now()
    lesson = _lesson(request, told.lesson)
    item = _item(request, told.card)
    learner = _learner_in(request, told.zone)
    match told.what:
        case "bury":
            spaced_repetition.bury(learner, item, now)
        case "suspend":
            spaced_repetition.suspend(learner, item, now)
        case "bring_back":
            spaced_repetition.bring_back(learner, item)
            return _turn(request, lesson, now, first=item)
    return _turn(request, lesson, now)


Told = TypeVar("Told", bound=About)


def _read(request: HttpRequest, model: type[Told]) -> Told:
    try:
        return model.model_validate_json(request.body)
    except pydantic.ValidationError:
        raise Refused(_("This page is out of date. Load it again."), 400) from None


def _lesson(request: HttpRequest, slug: str | None) -> Lesson | None:
    if slug is None:
        return None
    found = Lesson.objects.visible_to(request.user).filter(slug=slug).first()
    if found is None:
        raise Refused(_("This lesson isn’t here any more."), 404)
    if found.pk in locked_lessons(request):
        raise Refused(_("Your room plays this lesson just now. Come back after the game."), 403)
    return found


_NAME = re.compile(r"flashcard-(\d{1,9})-(forward|backward|c[1-9])|question-(\d{1,9})", re.ASCII)


def _item(request: HttpRequest, name: str) -> Item:
    """The item of that name, if this visitor may see it."""
    gone = Refused(_("This card isn’t here any more. Here is what comes next."), 404)
    named = _NAME.fullmatch(name)
    if named is None:
        raise gone
    flashcard, face, question = named.groups()
    part: Flashcard | Question
    try:
        if flashcard:
            part = Flashcard.objects.select_related("lesson").get(pk=flashcard)
            is_there = face_of(part.term, part.definition, face) is not None
            item = Item(part.lesson_id, flashcard=part.pk, face=face)
        else:
            part = Question.objects.select_related("lesson").get(pk=question)
            is_there = part.kind not in UNSCORED_KINDS
            item = Item(part.lesson_id, question=part.pk)
    except ObjectDoesNotExist:
        raise gone from None
    if not is_there:
        raise gone
    visible = Lesson.objects.visible_to(request.user).filter(pk=part.lesson_id).exists()
    if not visible or part.lesson_id in locked_lessons(request):
        raise gone
    sight = part.lesson.open_to(request.user)
    siblings = type(part)._default_manager.filter(lesson=part.lesson_id)
    if sight is not None and part.pk not in siblings.values_list("pk", flat=True)[:sight]:
        raise gone
    return item


def _learner_in(request: HttpRequest, zone: str) -> Learner:
    """Who studies here, from the first thing kept on; a new learner's day is the browser's."""
    is_new = learner_of(request) is None
    learner = learner_to_keep(request)
    if is_new:
        try:
            check_zone(zone)
        except ValidationError:
            return learner
        learner.zone = zone
        learner.save(update_fields=["zone"])
    return learner


def _page(request: HttpRequest, lesson: Lesson | None) -> HttpResponse:
    log_in = ""
    if lesson and lesson.open_to(request.user) is not None:
        log_in = f"{reverse('log_in')}?{urlencode({'next': request.path})}"
    data: dict[str, Any] = {
        "lesson": lesson
        and {
            "slug": lesson.slug,
            "title": lesson.title,
            "address": lesson.get_absolute_url(),
            "lang": lesson.language,
        },
        "log_in": log_in,
        "lessons": reverse("lesson_list"),
        "study": reverse("study"),
        "next": reverse("next_card"),
        "rate": reverse("rate_card"),
        "undo": reverse("undo_review"),
        "put_aside": reverse("put_aside"),
        "turn": _turn(request, lesson, timezone.now()).model_dump(mode="json"),
    }
    response = render(request, "study/review.html", {"lesson": lesson, "data": data})
    # Going back in the browser would show a card that was rated since.
    response["Cache-Control"] = "no-store"
    return response


def _turn(
    request: HttpRequest, lesson: Lesson | None, now: datetime, first: Item | None = None
) -> Turn:
    """What comes now, that item before all others if it waits."""
    learner = learner_of(request)
    sight = lesson.open_to(request.user) if lesson else None
    today = queue(learner, now, lesson, locked_lessons(request), sight)
    waiting = today.in_order
    if first:
        waiting.sort(key=lambda one: one.item.name != first.name)
    views = (_card(one, learner or Learner(), now) for one in waiting)
    card = next((view for view in views if view), None)
    finished = None
    if card is None:
        ratings = _ratings_today(learner, now)
        finished = Finished(
            done_today=len(ratings),
            known_today=len([rating for rating in ratings if rating != Rating.Again.value]),
            next_at=today.next_at.isoformat() if today.next_at else None,
            next_in_ms=round((today.next_at - now).total_seconds() * 1000)
            if today.next_at
            else None,
            more_new=today.more_new,
        )
    return Turn(
        card=card,
        counts=CountsView(**today.counts._asdict()),
        finished=finished,
        can_undo=bool(learner and spaced_repetition.last_review(learner, now)),
    )


def _ratings_today(learner: Learner | None, now: datetime) -> list[int]:
    if learner is None:
        return []
    today = learner.reviews.filter(day=learner.day_of(now), source=Review.Source.REVIEW)
    return list(today.values_list("rating", flat=True))


def _card(waiting: Waiting, learner: Learner, now: datetime) -> AskedCard | None:
    """The card as the browser shows it; None where it can't be shown: it was changed just now."""
    item, memory = waiting
    part: Flashcard | Question | None
    if item.flashcard is not None:
        part = _parts(Flashcard).filter(pk=item.flashcard).first()
    else:
        part = _parts(Question).filter(pk=item.question).first()
    asked = part and _asked(part, item.face)
    if part is None or asked is None:
        return None
    is_new = memory is None or memory.reviews_count == 0
    memo = None if memory is None or is_new else memory.memo
    seed = spaced_repetition.seed_of(learner, item, memory)
    after = intervals(memo, now, learner.plan, seed)
    image: Image | None = part.image
    return AskedCard(
        name=item.name,
        seen=memory.reviews_count if memory else 0,
        state="new" if memo is None else "due" if memo.state == State.Review else "learning",
        lesson=Link(title=part.lesson.title, address=part.lesson.get_absolute_url()),
        lang=part.lesson.language,
        face=asked if isinstance(asked, AskedFace) else None,
        question=asked if isinstance(asked, AskedQuestion) else None,
        image=image and image_view(image),
        picture=(link := picture_link(part)) and Link.model_validate(link),
        notes=_notes(part),
        page=reverse("study_card", args=[memory.pk]) if memory and memo else "",
        why=_why(memory),
        after_s=tuple(after[rating].total_seconds() for rating in Rating),
    )


def _parts(model: type[Any]) -> Any:
    return model._default_manager.select_related("lesson", "section")


def _asked(part: Flashcard | Question, key: str) -> AskedFace | AskedQuestion | None:
    if isinstance(part, Flashcard):
        face = face_of(part.term, part.definition, key)
        return face and AskedFace(
            title=face.title, front=face.front, back=face.back, typed=face.typed
        )
    try:
        question = part.as_question()
    except pydantic.ValidationError:
        return None
    if not is_scored(question):
        return None
    return AskedQuestion(
        question=question_view(question),
        key=key_view(question),
        typos=isinstance(question, TypedText) and question.typos,
        note=inline(question.note),
    )


def _notes(part: Excerpt) -> Link | None:
    """Where the lesson's notes tell about it."""
    if part.section is None:
        return None
    address = f"{part.lesson.get_absolute_url()}#{part.section.anchor}"
    return Link(title=part.section.title, address=address)


def _why(memory: Memory | None) -> str:
    """Where it was answered since it was last reviewed here."""
    last = memory.reviews.last() if memory else None
    if last is None or not last.why:
        return ""
    told = {"where": last.why, "day": date_format(last.day, "j F")}
    if last.rating == Rating.Again:
        return _("%(where)s, %(day)s: you missed this") % told
    return _("%(where)s, %(day)s: you knew this") % told
