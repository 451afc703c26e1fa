"""Pages of lessons, and the door to accounts."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lessons import images, pictures
from lessons.drafts import explanation_problem
from lessons.gallery import link_to
from lessons.markdown import inline, rendered
from lessons.models import Excerpt, Lesson, Part, Question, Section
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

logger = logging.getLogger(__name__)


def lesson_list(request: HttpRequest) -> HttpResponse:
    """Published lessons, and one's own drafts."""
    lessons = Lesson.objects.visible_to(request.user).with_counts()
    return render(request, "lessons/lesson_list.html", {"lessons": lessons})


def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """One lesson to read: notes with their pictures, questions with answers, flashcards."""
    found = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    questions = list(found.questions_in_order())
    cards = list(found.flashcards.all())
    parts: list[Excerpt] = [*questions, *cards]
    sections = [told(section, parts) for section in found.sections.all()]
    return render(
        request,
        "lessons/lesson.html",
        {
            "lesson": found,
            "may_edit": request.user.is_staff
            and (request.user.is_superuser or found.owner_id == request.user.pk),
            "sections": sections,
            "has_pictures": any(section["picture"] for section in sections),
            "questions": [asked(question) for question in questions],
            "flashcards": [
                {
                    "term": inline(card.term),
                    "definition": inline(card.definition),
                    "picture": picture_link(card),
                }
                for card in cards
            ],
        },
    )


def told(section: Section, parts: list[Excerpt]) -> dict[str, Any]:
    """A section with its picture, and links to those of what is asked about it."""
    about = [section, *(part for part in parts if part.section_id == section.pk)]
    links = {part.explanation: picture_link(part) for part in reversed(about)}
    links.pop(section.explanation, None)
    return {
        "title": section.title,
        "anchor": section.anchor,
        "notes": rendered(section.notes),
        "picture": picture_of(section),
        "more_pictures": [link for link in reversed(links.values()) if link],
    }


def picture_link(part: Part) -> dict[str, str] | None:
    """Where the picture of a part is explored; None without one, or where it stopped making sense."""
    ref = part.explanation_ref
    if ref is None or explanation_problem(ref.key, ref.params):
        return None
    return link_to(ref)


def picture_of(section: Section) -> dict[str, Any] | None:
    """The section's picture; None without one, or where its parameters stopped making sense."""
    if not section.explanation:
        return None
    if explanation_problem(section.explanation, section.explanation_params):
        return None
    try:
        picture = pictures.picture(section.explanation, section.explanation_params)
    except pictures.NotComputed:
        logger.exception("Section %s has no picture", section.pk)
        return None
    return picture.model_dump(mode="json", by_alias=True)


def asked(question: Question) -> dict[str, Any]:
    """A question with its answers, or what a slide tells."""
    played = question.as_question()
    options: tuple[str, ...] = ()
    match played:
        case SingleChoice() | SeveralRight() | Poll():
            options = played.options
        case OrderSteps():
            options = shown_steps(played)
        case _:
            pass
    answers = right_answers(played)
    if isinstance(played, TrueFalse):
        answers = (_("True") if played.right else _("False"),)
    return {
        "kind": question.kind,
        "is_asked": is_asked(played),
        "is_scored": is_scored(played),
        "prompt": inline(played.prompt),
        "body": rendered(played.body) if isinstance(played, InfoSlide) else "",
        "image": played.image,
        "image_address": played.image and images.image_address(played.image.file),
        "options": [inline(option) for option in options],
        # What was typed is compared as it stands, a star in it too.
        "answers": answers if isinstance(played, TypedText) else [inline(a) for a in answers],
        "note": inline(played.note),
        "picture": picture_link(question),
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


class LogIn(LoginView):
    template_name = "accounts/log_in.html"
    redirect_authenticated_user = True


def sign_up(request: HttpRequest) -> HttpResponse:
    """A new account, logged in at once; where the site takes none, a page that says so."""
    if not settings.SIGN_UP_OPEN:
        return render(request, "accounts/sign_up_closed.html", status=404)
    form: UserCreationForm[User] = UserCreationForm(request.POST or None)
    goal = safe_goal(request)
    if form.is_valid():
        login(request, form.save())
        return redirect(goal or settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/sign_up.html", {"form": form, "next": goal})


def safe_goal(request: HttpRequest) -> str:
    """Where the visitor was going, if that is a page of this site."""
    goal = request.POST.get("next", request.GET.get("next", ""))
    is_here = url_has_allowed_host_and_scheme(
        goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return goal if is_here else ""
