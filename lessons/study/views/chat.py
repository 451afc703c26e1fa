"""Chat to Lesson: its page, and what its script asks."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import NamedTuple

import pydantic
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from lessons.language_model import LanguageModel, language_model
from lessons.models import Lesson
from lessons.study.chat import (
    AskLesson,
    ChatView,
    OpenLesson,
    Refused,
    SuggestedQuestions,
    asked_before,
    begin_turn,
    check_question,
    notes_views,
    open_lesson,
    replying,
    turn_view,
)
from lessons.study.chat_limits import TooMany, count_question_from, count_question_of
from lessons.study.learners import learner_of, learner_to_keep
from lessons.study.models import ChatTurn
from lessons.tutor.passages import passages
from lessons.tutor.tutor import LONGEST_QUESTION, tutor_of

LONGEST_BODY = 8192
"""Bytes; a question of the longest in any script, and then some."""
SUGGESTED = 4


@require_safe
@never_cache
@ensure_csrf_cookie
def chat(request: HttpRequest, slug: str) -> HttpResponse:
    """The conversation so far, beside the notes."""
    lesson, learner = _lesson(request, slug), learner_of(request)
    about = open_lesson(lesson, request.user)
    turns = learner.chat_turns.filter(lesson=lesson) if learner else ChatTurn.objects.none()
    model = language_model()
    told = ChatView(
        slug=lesson.slug,
        title=lesson.title,
        language=lesson.language,
        back=lesson.get_absolute_url(),
        ask=reverse("ask_lesson", args=[slug]),
        suggested=reverse("chat_suggestions", args=[slug]),
        clear=reverse("clear_chat", args=[slug]),
        log_in=_log_in(request) if about.sight is not None else "",
        model=model.name if model else "",
        longest=LONGEST_QUESTION,
        can_be_asked=bool(passages(about.draft)),
        notes=notes_views(about),
        turns=tuple(turn_view(turn, about) for turn in turns),
    )
    context = {"lesson": lesson, "chat": told.model_dump(mode="json")}
    return render(request, "study/chat.html", context)


@require_safe
@never_cache
def suggested(request: HttpRequest, slug: str) -> HttpResponse:
    """Questions to begin with. It takes as long as making the tutor, which the first question then has."""
    about = open_lesson(_lesson(request, slug), request.user)
    questions = tutor_of(about.draft).suggested(SUGGESTED)
    return JsonResponse(SuggestedQuestions(questions=questions).model_dump())


@require_POST
@never_cache
async def ask(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The reply as it comes: one JSON object a line, see `replying`."""
    now = timezone.localtime()
    try:
        begun = await sync_to_async(_begun)(request, slug, now)
    except TooMany as too_many:
        seconds = int(too_many.wait.total_seconds()) + 1
        return _problem(str(too_many), 429, {"Retry-After": str(seconds)})
    except Refused as refused:
        return _problem(str(refused), 400)
    return StreamingHttpResponse(
        _lines(begun),
        content_type="application/x-ndjson",
        headers={
            # Compressed, or gathered by a proxy, a sentence would wait for others.
            "Content-Encoding": "identity",
            "X-Accel-Buffering": "no",
        },
    )


@require_POST
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget what was asked about this lesson."""
    lesson = _lesson(request, slug)
    if learner := learner_of(request):
        learner.chat_turns.filter(lesson=lesson).delete()
    return JsonResponse({})


class _Begun(NamedTuple):
    turn: ChatTurn
    before: Sequence[str]
    about: OpenLesson
    model: LanguageModel | None


def _begun(request: HttpRequest, slug: str, now: datetime) -> _Begun:
    """The question taken, and who asks it known. Raises Refused, TooMany and Http404."""
    asked, lesson = _read(request), _lesson(request, slug)
    if not request.user.is_authenticated:
        count_question_from(request.META.get("REMOTE_ADDR", ""), now)
    learner = learner_to_keep(request)
    count_question_of(learner, now)
    turn = begin_turn(learner, asked, lesson, now)
    about = open_lesson(lesson, request.user)
    return _Begun(turn, asked_before(turn), about, language_model())


def _read(request: HttpRequest) -> AskLesson:
    if len(request.body) > LONGEST_BODY:
        raise Refused(_("A question has at most %d characters.") % LONGEST_QUESTION)
    try:
        asked = AskLesson.model_validate_json(request.body)
    except pydantic.ValidationError:
        raise Refused(_("That can’t be a question. Load the page again.")) from None
    check_question(asked)
    return asked


async def _lines(begun: _Begun) -> AsyncGenerator[str, None]:
    async with aclosing(replying(*begun)) as said:
        async for message in said:
            yield message.model_dump_json() + "\n"


def _lesson(request: HttpRequest, slug: str) -> Lesson:
    return get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)


def _log_in(request: HttpRequest) -> str:
    return f"{reverse('log_in')}?{urlencode({'next': request.path})}"


def _problem(sentence: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"problem": sentence}, status=status, headers=headers)
