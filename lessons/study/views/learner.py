"""A learner's own pages: what they have studied, their cards, their settings, their data."""

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.core import signing
from django.db.models import CASCADE
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lessons.faces import face_of
from lessons.markdown import inline
from lessons.models import Lesson
from lessons.questions import TypedText, right_answers
from lessons.study import charts, optimizing
from lessons.study.card_history import card_log, card_plot
from lessons.study.forgetting import times_as_many_reviews
from lessons.study.forms import LEAST_PERCENT, MOST_PERCENT, SettingsForm
from lessons.study.learners import forget_device, learner_of, learner_to_keep, locked_lessons
from lessons.study.models import Learner, Memory
from lessons.study.overview import memories_open_to, overview
from lessons.study.personal_data import personal_data
from lessons.study.scheduling import Rating
from lessons.study.spaced_repetition import let_come

USUAL_PERCENT = 90
FIT_LIFETIME_S = 24 * 60 * 60
NAMED_MOST = 10
"""Of what goes with an account, how many are named."""


@require_safe
def study(request: HttpRequest) -> HttpResponse:
    """What is due, what was done, and what is coming."""
    learner, now = learner_of(request), timezone.now()
    if learner is None:
        return _shown(request, None, "study/learner_empty.html", {})
    told = overview(learner, request.user, locked_lessons(request), now)
    if not told.has_begun:
        return _shown(request, learner, "study/learner_empty.html", {})
    today = learner.day_of(now)
    return _shown(
        request,
        learner,
        "study/learner.html",
        {
            "told": told,
            "more_than_a_day": told.due > learner.reviews_per_day,
            "calendar": charts.calendar(told.reviews_by_day, today),
            "forecast": charts.forecast(told.due_ahead, today),
            "fading": charts.fading(told.recall_ahead, today) if told.cards else None,
            "set_aside": [(memory, inline(str(memory))) for memory in told.set_aside],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One card of the learner's: its log and curve, and whether it comes at all."""
    learner, now = learner_of(request), timezone.now()
    if learner is None:
        raise Http404
    cards = learner.memories.select_related("flashcard", "question", "lesson")
    memory = get_object_or_404(cards, pk=pk)
    if request.method == "POST":
        return _changed(request, memory)
    open_to = memories_open_to(request.user, learner, locked_lessons(request))
    sides = _sides(memory) if open_to.filter(pk=pk).exists() else None
    reviews = list(memory.reviews.all())
    with timezone.override(ZoneInfo(learner.zone)):
        plot = card_plot(learner, memory, reviews, now)
    return _shown(
        request,
        learner,
        "study/card.html",
        {
            "memory": memory,
            "is_gone": memory.flashcard is None and memory.question is None,
            "sides": sides,
            "plot": plot,
            "log": [
                {
                    "review": past.review,
                    "rating": _rating_in_words(Rating(past.review.rating)),
                    "seconds": past.review.duration_ms and past.review.duration_ms / 1000,
                    "recall_percent": past.recall_percent,
                }
                for past in reversed(card_log(learner, reviews))
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """How the learner wants to study."""
    # Looking at the page keeps nothing; saving it does.
    learner = learner_of(request) or Learner()
    if request.method == "POST":
        form = SettingsForm(request.POST, instance=learner_to_keep(request))
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("study_settings")
    else:
        form = SettingsForm(instance=learner)
    return _shown(
        request,
        learner,
        "study/settings.html",
        {"form": form, "costs": _costs(learner.plan.parameters), "is_fitted": learner.parameters},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fit(request: HttpRequest) -> HttpResponse:
    """FSRS' parameters fitted to the learner: computed, shown, and taken or left."""
    learner = learner_of(request) or Learner()
    log = optimizing.histories(learner) if learner.pk else []
    reviews_count = optimizing.reviews_in(log)
    missing = max(0, optimizing.LEAST_REVIEWS - reviews_count)
    is_offered = optimizing.is_installed() and not missing
    context: dict[str, Any] = {
        "is_installed": optimizing.is_installed(),
        "is_offered": is_offered,
        "missing": missing,
        "reviews_count": reviews_count,
        "least": optimizing.LEAST_REVIEWS,
        "learner": learner,
    }
    match request.POST.get("do"):
        case "fit" if is_offered:
            try:
                found_fit = optimizing.fitted(log, learner.plan.parameters)
            except optimizing.NotFitted:
                context["problem"] = _(
                    "Your reviews don’t lead to parameters that work. Nothing has changed."
                )
            else:
                context["fit"] = found_fit
                context["proposal"] = signing.dumps(found_fit.after, salt=_salt(learner))
        case "take" if learner.pk:
            return _taken(request, learner)
        case "go back" if learner.previous_parameters:
            optimizing.take(learner, tuple(learner.previous_parameters))
            messages.success(request, _("The parameters from before are back."))
            return redirect("fit_parameters")
        case _:
            pass
    return _shown(request, learner, "study/settings_fit.html", context)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Everything that is kept of the learner, as a file."""
    learner, now = learner_of(request), timezone.now()
    if learner is None:
        raise Http404
    if locked_lessons(request):
        messages.error(request, _("You are in a live room. Come back for your data after it."))
        return redirect("study")
    readable = set(memories_open_to(request.user, learner, ()).values_list("pk", flat=True))
    response = JsonResponse(
        personal_data(learner, readable, now),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    response["Content-Disposition"] = f'attachment; filename="quizgame-{now:%Y-%m-%d}.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Deletes what is kept of the learner, or the whole account."""
    learner, user = learner_of(request), request.user
    if learner is None and not isinstance(user, User):
        raise Http404
    problem = ""
    match request.POST.get("what"):
        case "study" if learner is not None:
            learner.delete()
            messages.success(request, _("What you studied is deleted."))
            return _forgotten("study")
        case "account" if isinstance(user, User):
            problem = _reason_to_stay(user, request.POST.get("password", ""))
            if not problem:
                account = User.objects.get(pk=user.pk)
                logout(request)
                account.delete()
                messages.success(request, _("Your account is deleted."))
                return _forgotten("landing")
        case _:
            pass
    return _shown(
        request,
        learner,
        "study/delete.html",
        {
            "learner": learner,
            "reviews_count": learner.reviews.count() if learner else 0,
            "memories_count": learner.memories.count() if learner else 0,
            "runs_count": learner.runs.count() if learner else 0,
            "chat_turns_count": learner.chat_turns.count() if learner else 0,
            "goes_too": _goes_with(user) if isinstance(user, User) else [],
            "lessons": Lesson.objects.filter(owner=user) if isinstance(user, User) else [],
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _shown(
    request: HttpRequest,
    learner: Learner | None,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """The page, its times in the learner's zone."""
    with timezone.override(ZoneInfo(learner.zone) if learner else None):
        return render(request, template, context, status=status)


def _changed(request: HttpRequest, memory: Memory) -> HttpResponse:
    match request.POST.get("do"):
        case "suspend":
            memory.is_suspended = True
            memory.save(update_fields=["is_suspended"])
            messages.success(request, _("The card is set aside and won’t come again."))
        case "bring back":
            let_come(memory)
            messages.success(request, _("The card is back."))
            if "from_list" in request.POST:
                return redirect("study")
        case "forget":
            # As when a card is deleted: the log stays, and the card has no memory any more.
            memory.flashcard = memory.question = None
            memory.save(update_fields=["flashcard", "question"])
            messages.success(request, _("The card is new again. Its reviews stay in your history."))
            return redirect("study")
        case _:
            raise Http404
    return redirect("study_card", memory.pk)


class Sides(NamedTuple):
    """As HTML that is safe to show, or text."""

    title: SafeString
    front: SafeString
    backs: tuple[str, ...]


def _sides(memory: Memory) -> Sides | None:
    """What the card asks and what is right; None where it was changed since and asks no such thing."""
    if flashcard := memory.flashcard:
        face = face_of(flashcard.term, flashcard.definition, memory.face)
        return face and Sides(face.title, face.front, (face.back,))
    if memory.question is None:
        return None
    asked = memory.question.as_question()
    answers = right_answers(asked)
    # What was typed is compared as it stands, a star in it too.
    backs = answers if isinstance(asked, TypedText) else tuple(inline(a) for a in answers)
    return Sides(SafeString(""), inline(asked.prompt), backs)


def _rating_in_words(rating: Rating) -> str:
    match rating:
        case Rating.Again:
            return _("again")
        case Rating.Hard:
            return _("hard")
        case Rating.Good:
            return _("good")
        case Rating.Easy:
            return _("easy")


def _costs(parameters: tuple[float, ...]) -> dict[int, str]:
    """For each desired retention in percent, what it costs, in words."""
    return {
        percent: _cost(times_as_many_reviews(percent / 100, USUAL_PERCENT / 100, parameters))
        for percent in range(LEAST_PERCENT, MOST_PERCENT + 1)
    }


def _cost(times: float) -> str:
    percent = round(100 * (times - 1))
    told = {"n": abs(percent), "usual": USUAL_PERCENT}
    if percent > 0:
        return _("About %(n)s %% more reviews than at %(usual)s %%.") % told
    if percent < 0:
        return _("About %(n)s %% fewer reviews than at %(usual)s %%.") % told
    return _("What most learners take.")


def _salt(learner: Learner) -> str:
    return f"fit of {learner.key}"


def _taken(request: HttpRequest, learner: Learner) -> HttpResponse:
    try:
        proposal = signing.loads(
            request.POST.get("proposal", ""), salt=_salt(learner), max_age=FIT_LIFETIME_S
        )
    except signing.BadSignature:
        messages.error(request, _("That fit is too old. Make a new one."))
        return redirect("fit_parameters")
    optimizing.take(learner, tuple(proposal))
    messages.success(request, _("From each card’s next review on, your own parameters count."))
    return redirect("fit_parameters")


def _forgotten(page: str) -> HttpResponse:
    response = redirect(page)
    forget_device(response)
    return response


def _reason_to_stay(user: User, password: str) -> str:
    """Why the account isn't deleted, in words; empty if it may be."""
    if not user.has_usable_password():
        return _("Your account has no password. Ask an administrator to delete it.")
    if not user.check_password(password):
        return _("That isn’t your password. Nothing was deleted.")
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        return _("You are the only administrator. Make somebody else one first.")
    return ""


class GoesToo(NamedTuple):
    """Rows of one kind that are deleted with an account."""

    many: int
    kind: str
    names: list[str]


def _goes_with(user: User) -> list[GoesToo]:
    """What is deleted with the account besides what they studied, whichever app it is of."""
    found = []
    for relation in user._meta.related_objects:
        model = relation.related_model
        if relation.on_delete is not CASCADE or model is Learner:
            continue
        rows = model._base_manager.filter(**{relation.field.name: user})
        if many := rows.count():
            meta = model._meta
            kind = meta.verbose_name if many == 1 else meta.verbose_name_plural
            found.append(GoesToo(many, str(kind), [str(row) for row in rows[:NAMED_MOST]]))
    return found
