"""Play Quiz alone."""

import random
from typing import Any

import pydantic
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from lessons.authoring.making import ask_for_drafts_once
from lessons.models import Lesson, Question
from lessons.questions import is_asked, is_scored
from lessons.study.learners import learner_of, learner_to_keep
from lessons.study.models import Learner, Run
from lessons.study.personalised import begin_personalised_run, weaknesses
from lessons.study.practice import (
    Closed,
    GivenAnswer,
    Refused,
    ReportedQuestion,
    begin_run,
    closed,
    missed_in,
    questions_of,
    report,
    run_view,
    take_answer,
    verdict,
)

EARLIER_MOST = 10
"""Runs that the quiz's page lists."""
READING_S = 20
"""What a question takes whose lesson gives it no time."""
KINDS = {
    Question.Kind.SINGLE_CHOICE: gettext_lazy("choose one"),
    Question.Kind.SEVERAL_RIGHT: gettext_lazy("choose several"),
    Question.Kind.TRUE_FALSE: gettext_lazy("true or false"),
    Question.Kind.TYPED_TEXT: gettext_lazy("type a word"),
    Question.Kind.TYPED_NUMBER: gettext_lazy("type a number"),
    Question.Kind.NUMBER_GUESS: gettext_lazy("guess a number"),
    Question.Kind.ORDER_STEPS: gettext_lazy("put in order"),
    Question.Kind.POLL: gettext_lazy("polls"),
    Question.Kind.WORD_CLOUD: gettext_lazy("word clouds"),
}
"""What there is to do, in a learner's words."""


@require_safe
@never_cache
def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    """What the quiz is, the run to go on with, and those before it."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    first = lesson.open_to(request.user)
    questions = list(lesson.questions_in_order())
    asked = [q for q in questions if q.kind != Question.Kind.INFO_SLIDE]
    playable = [q for q in questions[:first] if q in asked]
    learner = learner_of(request)
    runs = _told_runs(learner, lesson) if learner else []
    answered = [run for run in runs if run["answered"]]
    last = answered[0] if answered else None
    weak = weaknesses(learner, lesson, first, timezone.now())
    if weak.missed or weak.due:
        ask_for_drafts_once(lesson)  # a quiz of them then begins at once
    return render(
        request,
        "study/quiz.html",
        {
            "lesson": lesson,
            "questions": len(playable),
            "kept_back": len(asked) - len(playable),
            "kinds": [
                told for kind, told in KINDS.items() if any(q.kind == kind for q in playable)
            ],
            "minutes": max(1, round(sum(q.limit_s or READING_S for q in playable) / 60)),
            "open_run": next((run for run in runs if run["is_open"]), None),
            "runs": answered,
            "zone": learner.zone if learner else "UTC",
            "last": last if last and last["missed"] else None,
            "has_limits": any(q.limit_s for q in playable),
            "weak": weak,
        },
    )


def _told_runs(learner: Learner, lesson: Lesson) -> list[dict[str, Any]]:
    """The learner's newest runs of the lesson, newest first."""
    now = timezone.now()
    runs = learner.runs.filter(lesson=lesson).annotate(
        answered=Count("answers"),
        right=Count("answers", filter=Q(answers__is_right=True)),
        took_ms=Sum("answers__elapsed_ms"),
    )
    newest = runs.order_by("-started_at", "-pk").prefetch_related("answers")
    told = []
    for run in newest[:EARLIER_MOST]:
        questions = questions_of(run)
        told.append(
            {
                "key": run.key,
                "started_at": run.started_at,
                "is_homework": run.is_homework,
                "is_personalised": any("new" in asked for asked in run.quiz),
                "is_open": run.finished_at is None and not closed(run, now),
                "answered": run.answered,
                "asked": sum(map(is_asked, questions)),
                "right": run.right,
                "scored": sum(map(is_scored, questions)),
                "seconds": (run.took_ms or 0) // 1000,
                "minutes": round((run.took_ms or 0) / 60_000),
                "missed": len(missed_in(run)),
            }
        )
    return told


@require_POST
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """A new run as chosen: `of` names an earlier run whose missed questions are asked again.

    `for_you` is one of what this learner missed anywhere, and of what is due.
    """
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    first = lesson.open_to(request.user)
    if "for_you" in request.POST:
        learner = learner_of(request)
        made = learner and begin_personalised_run(learner, lesson, timezone.now(), first)
        return redirect("practice_run", slug, made.key) if made else redirect("practice", slug)
    if not lesson.questions_in_order()[:first].exists():
        return redirect("practice", slug)
    only = None
    if of := request.POST.get("of"):
        learner = learner_of(request)
        only = missed_in(get_object_or_404(Run, learner=learner, lesson=lesson, key=of))
        open_to = lesson.questions_in_order()[:first].values_list("pk", flat=True)
        if only.isdisjoint(open_to):  # those missed have left the lesson
            return redirect("practice", slug)
    run = begin_run(
        learner_to_keep(request),
        lesson,
        timezone.now(),
        first=first,
        only=only,
        chance=random.Random() if request.POST.get("order") == "shuffled" else None,
        has_limits="limits" in request.POST,
    )
    return redirect("practice_run", slug, run.key)


@require_safe
@never_cache
@ensure_csrf_cookie
def run(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A run to go on with, or its result. It is its learner's, whatever became of the lesson."""
    found = _own_run(request, key)
    # At the lesson's own address it is locked while a room plays the lesson.
    if found.lesson and found.lesson.slug != slug:
        return redirect("practice_run", found.lesson.slug, key)
    told = run_view(found, timezone.now())
    return render(request, "study/quiz_run.html", {"run": told.model_dump(mode="json")})


@require_POST
def answer(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take an answer; asked again, the reply is the same."""
    found = _own_run(request, key)
    if found.lesson and found.lesson.slug != slug:
        return JsonResponse(
            {"problem": _("This lesson has moved. Load the page again.")}, status=404
        )
    try:
        given = GivenAnswer.model_validate_json(request.body)
        stored = take_answer(found, given, timezone.now())
    except pydantic.ValidationError:
        return JsonResponse({"problem": _("That can’t be an answer.")}, status=400)
    except Closed as why:
        return JsonResponse({"problem": str(why)}, status=410)
    except Refused as why:
        return JsonResponse({"problem": str(why)}, status=400)
    return JsonResponse(verdict(found, stored).model_dump(mode="json"))


@require_POST
def report_question(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A question that was made from the notes is no good; the reply is its verdict."""
    found = _own_run(request, key)
    try:
        said = ReportedQuestion.model_validate_json(request.body)
        stored = report(found, said.round, timezone.now())
    except pydantic.ValidationError:
        return JsonResponse({"problem": _("There is no such question in this quiz.")}, status=400)
    except Refused as why:
        return JsonResponse({"problem": str(why)}, status=400)
    return JsonResponse(verdict(stored.run, stored).model_dump(mode="json"))


def _own_run(request: HttpRequest, key: str) -> Run:
    learner = learner_of(request)
    return get_object_or_404(Run.objects.select_related("lesson"), learner=learner or 0, key=key)
