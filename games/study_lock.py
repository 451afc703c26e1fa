"""While a room plays a lesson, who came through its door doesn't read that lesson.

The phone's page leaves a signed cookie with the room's code. Pages of a lesson ask the rooms of that
cookie whether one of them plays this lesson; visitors without the cookie cost nothing. It keeps
honest pupils honest: another browser is another visitor.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from asgiref.sync import async_to_sync
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from games.rules import Phase
from games.store import StoreError, connected
from lessons.models import Lesson

COOKIE = "door"
LIFETIME_S = 24 * 60 * 60
DOORS_MOST = 4
"""Codes a cookie keeps: another room's page doesn't open the lesson of the first."""
FREE = {Phase.PODIUM, Phase.ENDED}


def remember_door(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Note in the visitor's browser that it came to this room."""
    codes = [code, *(other for other in doors(request) if other != code)][:DOORS_MOST]
    response.set_signed_cookie(
        COOKIE,
        "-".join(codes),
        max_age=LIFETIME_S,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def doors(request: HttpRequest) -> list[str]:
    """The codes of the rooms that this browser came to, newest first."""
    told = request.get_signed_cookie(COOKIE, default="", max_age=LIFETIME_S)
    return [code for code in told.split("-") if code] if told else []


class StudyLock(MiddlewareMixin):
    """Answers for pages that have a lesson's `slug` in their address while that lesson is played.

    Pages of many lessons ask `request.locked_lessons()` which to leave out.
    """

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        request.locked_lessons = partial(_locked_lessons, request)  # type: ignore[attr-defined]
        slug = kwargs.get("slug")
        if slug is None or not (codes := doors(request)):
            return None
        try:
            games = async_to_sync(_on_now)(codes)
        except (StoreError, OSError):
            return render(request, "games/unreachable.html", status=503)
        lesson = Lesson.objects.filter(slug=slug).first()
        for game in games:
            # By its number too: the lesson may have got another address since the room opened.
            is_played = game.slug == slug or (lesson is not None and game.lesson == lesson.pk)
            if is_played and not _may_look(request.user, game, lesson):
                response = render(request, "games/locked.html", {"code": game.code}, status=403)
                response["Cache-Control"] = "no-store"
                return response
        return None


def _locked_lessons(request: HttpRequest) -> set[int]:
    """The lessons that this visitor's rooms play just now; all are, while nobody can tell."""
    if not (codes := doors(request)):
        return set()
    try:
        games = async_to_sync(_on_now)(codes)
    except (StoreError, OSError):
        return set(Lesson.objects.values_list("pk", flat=True))
    lessons = Lesson.objects.in_bulk([game.lesson for game in games])
    return {g.lesson for g in games if not _may_look(request.user, g, lessons.get(g.lesson))}


class _OnNow(NamedTuple):
    code: str
    host: int
    lesson: int
    slug: str


async def _on_now(codes: list[str]) -> list[_OnNow]:
    """What the rooms of these codes play, as far as they are between lobby and podium."""
    found = []
    async with connected() as store:
        for code in codes:
            room = await store.find_room(code)
            state = await store.read_state(room) if room else None
            if room is None or state is None or state.phase in FREE:
                continue
            if game := await store.read_game(room):
                found.append(_OnNow(code, state.host, game[0].lesson, game[0].slug))
    return found


def _may_look(user: AbstractBaseUser | AnonymousUser, game: _OnNow, lesson: Lesson | None) -> bool:
    """The room's host, and who may edit the lesson anyway."""
    if not isinstance(user, User):
        return False
    is_owner = lesson is not None and lesson.owner_id == user.pk
    return user.pk == game.host or (user.is_staff and (user.is_superuser or is_owner))
