"""Pages around a live room: the door, the host's desk, the projector, finished games."""

import csv
import io
import socket
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import segno
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from pydantic import ValidationError as SchemaError

from games import moves, seats
from games.archive import archive_game, freeze_lesson
from games.forms import OpenRoomForm
from games.models import Game
from games.reports import per_player, per_question, per_team
from games.rules import Phase, Quiz, RoomSettings, next_step
from games.store import State, StoreError, connected
from lessons.models import Lesson

View = Callable[..., HttpResponse]


def needs_redis(view: View) -> View:
    """A page that says so when the rooms can't be reached, and tries again by itself."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (StoreError, OSError):
            return render(request, "games/unreachable.html", status=503)

    return guarded


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "games/landing.html")


@require_POST
def find_room(request: HttpRequest) -> HttpResponse:
    """From the join box to the room of that code."""
    code = "".join(c for c in request.POST.get("code", "") if c.isdecimal() and c.isascii())
    try:
        if len(code) == 6 and async_to_sync(_find)(code):
            return redirect("join", code=code)
        error, status = _("There is no room with this code. Look at the screen again."), 404
    except (StoreError, OSError):
        error, status = _("The rooms can't be reached just now. Try again in a moment."), 503
    context = {"error": error, "code": request.POST.get("code", "")[:12]}
    return render(request, "games/landing.html", context, status=status)


@require_safe
def join(request: HttpRequest, code: str) -> HttpResponse:
    # Whether there is such a room is said by the socket: a class of phones asks once, not twice.
    return render(request, "games/join.html", {"door": {"code": code}})


@login_required
def open_room(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose, or just open, a room on a lesson."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user), slug=slug)
    form = OpenRoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            room = async_to_sync(_open)(freeze_lesson(lesson), form.chosen(), _host(request).pk)
            return redirect("host", room=room)
        except (ValidationError, SchemaError):
            form.add_error(
                None, _("This lesson has no question that can be asked. Add one, then try again.")
            )
        except (StoreError, OSError):
            form.add_error(None, _("Rooms can't be opened just now. Try again in a moment."))
    status = 200 if request.method == "GET" else 422
    context = {"lesson": lesson, "form": form}
    return render(request, "games/open_room.html", context, status=status)


@login_required
@require_safe
@needs_redis
def host(request: HttpRequest, room: str) -> HttpResponse:
    """The host's page, for who opened the room: as often and on as many devices as wanted."""
    state = _state_or_404(room)
    if state.host != request.user.pk:
        raise Http404
    screen = seats.sign(seats.SeatToken(room=room, role="screen"))
    desk = {
        "token": seats.sign(seats.SeatToken(room=room, role="host")),
        "code": state.code,
        "screen_url": reverse("screen", args=[screen]),
        "results_url": reverse("game_of_room", args=[room]),
        "after_result": async_to_sync(_phases_after_result)(room),
        **_way_in(request, state.code),
    }
    return render(request, "games/host.html", {"desk": desk})


@require_safe
@needs_redis
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """The projector's page: whoever has the link sees what the class sees."""
    seat = seats.read(token)
    if seat is None or seat.role != "screen":
        raise Http404
    desk = {"token": token, **_way_in(request, _state_or_404(seat.room).code)}
    return render(request, "games/screen.html", {"desk": desk})


@login_required
@require_safe
def game_list(request: HttpRequest) -> HttpResponse:
    """The host's live rooms and finished games."""
    try:
        live = async_to_sync(_live_rooms_of)(_host(request).pk)
    except (StoreError, OSError):
        live = []
        messages.warning(request, _("Live rooms can't be listed just now."))
    games = Game.objects.filter(host=_host(request)).with_players_count()
    return render(request, "games/game_list.html", {"live": live, "games": games})


