"""The way into a room: the join box and the phone's page."""

from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from games import study_lock
from games.store import StoreError, connected
from lessons.study.learners import learner_to_keep


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "games/landing.html")


@require_POST
def find_room(request: HttpRequest) -> HttpResponse:
    """From the join box to the room of that code."""
    code = "".join(c for c in request.POST.get("code", "") if c.isdecimal() and c.isascii())
    try:
        if len(code) == 6 and async_to_sync(_find)(code, request.META.get("REMOTE_ADDR", "")):
            return redirect("join", code=code)
        error, status = _("There is no room with this code. Look at the screen again."), 404
    except (StoreError, OSError):
        error, status = _("The rooms can't be reached just now. Try again in a moment."), 503
    context = {"error": error, "code": request.POST.get("code", "")[:12]}
    return render(request, "games/landing.html", context, status=status)


@require_safe
def join(request: HttpRequest, code: str) -> HttpResponse:
    try:
        if request.user.is_authenticated:
            # Its cookie tells the room whose answers these will be.
            learner_to_keep(request)
    except (OperationalError, InterfaceError):
        # A game goes on without its database, and so does a phone that reloads.
        request.user = AnonymousUser()
    # Whether there is such a room is said by the socket: a class of phones asks once, not twice.
    response = render(request, "games/join.html", {"door": {"code": code}})
    study_lock.remember_door(request, response, code)
    return response


async def _find(code: str, address: str) -> str | None:
    """The room of that code, for who hasn't guessed too often; a throttled guess looks like any."""
    async with connected() as store:
        if await store.guesses.is_barred(address):
            return None
        room = await store.find_room(code)
        if room is None:
            await store.guesses.count(address)
        return room
