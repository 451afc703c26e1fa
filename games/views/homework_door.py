"""Homework as pupils see it: who they are, what is asked until when, and how they did. No account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from games import learning, seats
from games.homework_forms import CodeForm, NameForm
from games.homework_results import attempts_at, counting_of
from games.models import Homework, HomeworkRun, Pupil
from games.store import StoreError, connected
from lessons.study import practice
from lessons.study.learners import learner_of, learner_to_keep, locked_lessons

CODES = "codes"
"""In the session: by class, the personal code that was typed on this device. A new code, given by
the host, ends what the old one opened."""


def _at_door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for the homework of that address; one that says so where there is none any more."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        homework = (
            Homework.objects.select_related("lesson", "roster", "host").filter(token=token).first()
        )
        if homework is None:
            return render(request, "games/homework/gone.html", status=404)
        return view(request, homework)

    return guarded


@never_cache
@require_safe
@_at_door
def door(request: HttpRequest, homework: Homework) -> HttpResponse:
    return _page(request, homework)


@require_POST
@_at_door
def enter(request: HttpRequest, homework: Homework) -> HttpResponse:
    """By a personal code of the class, which also fetches what that pupil has learnt elsewhere."""
    if homework.roster is None or request.user == homework.host:
        return redirect("homework", token=homework.token)
    if "leave" in request.POST:
        _codes(request).pop(str(homework.roster.pk), None)
        request.session.modified = True
        return redirect("homework", token=homework.token)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            pupil = _find_pupil(request, homework, seats.cleaned_code(form.cleaned_data["code"]))
        except (StoreError, OSError):
            form.add_error("code", _("Codes can't be looked up just now. Try again in a moment."))
            return _page(request, homework, form, status=503)
        if pupil is not None:
            learning.enter_as(request, pupil)
            request.session[CODES] = {**_codes(request), str(pupil.roster_id): pupil.code}
            return redirect("homework", token=homework.token)
        form.add_error("code", _("Nobody of this class has that code. Look at your slip again."))
    return _page(request, homework, form, status=422)


@require_POST
@_at_door
def begin(request: HttpRequest, homework: Homework) -> HttpResponse:
    """Another attempt, if there is one left; else the page says why not."""
    pupil = _entered(request, homework)
    form = None
    if homework.roster is None:
        form = NameForm({"name": request.POST.get("name") or _known_name(request, homework)})
        if not form.is_valid():
            return _page(request, homework, form, status=422)
    elif pupil is None:
        return redirect("homework", token=homework.token)
    elif request.user != homework.host:
        # Since the code was typed, somebody else may have studied here, or logged in.
        learning.enter_as(request, pupil)
    with transaction.atomic():
        # Locked, so that two taps at once don't begin twice.
        Homework.objects.select_for_update().get(pk=homework.pk)
        context = _state(request, homework, pupil)
        if context["state"] != "open":
            return redirect("homework", token=homework.token)
        assert homework.lesson
        run = context["under_way"]
        if run is None:
            run = practice.begin_run(
                learner_to_keep(request),
                homework.lesson,
                timezone.now(),
                is_homework=True,
                closes_at=homework.closes_at,
            )
            name = form.cleaned_data["name"] if form else pupil.name if pupil else ""
            HomeworkRun.objects.create(homework=homework, run=run, pupil=pupil, name=name)
    return redirect("practice_run", slug=homework.lesson.slug, key=run.key)


@require_POST
@_at_door
def agree(request: HttpRequest, homework: Homework) -> HttpResponse:
    """The pupil's own yes or no to progress being seen; asked only where the class shows it."""
    pupil = _entered(request, homework)
    if pupil is not None and homework.roster and homework.roster.shows_progress:
        pupil.agreed_at = timezone.now() if request.POST.get("answer") == "yes" else None
        pupil.save(update_fields=["agreed_at"])
    return redirect("homework", token=homework.token)


def _page(
    request: HttpRequest, homework: Homework, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    pupil = _entered(request, homework)
    context = _state(request, homework, pupil)
    if form is None:
        name = {"name": _known_name(request, homework)}
        form = CodeForm() if homework.roster else NameForm(initial=name)
    context |= {
        "homework": homework,
        "pupil": pupil,
        "known_name": pupil.name if pupil else _known_name(request, homework),
        "form": form,
        "needs_code": homework.roster is not None and pupil is None,
        "asks_to_agree": pupil is not None
        and homework.roster is not None
        and homework.roster.shows_progress,
    }
    return render(request, "games/homework/door.html", context, status=status)


def _state(request: HttpRequest, homework: Homework, pupil: Pupil | None) -> dict[str, Any]:
    """What can be done here and now, and what this visitor did before."""
    now, lesson = timezone.now(), homework.lesson
    made = _made(request, homework, pupil)
    attempts = list(attempts_at(homework, made).values())
    left = None if homework.attempts is None else max(0, homework.attempts - len(attempts))
    under_way = None
    if (
        attempts
        and not attempts[-1].is_finished
        and attempts[-1].run.learner == learner_of(request)
    ):
        under_way = attempts[-1].run
    if request.user == homework.host:
        state = "host"
    elif lesson is None or not lesson.is_published:
        state = "unavailable"
    elif now < homework.opens_at:
        state = "early"
    elif now >= homework.closes_at:
        state = "late"
    elif lesson.pk in locked_lessons(request):
        state = "locked"
    elif left == 0 and under_way is None:
        state = "used_up"
    else:
        state = "open"
    return {
        "state": state,
        "left": left,
        "attempts": attempts,
        "counting": counting_of(homework, attempts),
        "under_way": under_way,
    }


def _made(request: HttpRequest, homework: Homework, pupil: Pupil | None) -> list[HomeworkRun]:
    """The attempts of the pupil on whatever device; without a class, of this device or account."""
    runs = homework.runs.select_related("run__learner")
    if homework.roster is not None:
        return list(runs.filter(pupil=pupil)) if pupil else []
    learner = learner_of(request)
    return list(runs.filter(run__learner=learner)) if learner else []


def _known_name(request: HttpRequest, homework: Homework) -> str:
    made = _made(request, homework, None)
    return made[-1].name if made else ""


def _entered(request: HttpRequest, homework: Homework) -> Pupil | None:
    """The pupil whose code was typed on this device."""
    if homework.roster is None:
        return None
    code = _codes(request).get(str(homework.roster.pk))
    found = Pupil.objects.select_related("learner", "roster")
    return found.filter(roster=homework.roster, code=code).first() if code else None


def _codes(request: HttpRequest) -> dict[str, str]:
    codes: dict[str, str] = request.session.get(CODES, {})
    return codes


def _find_pupil(request: HttpRequest, homework: Homework, code: str) -> Pupil | None:
    """Whose code that is, for who hasn't guessed too often; a throttled guess looks like any."""
    address = request.META.get("REMOTE_ADDR", "")
    if async_to_sync(_is_barred)(address):
        return None
    pupils = Pupil.objects.select_related("learner", "roster")
    pupil = pupils.filter(roster=homework.roster, code=code).first()
    if pupil is None:
        async_to_sync(_count_guess)(address)
    return pupil


async def _is_barred(address: str) -> bool:
    async with connected() as store:
        return await store.guesses.is_barred(address)


async def _count_guess(address: str) -> None:
    async with connected() as store:
        await store.guesses.count(address)
