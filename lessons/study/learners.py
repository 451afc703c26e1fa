"""Who studies: the account that is logged in, else this device, known by a signed cookie.

Looking at pages makes nobody a learner; the first thing to keep does.
"""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.core import signing
from django.core.signing import get_cookie_signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from lessons.study.models import ChatTurn, KnownCard, Learner, Review, Run

COOKIE = "learner"
LIFETIME_S = 400 * 24 * 60 * 60
"""The longest that browsers keep a cookie (RFC 6265bis)."""


def learner_of(request: HttpRequest) -> Learner | None:
    """Who studies here, if anything was ever kept of them."""
    if not hasattr(request, "_learner"):
        request._learner = _found(request)  # type: ignore[attr-defined]
    learner: Learner | None = request._learner  # type: ignore[attr-defined]
    return learner


def learner_to_keep(request: HttpRequest) -> Learner:
    """Who studies here; from now on a learner whose cookie goes out with the response."""
    learner = learner_of(request)
    if learner is None:
        if isinstance(request.user, User):
            learner, _ = Learner.objects.get_or_create(user=request.user)
        else:
            learner = Learner.objects.create()
        request._learner = learner  # type: ignore[attr-defined]
    return learner


def become(request: HttpRequest, learner: Learner) -> None:
    """From now on this device studies as that learner, whose cookie goes out with the response."""
    request._learner = learner  # type: ignore[attr-defined]


def key_in(cookie: str | None) -> str | None:
    """The learner's key in the cookie of that name, as a browser sent it; None if it isn't ours."""
    if not cookie:
        return None
    try:
        return get_cookie_signer(salt=COOKIE).unsign(cookie, max_age=LIFETIME_S)
    except signing.BadSignature:
        return None


@transaction.atomic
def take_along(request: HttpRequest, user: User) -> Learner | None:
    """At sign-up and log-in: what this device studied becomes the account's.

    The account's learner; None where neither has studied.
    """
    device = _of_device(request)
    account = Learner.objects.filter(user=user).first()
    if device and account:
        merge(device, account)
    elif device:
        device.user = user
        device.save(update_fields=["user"])
        account = device
    request._learner = account  # type: ignore[attr-defined]
    return account


def merge(gone: Learner, kept: Learner) -> None:
    """Move all that `gone` studied to `kept`; of two memories of one item the newer one counts."""
    theirs = {(m.flashcard_id, m.face, m.question_id): m for m in kept.memories.all()}
    for memory in gone.memories.all():
        # What a deleted card left behind has no counterpart.
        item = (memory.flashcard_id, memory.face, memory.question_id)
        twin = theirs.get(item) if memory.flashcard_id or memory.question_id else None
        if twin:
            newer, older = (
                (memory, twin) if memory.last_review > twin.last_review else (twin, memory)
            )
            newer.lapses += older.lapses
            newer.reviews_count += older.reviews_count
            older.reviews.update(memory=newer)
            older.delete()
            memory = newer
        memory.learner = kept
        memory.save()
    Review.objects.filter(learner=gone).update(learner=kept)
    Run.objects.filter(learner=gone).update(learner=kept)
    ChatTurn.objects.filter(learner=gone).update(learner=kept)
    known = set(kept.known_cards.values_list("flashcard", flat=True))
    KnownCard.objects.filter(learner=gone).exclude(flashcard__in=known).update(learner=kept)
    for relation in Learner._meta.related_objects:
        # Of other apps, which this one doesn't know: a pupil of a class is the same one as before.
        if relation.related_model._meta.app_label != Learner._meta.app_label:
            others = relation.related_model._base_manager.filter(**{relation.field.name: gone})
            others.update(**{relation.field.name: kept})
    gone.delete()


class LearnerCookie(MiddlewareMixin):
    """Lets a browser keep who its learner is, for the study pages and the live rooms."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        learner: Learner | None = getattr(request, "_learner", None)
        if learner is not None and learner.pk and _told(request) != learner.key:
            response.set_cookie(
                COOKIE,
                get_cookie_signer(salt=COOKIE).sign(learner.key),
                max_age=LIFETIME_S,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response


def locked_lessons(request: HttpRequest) -> set[int]:
    """Lessons that a room plays just now in which this visitor sits."""
    asked: Callable[[], set[int]] = getattr(request, "locked_lessons", set)
    return asked()


def forget_device(response: HttpResponse) -> None:
    """At log-out: the next one on this device is somebody else."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _found(request: HttpRequest) -> Learner | None:
    if isinstance(request.user, User):
        return Learner.objects.filter(user=request.user).first()
    return _of_device(request)


def _of_device(request: HttpRequest) -> Learner | None:
    key = _told(request)
    # An account's learner is found by logging in alone.
    return Learner.objects.filter(key=key, user=None).first() if key else None


def _told(request: HttpRequest) -> str | None:
    return key_in(request.COOKIES.get(COOKIE))