@login_required
@require_safe
@needs_redis
def game_of_room(request: HttpRequest, room: str) -> HttpResponse:
    """From the podium to the results, archived now if the worker hasn't yet."""
    game = archive_game(room)
    if game is None:
        messages.info(request, _("This game has no results: no question was closed."))
        return redirect("game_list")
    return redirect("game", pk=game.pk)


@login_required
@require_safe
def game(request: HttpRequest, pk: int) -> HttpResponse:
    """Results per question, per player and per team."""
    found = _own_game(request, pk)
    context = {
        "game": found,
        "questions": per_question.compute(found),
        "players": per_player.compute(found),
        "teams": per_team.compute(found),
    }
    return render(request, "games/game.html", context)


@login_required
@require_GET
def game_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """One row for each player: place, points, and each question's points."""
    found = _own_game(request, pk)
    rounds = range(found.rounds)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["place", "nickname", "team", "points", "right", "answered"]
        + [f"question {n + 1} points" for n in rounds]
        + [f"question {n + 1} seconds" for n in rounds]
    )
    for row in per_player.compute(found):
        table.writerow(
            [row.rank, _inert(row.nickname), row.team, row.points, row.right, row.answered]
            + [row.points_in.get(n, 0) for n in rounds]
            + [row.seconds_in.get(n, "") for n in rounds]
        )
    # The mark makes spreadsheets read it as UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="game-{found.pk}.csv"'
    return response


def _inert(text: str) -> str:
    """A nickname that a spreadsheet doesn't take for a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _own_game(request: HttpRequest, pk: int) -> Game:
    return get_object_or_404(Game, pk=pk, host=_host(request))


def _host(request: HttpRequest) -> User:
    """Whoever is logged in; these pages ask for that first."""
    assert isinstance(request.user, User)
    return request.user


def _state_or_404(room: str) -> State:
    state = async_to_sync(_read_state)(room)
    if state is None:
        raise Http404
    return state


def _way_in(request: HttpRequest, code: str) -> dict[str, str]:
    """The address a phone goes to, and its QR code."""
    path = reverse("join", args=[code])
    public = f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else ""
    url = urlsplit(public or request.build_absolute_uri(path))
    if url.hostname in {"localhost", "127.0.0.1", "::1"} and (address := lan_address()):
        # "localhost" on a phone is the phone.
        url = url._replace(netloc=f"{address}:{url.port}" if url.port else address)
    join_url = urlunsplit(url)
    qr = segno.make_qr(join_url, error="m")
    return {"join_url": join_url, "join_qr": qr.svg_inline(border=2, omitsize=True)}


def lan_address() -> str | None:
    """The address of this machine in its local network; None without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a datagram socket only picks the outgoing interface.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith(("127.", "0.")) else address


async def _find(code: str) -> str | None:
    async with connected() as store:
        return await store.find_room(code)


async def _open(quiz: Quiz, chosen: RoomSettings, host: int) -> str:
    async with connected() as store:
        return await moves.open_room(store, quiz, chosen, host)


async def _read_state(room: str) -> State | None:
    async with connected() as store:
        return await store.read_state(room)


async def _phases_after_result(room: str) -> list[Phase]:
    """What follows each question's result, so that the host's button can say where it leads."""
    async with connected() as store:
        game = await store.read_game(room)
    if game is None:
        return []
    steps = (next_step(Phase.CLOSED, n, *game) for n in range(len(game[0].questions)))
    return [step.phase for step in steps if step is not None]


async def _live_rooms_of(host: int) -> list[dict[str, Any]]:
    async with connected() as store:
        found = []
        for room in await store.live_rooms():
            state = await store.read_state(room)
            if state is None or state.host != host or state.phase is Phase.ENDED:
                continue
            game = await store.read_game(room)
            if game is None:
                continue
            found.append(
                {
                    "url": reverse("host", args=[room]),
                    "code": state.code,
                    "title": game[0].title,
                    "phase": state.phase.value,
                    "players": len(await store.read_seats(room)),
                }
            )
        return found
